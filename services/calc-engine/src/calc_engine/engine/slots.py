"""The payments of an earning: its release shares, cut into their instalments."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import Instalments, ReleaseShare
from premia_plan.quantities import exact_text

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Slot:
    """One payment: a share, or one instalment of it, so many months after the share's moment.

    `ratio` is None for the last one, which takes what is left.
    """

    share: ReleaseShare
    ratio: Fraction | None
    months: int

    @property
    def state(self) -> str | None:
        """The state it counts from; None for the close."""
        return self.share.state

    @property
    def moment(self) -> str:
        """When it is due, in words."""
        base = self.state or "close"
        return f"{base} + {self.months} months" if self.months else base


def slots(shares: Sequence[ReleaseShare]) -> tuple[Slot, ...]:
    """Return the payments of a schedule, in order."""
    named = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
    found: list[Slot] = []
    for share in shares:
        ratio = 1 - named if share.ratio is None else share.ratio
        plan = share.instalments or Instalments(1, "month")
        step = _MONTHS[plan.every]
        found.extend(Slot(share, ratio / plan.count, number * step) for number in range(plan.count))
    return (*found[:-1], Slot(found[-1].share, None, found[-1].months))


def ratio_texts(schedule: Sequence[Slot]) -> list[str]:
    """Return the parts of a schedule as an explanation tells them."""
    return ["rest" if slot.ratio is None else exact_text(slot.ratio) for slot in schedule]
