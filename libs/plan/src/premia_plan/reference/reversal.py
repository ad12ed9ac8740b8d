"""When an order, or a part of it, is reversed, and when it is restored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from premia_plan.checked import Storno
from premia_plan.language import FactMissing
from premia_plan.language.dates import add_days, add_months
from premia_plan.period import (
    enclosing,
    end_day,
    first_day,
    last_month,
    month_of,
    next_period,
)
from premia_plan.reference.arrivals import AsOf, Reversible, arrivals, days_of
from premia_plan.relations import ReversalRow, SourceRef

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Reversal:
    """A reversal of an order: its day, what caused it and how much of the order it concerns.

    `state` is the state that caused it, "" for one that was recorded with its own size. A void
    one takes nothing; an undecided one takes nothing yet. `restored_on` is the day from which
    the order counts again. By states there may be several, one after the other: `number` counts
    them from 1. `components` are those whose pay it is about: what its rule names, without what a
    rule before that took the same recorded reversal. `decided_in` is the later month that
    settled one that was undecided at the end of its own.
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
    components: frozenset[str] = frozenset()
    decided_in: str = ""

    @property
    def key(self) -> str:
        """What tells it from the order's other reversals.

        It is "" for the first one by states of a rule without a name.
        """
        own = self.reversal_id if self.reversal_id or self.number == 1 else f"state {self.number}"
        name = "" if self.rule is None else self.rule.name
        return f"{name} {own}".strip()

    @property
    def effective_on(self) -> date:
        """The day from which it takes something: its own, or in the month that settled it."""
        return max(self.day, first_day(self.decided_in)) if self.decided_in else self.day

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
        return self.effective_on <= day and (self.restored_on is None or self.restored_on > day)

    def then(self, day: date) -> "Reversal":
        """Return it as it was known at the end of a day."""
        open_ = self.is_undecided or self.decided_in > month_of(day)
        restored = None if self.restored_on is None or self.restored_on > day else self.restored_on
        return replace(self, restored_on=restored, is_undecided=open_)

    @property
    def months(self) -> frozenset[str]:
        """The months in which what counts of the order changes."""
        if not self.takes_effect:
            return frozenset()
        restored = () if self.restored_on is None else (month_of(self.restored_on),)
        return frozenset((self.month, *restored))


def about(reversals: Iterable[Reversal], component: str) -> Iterator[Reversal]:
    """Give the reversals that are about a component's pay; all where it is ""."""
    return (item for item in reversals if not component or component in item.components)


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


def find_reversals(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> tuple[Reversal, ...]:
    """Return the reversals of an order inside their rule's window, earliest first.

    By states one of a rule is in force at a time: the first arrival at a state that lets its
    condition hold. After a reinstatement the next such arrival, on a later day, reverses the order
    again. One that is void stands in the way of none. Each recorded reversal is one besides: of
    several rules that take it and name a component, the first one decides about that component.
    What is recorded after a day is not looked at.
    """
    found: list[Reversal] = []
    decided: dict[str, frozenset[str]] = {}
    for rule in storno.rules:
        if rule.of != order.fact_kind:
            continue
        for item in _by_rule(rule, order, rows, last_day):
            known = decided.get(item.reversal_id, frozenset()) if item.reversal_id else frozenset()
            components = frozenset(rule.effect) - known
            decided[item.reversal_id] = known | components
            if components:
                found.append(replace(item, components=components))
    return tuple(sorted(found, key=lambda item: (item.day, item.key, item.state)))


def _by_rule(
    storno: Storno, order: Reversible, rows: Sequence[ReversalRow], last_day: date
) -> Iterator[Reversal]:
    reinstated = storno.reinstated_when
    restoring = () if reinstated is None else days_of(arrivals(reinstated, order, last_day))
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
    arrived = arrivals(storno.when, order, last_day)
    for day in days_of(arrived):
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
    event, landing = month_of(then.day), _landing_month(storno, then.day)
    is_void = storno.void_when is not None and bool(storno.void_when.evaluate(then))
    decided = event if is_void else _decided_in(storno, then, month_of(last_day))
    return Reversal(
        then.day,
        "",
        is_void,
        max(landing, decided or landing),
        then.imputable_to,
        then.cause,
        is_undecided=decided is None,
        rule=storno,
        decided_in=decided if decided is not None and decided > event else "",
    )


def _decided_in(storno: Storno, then: AsOf, last: str) -> str | None:
    """Return the first month from that of the event on that ends with it decided, up to a last.

    None while there is none. What is settled later is taken later, and changes no month before.
    """
    asked, month = storno.undecided_when, month_of(then.day)
    while month <= last:
        end = end_day(month) - timedelta(days=1)
        if asked is None or not asked.evaluate(replace(then, day=end)):
            return month
        month = next_period(month)
    return None


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
    """Return it with the day that restored the order; what was reversed in part stays so."""
    days = (day for day in restoring if day >= item.day)
    day = next(days, None) if item.takes_effect and item.part == WHOLE else None
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
