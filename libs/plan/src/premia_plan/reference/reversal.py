"""When an order, or a part of it, is reversed, and when it is restored."""

from collections.abc import Iterable, Iterator, Sequence
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
    the order counts again. By states there may be several, one after the other: `number` counts
    them from 1.
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
    number: int = 1

    @property
    def key(self) -> str:
        """What tells it from the order's other reversals; "" for the first one by states."""
        if self.reversal_id or self.number == 1:
            return self.reversal_id
        return f"state {self.number}"

    @property
    def takes_effect(self) -> bool:
        """Say whether it reverses anything."""
        return not self.is_void and not self.is_undecided

    def counts_in(self, month: str) -> bool:
        """Say whether the order's part is gone at the end of a month."""
        restored = self.restored_on is not None and month_of(self.restored_on) <= month
        return self.takes_effect and self.month <= month and not restored

    def is_on(self, day: date) -> bool:
        """Say whether it came by a day on which the order was not restored yet."""
        return self.day <= day and (self.restored_on is None or self.restored_on > day)

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


def nothing_left(reversals: Iterable[Reversal], day: date) -> bool:
    """Say whether reversals up to a day leave nothing of an order on it."""
    return sum(item.part for item in reversals if item.takes_effect and item.is_on(day)) >= WHOLE


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
    """An order as it stood at the end of a day, with the reversal of that day.

    The states in `spent` are as if they had not been reached.
    """

    order: Reversible
    day: date
    imputable_to: str | None
    cause: str | None
    spent: frozenset[str] = frozenset()

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
        if state in self.spent:
            return None
        reached = self.order.day_reached(state)
        return reached if reached is not None and reached <= self.day else None


def find_reversals(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> tuple[Reversal, ...]:
    """Return the reversals inside the storno's window, earliest first.

    By states one is in force at a time: the first arrival at a state that lets the condition hold.
    After a reinstatement the next such arrival, on a later day, reverses the order again. One that
    is void stands in the way of none. Each recorded reversal is one besides. What is recorded
    after a day is not looked at.
    """
    restoring = (
        () if storno.reinstated_when is None else _arrivals(storno.reinstated_when, order, last_day)
    )
    found = [
        _restored(item, restoring)
        for row in rows
        if row.on <= last_day
        and (item := _recorded(storno, order, row, last_day, restoring)) is not None
    ]
    found += _by_states(storno, order, last_day, restoring)
    return tuple(sorted(found, key=lambda item: (item.day, item.key, item.state)))


def _by_states(
    storno: Storno, order: Reversible, last_day: date, restoring: Sequence[date]
) -> Iterator[Reversal]:
    """Give the reversals by states, each with the day on which the order was restored."""
    free_from: date | None = None
    number = 1
    for day in _arrivals(storno.when, order, last_day):
        is_free = free_from is None or day > free_from
        if not is_free or not _is_inside(storno, order, day, restoring):
            continue
        states = storno.when.states
        state = min(
            name for name, reached in order.days.items() if reached == day and name in states
        )
        made = _reversal(storno, AsOf.of(order, day), last_day)
        item = _restored(replace(made, state=state, number=number), restoring)
        yield item
        number += 1
        if not item.is_void:
            if item.restored_on is None:
                return
            free_from = item.restored_on


def _arrivals(condition: Formula, order: Reversible, last_day: date) -> Sequence[date]:
    """Return the days on which the arrival at a state lets a condition about states hold.

    An arrival that did is spent: a later one must let it hold without it. So of `cancelled or
    churned` both count, and of `cancelled or (activated and churned)` an activation after the
    cancellation does not.
    """
    reached = sorted((day, state) for state, day in order.days.items() if state in condition.states)
    found: list[date] = []
    spent: set[str] = set()
    for day, state in reached:
        if day > last_day:
            break
        if condition.evaluate(replace(AsOf.of(order, day), spent=frozenset(spent))):
            spent.add(state)
            if found[-1:] != [day]:
                found.append(day)
    return found


def _recorded(
    storno: Storno,
    order: Reversible,
    row: ReversalRow,
    last_day: date,
    restoring: Sequence[date],
) -> Reversal | None:
    if not _is_inside(storno, order, row.on, restoring):
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


def _restored(item: Reversal, restoring: Sequence[date]) -> Reversal:
    days = (day for day in restoring if day >= item.day)
    day = next(days, None) if item.takes_effect else None
    return item if day is None else replace(item, restored_on=day)


def _is_inside(storno: Storno, order: Reversible, day: date, restoring: Sequence[date]) -> bool:
    """Say whether a day is in the window; one that was not entered yet is.

    Where the plan restarts it, it counts from the last reinstatement after that and before the day.
    """
    if storno.days is None or storno.after is None:
        return True
    entered = order.day_reached(storno.after)
    if entered is None:
        return True
    if storno.window_restarts:
        entered = max(entered, *(each for each in restoring if each <= day), entered)
    return (day - entered).days <= storno.days
