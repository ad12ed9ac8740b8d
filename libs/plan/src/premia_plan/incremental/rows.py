"""Who is named by which order, and who stands above whom: looked up before and after a change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Protocol

from premia_plan.period import month_of
from premia_plan.relations import Attribute, OrderRow, PayeeRef, Relations, StateReached


class Known(Protocol):
    """What must be known of facts to tell how far a change of some of them reaches.

    Everything is answered for the facts before the change and after it together.
    """

    def named_by(self, orders: Iterable[str]) -> frozenset[str]:
        """Return the payees whom orders, their lines or their other facts name."""
        ...

    def naming(self, payees: Iterable[str]) -> frozenset[str]:
        """Return the orders that name one of some payees."""
        ...

    def above(self, payees: Iterable[str]) -> frozenset[str]:
        """Return who ever stood above some payees, at any level in any hierarchy."""
        ...

    def below(self, payees: Iterable[str]) -> frozenset[str]:
        """Return who ever stood below some payees, at any level in any hierarchy."""
        ...

    def months_of(self, order_id: str) -> frozenset[str]:
        """Return the months of all days that an order, its lines or its other facts tell."""
        ...

    def in_currencies(self, currencies: Iterable[str]) -> frozenset[str]:
        """Return the orders in one of some currencies."""
        ...

    def has_loose_facts(self) -> bool:
        """Say whether there are facts that belong to no order."""
        ...


class RowsAround:
    """Looks facts up among rows that are in memory."""

    def __init__(self, *relations: Relations) -> None:
        self._named: dict[str, set[str]] = defaultdict(set)
        self._naming: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        self._below: dict[str, set[str]] = defaultdict(set)
        self._currencies: dict[str, set[str]] = defaultdict(set)
        self._months: dict[str, set[str]] = defaultdict(set)
        self._has_loose_facts = False
        for rows in relations:
            self._add(rows)

    def _add(self, rows: Relations) -> None:
        for order in rows.orders:
            self._currencies[order.currency].add(order.order_id)
            self._name(order.order_id, _payees_of(order))
            self._months[order.order_id].update(map(month_of, _days_of(order)))
        for fact in rows.facts:
            if fact.order_id is None:
                self._has_loose_facts = True
            else:
                self._name(fact.order_id, fact.payees.values())
                days = (fact.on, *_days_in(fact.attributes), *_state_days(fact.states))
                self._months[fact.order_id].update(map(month_of, days))
        for reversal in rows.reversals:
            self._months[reversal.order_id].add(month_of(reversal.on))
        for edge in rows.edges:
            self._above[edge.payee_id].add(edge.reports_to)
            self._below[edge.reports_to].add(edge.payee_id)

    def _name(self, order_id: str, payees: Iterable[PayeeRef | None]) -> None:
        for payee in payees:
            if payee is not None and payee.payee_id is not None:
                self._named[order_id].add(payee.payee_id)
                self._naming[payee.payee_id].add(order_id)

    def named_by(self, orders: Iterable[str]) -> frozenset[str]:
        """Return the payees whom orders, their lines or their other facts name."""
        return frozenset(payee for order in orders for payee in self._named.get(order, ()))

    def naming(self, payees: Iterable[str]) -> frozenset[str]:
        """Return the orders that name one of some payees."""
        return frozenset(order for payee in payees for order in self._naming.get(payee, ()))

    def above(self, payees: Iterable[str]) -> frozenset[str]:
        """Return who ever stood above some payees, at any level in any hierarchy."""
        return _closed(payees, self._above)

    def below(self, payees: Iterable[str]) -> frozenset[str]:
        """Return who ever stood below some payees, at any level in any hierarchy."""
        return _closed(payees, self._below)

    def months_of(self, order_id: str) -> frozenset[str]:
        """Return the months of all days that an order, its lines or its other facts tell."""
        return frozenset(self._months.get(order_id, ()))

    def in_currencies(self, currencies: Iterable[str]) -> frozenset[str]:
        """Return the orders in one of some currencies."""
        return frozenset(order for each in currencies for order in self._currencies.get(each, ()))

    def has_loose_facts(self) -> bool:
        """Say whether there are facts that belong to no order."""
        return self._has_loose_facts


def _payees_of(order: OrderRow) -> Iterator[PayeeRef | None]:
    yield order.seller
    yield order.partner
    yield from order.payees.values()
    for line in order.lines:
        yield from line.payees.values()


def _days_of(order: OrderRow) -> Iterator[date]:
    yield order.signed_on
    yield from _days_in(order.attributes)
    yield from _state_days(order.states)
    for line in order.lines:
        if line.on is not None:
            yield line.on
        yield from _days_in(line.attributes)
        yield from _state_days(line.states)


def _state_days(states: Iterable[StateReached]) -> Iterator[date]:
    """Give every day on which a state may count: an instant's depends on the plan's time zone."""
    for state in states:
        yield state.on
        if state.at is not None:
            yield from (state.at.date() + timedelta(days=more) for more in (-1, 0, 1))


def _days_in(attributes: Mapping[str, Attribute]) -> Iterator[date]:
    for value in attributes.values():
        if isinstance(value, date):
            yield value
        elif isinstance(value, str):
            with suppress(ValueError):
                yield date.fromisoformat(value)


def _closed(first: Iterable[str], following: Mapping[str, set[str]]) -> frozenset[str]:
    """Return everybody reached from some, they themselves only where the way leads back."""
    found: set[str] = set()
    waiting = list(first)
    while waiting:
        for each in following.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return frozenset(found)
