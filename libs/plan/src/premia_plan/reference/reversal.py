"""When an order, or a part of it, is reversed, and when it is restored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from premia_plan.checked import Storno
from premia_plan.language import Formula, Value
from premia_plan.period import month_of, next_period
from premia_plan.relations import ReversalRow, SourceRef

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Reversal:
    """A reversal of an order: its day, what caused it and how much of the order it concerns.

    `state` is the state that caused it, "" for one that was recorded with its own size. A void
    one takes nothing; an undecided one takes nothing yet. `restored_on` is the day from which
    the order counts again.
    """

    day: date
    state: str
    is_void: bool
    month: str
    imputable_to: str | None = None
    cause: str | None = None
    part: Fraction = WHOLE
    is_undecided: bool = False
    restored_on: date | None = None
    reversal_id: str = ""
    source: SourceRef | None = None

    @property
    def key(self) -> str:
        """What tells it from the order's other reversals; "" for the one by states."""
        return self.reversal_id

    @property
    def takes_effect(self) -> bool:
        """Say whether it reverses anything."""
        return not self.is_void and not self.is_undecided

    def counts_in(self, month: str) -> bool:
        """Say whether the order's part is gone at the end of a month."""
        restored = self.restored_on is not None and month_of(self.restored_on) <= month
        return self.takes_effect and self.month <= month and not restored

    @property
    def months(self) -> frozenset[str]:
        """The months in which what counts of the order changes."""
        if not self.takes_effect:
            return frozenset()
        restored = () if self.restored_on is None else (month_of(self.restored_on),)
        return frozenset((self.month, *restored))


def part_left(reversals: Iterable[Reversal], month: str) -> Fraction:
    """Return the part of an order that still counts at the end of a month."""
    gone = sum((item.part for item in reversals if item.counts_in(month)), Fraction(0))
    return WHOLE - min(WHOLE, gone)


class Reversible(Protocol):
    """What is asked of an order to know whether it was reversed."""

    days: dict[str, date]

    @property
    def pay_rate(self) -> Fraction:
        """How much of the plan's currency a unit of the order's own counts for."""

    def value(self, name: str) -> Value | None:
        """Return a value of the order or its reversal."""

    def day_reached(self, state: str) -> date | None:
        """Return the day of the first arrival at a state."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """An order as it stood at the end of a day, with the reversal of that day."""

    order: Reversible
    day: date
    imputable_to: str | None
    cause: str | None

    @classmethod
    def of(cls, order: Reversible, day: date, row: ReversalRow | None = None) -> "AsOf":
        """Return it with what a recorded reversal says of itself, else with what the order says."""
        if row is not None:
            return cls(order, day, row.imputable_to, row.cause)
        who, why = order.value("reversal.imputable_to"), order.value("reversal.cause")
        return cls(
            order, day, who if isinstance(who, str) else None, why if isinstance(why, str) else None
        )

    def value(self, name: str) -> Value | None:
        """Return a value of the order, or of the reversal."""
        match name:
            case "reversal.day":
                return self.day
            case "reversal.imputable_to":
                return self.imputable_to
            case "reversal.cause":
                return self.cause
        return self.order.value(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day of a state that was reached by then."""
        reached = self.order.day_reached(state)
        return reached if reached is not None and reached <= self.day else None


def find_reversals(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> tuple[Reversal, ...]:
    """Return the reversals inside the storno's window, earliest first.

    By states there is one, on the first day on which the condition holds; after a reinstatement
    there is none by the same states, since only the first arrival at a state counts. Each
    recorded reversal is one besides. What is recorded after a day is not looked at.
    """
    found = [_recorded(storno, order, row, last_day) for row in rows if row.on <= last_day]
    found.append(_by_state(storno, order, last_day))
    inside = sorted(
        (item for item in found if item is not None),
        key=lambda item: (item.day, item.reversal_id, item.state),
    )
    return tuple(_restored(storno, order, item, last_day) for item in inside)


def _by_state(storno: Storno, order: Reversible, last_day: date) -> Reversal | None:
    day = _first_day(storno.when, order, last_day)
    if day is None or not _is_inside(storno, order, day):
        return None
    states = storno.when.states
    state = min(name for name, reached in order.days.items() if reached == day and name in states)
    made = _reversal(storno, AsOf.of(order, day), last_day)
    return replace(made, state=state)


def _first_day(
    condition: Formula, order: Reversible, last_day: date, after: date | None = None
) -> date | None:
    """Return the first day on which a condition about states holds."""
    days = {day for state, day in order.days.items() if state in condition.states}
    for day in sorted(days):
        is_between = day <= last_day and (after is None or day >= after)
        if is_between and condition.evaluate(AsOf.of(order, day)):
            return day
    return None


def _recorded(
    storno: Storno, order: Reversible, row: ReversalRow, last_day: date
) -> Reversal | None:
    if not _is_inside(storno, order, row.on):
        return None
    made = _reversal(storno, AsOf.of(order, row.on, row), last_day)
    part = _part(row, order)
    return replace(made, part=part, reversal_id=row.reversal_id, source=row.source)


def _part(row: ReversalRow, order: Reversible) -> Fraction:
    """Return the part of the order that a recorded reversal concerns, all at most."""
    whole = order.value("order.amount")
    part = WHOLE
    if row.share is not None:
        part = Fraction(row.share)
    elif row.amount is not None and isinstance(whole, Fraction) and whole != 0:
        part = Fraction(row.amount) * order.pay_rate / whole
    return max(Fraction(0), min(WHOLE, part))


def _reversal(storno: Storno, then: AsOf, last_day: date) -> Reversal:
    month = month_of(then.day)
    if storno.lands_after:
        month = next_period(month, storno.lands_after)
    now = replace(then, day=last_day)  # what is undecided may be settled later
    is_void = storno.void_when is not None and bool(storno.void_when.evaluate(then))
    open_ = storno.undecided_when is not None and bool(storno.undecided_when.evaluate(now))
    return Reversal(
        then.day,
        "",
        is_void,
        month,
        then.imputable_to,
        then.cause,
        is_undecided=open_ and not is_void,
    )


def _restored(storno: Storno, order: Reversible, item: Reversal, last_day: date) -> Reversal:
    if storno.reinstated_when is None or not item.takes_effect:
        return item
    day = _first_day(storno.reinstated_when, order, last_day, after=item.day)
    return item if day is None else replace(item, restored_on=day)


def _is_inside(storno: Storno, order: Reversible, day: date) -> bool:
    """Say whether a day is in the window; one that was not entered yet is.

    The window counts from a reinstatement before the day where the plan restarts it.
    """
    if storno.days is None or storno.after is None:
        return True
    entered = order.day_reached(storno.after)
    if storno.window_restarts and storno.reinstated_when is not None:
        restarted = _first_day(storno.reinstated_when, order, day)
        entered = restarted or entered
    return entered is None or (day - entered).days <= storno.days
