"""An order as it stood on a day, and the arrivals at states that let a condition hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from premia_plan.checked import FactKind
from premia_plan.language import Formula, Value
from premia_plan.relations import ReversalRow


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


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """The first arrival of an order, or of a fact of its own, at a state."""

    day: date
    state: str
    name: str


def arrivals(condition: Formula, order: Reversible, last_day: date) -> Sequence[Arrival]:
    """Return the arrivals at states that let a condition about states hold.

    An arrival that did is spent: a later one must let it hold without it. So of `cancelled or
    churned` both count, and of `cancelled or (activated and churned)` an activation after the
    cancellation does not.
    """
    found: list[Arrival] = []
    spent: set[str] = set()
    for arrival in sorted(_asked(condition, order)):
        if arrival.day > last_day:
            break
        if condition.evaluate(replace(AsOf.of(order, arrival.day), spent=frozenset(spent))):
            spent.add(arrival.name)
            found.append(arrival)
    return found


def _asked(condition: Formula, order: Reversible) -> Iterator[Arrival]:
    """Give the arrivals at the states that a condition asks for."""
    for state in condition.states:
        day = order.day_reached(state)
        if day is not None:
            yield Arrival(day, state, state)
    for name in condition.names:
        own = own_state(name, order.fact_kind)
        reached = None if own is None else order.own_day(own)
        if own is not None and reached is not None:
            yield Arrival(reached, own, f"{order.fact_kind} {own}")


def own_state(name: str, kind: FactKind) -> str | None:
    """Return the state that a name such as `line reached returned` asks of, if it asks of one."""
    for words in (f"{kind} reached ", f"day of {kind} "):
        if kind != "order" and name.startswith(words):
            return name.removeprefix(words)
    return None


def days_of(found: Sequence[Arrival]) -> Sequence[date]:
    """Return the days of arrivals, each once, in order."""
    return sorted({arrival.day for arrival in found})
