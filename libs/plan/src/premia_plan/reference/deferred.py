"""What a cap cuts off a contract year's pay, and defers into the next year of the same share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from premia_plan.checked import CreditComponent, LimitStep
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure


class DeferredPay:
    """The surplus of one component's credits, by credit and the month they are counted in.

    `work_out` works a credit's pay out as of a month, and so what it defers.
    """

    def __init__(
        self,
        component: CreditComponent,
        credits: Sequence[Credit],
        work_out: Callable[[Credit, str], Figure],
    ) -> None:
        is_deferred = any(
            isinstance(step, LimitStep) and step.surplus == "deferred" for step in component.steps
        )
        self._work_out = work_out
        self._before = _years_before(credits) if is_deferred else {}
        self._followed = frozenset(credit.credit_id for credit in self._before.values())
        self._surplus: dict[tuple[str, str], Figure] = {}

    def carry(self, credit: Credit, as_of: str) -> "YearCarry":
        """Return what brings a credit the surplus of the year before, and takes its own."""
        return YearCarry(self, credit, as_of)

    def brought(self, credit: Credit, as_of: str) -> Figure | None:
        """Return what the contract year before a credit's defers to it, if it does.

        Raises:
            NotCalculated: if that year's pay cannot be worked out.
        """
        before = self._before.get(credit.credit_id)
        if before is None or not before.standing.is_paid:
            return None
        self._work_out(before, as_of)
        return self._surplus.get((before.credit_id, as_of))

    def left(self, credit: Credit, as_of: str) -> Figure | None:
        """Return what was cut off a credit that no contract year follows, if there is something.

        Its pay must have been worked out as of the same month before.
        """
        if credit.credit_id in self._followed:
            return None
        return self._surplus.get((credit.credit_id, as_of))

    def leave(self, credit: Credit, as_of: str, surplus: Figure) -> None:
        """Keep what a credit's cap cut off."""
        self._surplus[credit.credit_id, as_of] = surplus


@dataclass(frozen=True, slots=True)
class YearCarry:
    """What one credit's cap brings from the contract year before, and leaves for the next."""

    pay: DeferredPay
    credit: Credit
    as_of: str

    def brought(self, own: Figure) -> Figure | None:  # noqa: ARG002 - whatever the year gives
        """Return what was deferred here.

        Raises:
            NotCalculated: if the year it comes from cannot be worked out.
        """
        return self.pay.brought(self.credit, self.as_of)

    def leaves(self, surplus: Figure) -> None:
        """Take what the cap cut off."""
        self.pay.leave(self.credit, self.as_of, surplus)


def _years_before(credits: Sequence[Credit]) -> Mapping[str, Credit]:
    """Return each credit's of the contract year before, for the same share of the same deal."""
    by_id = {credit.credit_id: credit for credit in credits}
    found = {}
    for credit in credits:
        head, _, year = credit.credit_id.rpartition("@")
        before = by_id.get(f"{head}@{int(year) - 1}") if head and year.isdigit() else None
        if before is not None:
            found[credit.credit_id] = before
    return found
