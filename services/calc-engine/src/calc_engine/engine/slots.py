"""The payments of an earning: its release shares, cut into their instalments."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import (
    AtClose,
    AtState,
    Instalments,
    Later,
    Moment,
    OnDay,
    ReleaseShare,
)
from premia_plan.language import Formula
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
        """The state it counts from; None if it counts from none."""
        return base_state(self.share.at)

    @property
    def is_plain(self) -> bool:
        """Say whether it is due at a state or a close, at once, whatever else holds."""
        return is_at_once(self.share.at, self.months) and self.share.proviso is None

    @property
    def is_open(self) -> bool:
        """Say whether it can still be paid, or stay held, after its state was reached."""
        proviso = self.share.proviso
        is_held = proviso is not None and proviso.otherwise == "held"
        return is_held or not is_at_once(self.share.at, self.months)

    @property
    def formula(self) -> Formula | None:
        """The formula that its day is worked out by, if there is one."""
        match self.share.at:
            case Later(number):
                return number
            case OnDay(day):
                return day
        return None

    @property
    def moment(self) -> str:
        """When it is due, in words."""
        # Loads the reference engine, which a calculation without lineage does not need.
        from premia_plan.reference.schedule import moment_words  # noqa: PLC0415

        return moment_words(self.share.at, self.months)


def is_at_once(at: Moment, months: int) -> bool:
    """Say whether a payment is due at a state or a close, and no time after it.

    >>> is_at_once(AtState("activated"), 0), is_at_once(AtClose(), 1)
    (True, False)
    """
    return not months and isinstance(at, (AtState, AtClose))


def base_state(at: Moment) -> str | None:
    """Return the state that a moment counts from, if it counts from one."""
    base = at.after if isinstance(at, Later) else at
    return base.state if isinstance(base, AtState) else None


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


def is_late(shares: Sequence[ReleaseShare]) -> bool:
    """Say whether something of a period's pay can come due after its close."""
    return any(not slot.is_plain for slot in slots(shares))
