"""When an order, or a part of it, is reversed, and when it is restored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from premia_plan.checked import FactKind, Storno
from premia_plan.language import FactMissing, Formula, Value
from premia_plan.language.dates import add_days, add_months
from premia_plan.period import enclosing, last_month, month_of, next_period
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
    rule: Storno | None = None

    @property
    def key(self) -> str:
        """What tells it from the order's other reversals.

        It is "" for the first one by states of a rule without a name.
        """
        own = self.reversal_id if self.reversal_id or self.number == 1 else f"state {self.number}"
        name = "" if self.rule is None else self.rule.name
        return f"{name} {own}".strip()

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
    return _left(item for item in reversals if item.counts_in(month))


def nothing_left(reversals: Iterable[Reversal], day: date) -> bool:
    """Say whether reversals up to a day leave nothing of an order on it."""
    return _left(item for item in reversals if item.takes_effect and item.is_on(day)) == 0


def _left(reversals: Iterable[Reversal]) -> Fraction:
    """Return what reversals leave; one that is under several rules counts once."""
    gone = {item.reversal_id: item.part for item in reversals}
    return WHOLE - min(WHOLE, sum(gone.values(), Fraction(0)))


class Reversible(Protocol):
    """What is asked of an order to know whether it was reversed."""

    @property
    def fact_kind(self) -> FactKind:
        """What kind of fact it is."""

    @property
    def prefix(self) -> str:
        """How the names of values of its own start."""

    def own_day(self, state: str) -> date | None:
        """Return the day on which a fact other than an order reached a state of its own."""

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
        state = own_state(name, self.order.fact_kind)
        return self.order.value(name) if state is None else self._own(name, state)

    def _own(self, name: str, state: str) -> Value | None:
        """Return whether, or when, a fact had reached a state of its own by then."""
        day = self.order.own_day(state)
        is_spent = f"{self.order.fact_kind} {state}" in self.spent
        reached = day is not None and day <= self.day and not is_spent
        if name.startswith("day of "):
            return day if reached else None
        return reached

    def day_reached(self, state: str) -> date | None:
        """Return the day of a state that was reached by then."""
        if state in self.spent:
            return None
        reached = self.order.day_reached(state)
        return reached if reached is not None and reached <= self.day else None


def find_reversals(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> tuple[Reversal, ...]:
    """Return the reversals of an order inside their rule's window, earliest first.

    By states one of a rule is in force at a time: the first arrival at a state that lets its
    condition hold. After a reinstatement the next such arrival, on a later day, reverses the order
    again. One that is void stands in the way of none. Each recorded reversal is one besides. What
    is recorded after a day is not looked at.
    """
    found = [
        item
        for rule in storno.rules
        if rule.of == order.fact_kind
        for item in _by_rule(rule, order, rows, last_day)
    ]
    return tuple(sorted(found, key=lambda item: (item.day, item.key, item.state)))


def _by_rule(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> Iterator[Reversal]:
    reinstated = storno.reinstated_when
    restoring = () if reinstated is None else _days(_arrivals(reinstated, order, last_day))
    for row in rows:
        if row.on <= last_day:
            item = _recorded(storno, order, row, last_day, restoring)
            if item is not None:
                yield _restored(item, restoring)
    yield from _by_states(storno, order, last_day, restoring)


def _by_states(
    storno: Storno, order: Reversible, last_day: date, restoring: Sequence[date]
) -> Iterator[Reversal]:
    """Give the reversals by states, each with the day on which the order was restored."""
    free_from: date | None = None
    number = 1
    arrived = _arrivals(storno.when, order, last_day)
    for day in _days(arrived):
        is_free = free_from is None or day > free_from
        if not is_free or not _is_inside(storno, order, day, restoring):
            continue
        state = min(arrival.state for arrival in arrived if arrival.day == day)
        made = _reversal(storno, AsOf.of(order, day), last_day)
        item = _restored(replace(made, state=state, number=number), restoring)
        yield item
        number += 1
        if not item.is_void:
            if item.restored_on is None:
                return
            free_from = item.restored_on


@dataclass(frozen=True, slots=True, order=True)
class _Arrival:
    """The first arrival of an order, or of a fact of its own, at a state."""

    day: date
    state: str
    name: str


def _arrivals(condition: Formula, order: Reversible, last_day: date) -> Sequence[_Arrival]:
    """Return the arrivals at states that let a condition about states hold.

    An arrival that did is spent: a later one must let it hold without it. So of `cancelled or
    churned` both count, and of `cancelled or (activated and churned)` an activation after the
    cancellation does not.
    """
    found: list[_Arrival] = []
    spent: set[str] = set()
    for arrival in sorted(_asked(condition, order)):
        if arrival.day > last_day:
            break
        if condition.evaluate(replace(AsOf.of(order, arrival.day), spent=frozenset(spent))):
            spent.add(arrival.name)
            found.append(arrival)
    return found


def _asked(condition: Formula, order: Reversible) -> Iterator[_Arrival]:
    """Give the arrivals at the states that a condition asks for."""
    for state in condition.states:
        day = order.day_reached(state)
        if day is not None:
            yield _Arrival(day, state, state)
    for name in condition.names:
        state = own_state(name, order.fact_kind)
        reached = None if state is None else order.own_day(state)
        if state is not None and reached is not None:
            yield _Arrival(reached, state, f"{order.fact_kind} {state}")


def own_state(name: str, kind: FactKind) -> str | None:
    """Return the state that a name such as `line reached returned` asks of, if it asks of one."""
    for words in (f"{kind} reached ", f"day of {kind} "):
        if kind != "order" and name.startswith(words):
            return name.removeprefix(words)
    return None


def _days(arrivals: Sequence[_Arrival]) -> Sequence[date]:
    return sorted({arrival.day for arrival in arrivals})


def _recorded(
    storno: Storno,
    order: Reversible,
    row: ReversalRow,
    last_day: date,
    restoring: Sequence[date],
) -> Reversal | None:
    if not _is_inside(storno, order, row.on, restoring):
        return None
    then = AsOf.of(order, row.on, row)
    if storno.recorded_when is not None and not storno.recorded_when.evaluate(then):
        return None
    made = _reversal(storno, then, last_day)
    part = _part(row, order)
    return replace(made, part=part, reversal_id=row.reversal_id, source=row.source)


def _part(row: ReversalRow, order: Reversible) -> Fraction:
    """Return the part of the order that a recorded reversal concerns, all at most."""
    whole = order.value(f"{order.prefix}amount")
    part = WHOLE
    if row.share is not None:
        part = Fraction(row.share)
    elif row.amount is not None and isinstance(whole, Fraction) and whole != 0:
        part = Fraction(row.amount) * order.pay_rate / whole
    return max(Fraction(0), min(WHOLE, part))


def _reversal(storno: Storno, then: AsOf, last_day: date) -> Reversal:
    month = _landing_month(storno, then.day)
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
        rule=storno,
    )


def _landing_month(storno: Storno, day: date) -> str:
    """Return the month in which a reversal of a day lands."""
    month, landing = month_of(day), storno.landing
    if landing is None:
        return next_period(month, storno.lands_after) if storno.lands_after else month
    if landing.days:
        return month_of(day + timedelta(days=landing.days))
    if landing.up_to is not None:
        return month if day.day <= landing.up_to else next_period(month)
    return last_month(enclosing(month, landing.close_of))


def _restored(item: Reversal, restoring: Sequence[date]) -> Reversal:
    days = (day for day in restoring if day >= item.day)
    day = next(days, None) if item.takes_effect else None
    return item if day is None else replace(item, restored_on=day)


def _is_inside(storno: Storno, order: Reversible, day: date, restoring: Sequence[date]) -> bool:
    """Say whether a day is in the window; one that was not entered yet is.

    Where the plan restarts it, it counts from the last reinstatement after that and before the day.
    """
    after = storno.after if storno.window is None else storno.window.after
    entered = None if after is None else order.own_day(after) or order.day_reached(after)
    if entered is None:
        return True
    if storno.window_restarts:
        entered = max(entered, *(each for each in restoring if each <= day), entered)
    return day <= _last_inside(storno, order, entered)


def _last_inside(storno: Storno, order: Reversible, entered: date) -> date:
    """Return the last day of a window; one whose length is unknown does not end."""
    if storno.window is None:
        return entered + timedelta(days=storno.days or 0)
    try:
        length = storno.window.length.evaluate(order)
    except FactMissing:
        length = None
    if not isinstance(length, Fraction):
        return date.max
    add = add_days if storno.window.unit == "days" else add_months
    return add(entered, length)
