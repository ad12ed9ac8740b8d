"""An order as the calculation sees it: its values, and the day of each state it reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from premia_plan.checked import CheckedPlan
from premia_plan.language import Value
from premia_plan.quantities import NotAQuantity, Unit, exact_text, number
from premia_plan.reference.book import Book
from premia_plan.reference.month import month_of
from premia_plan.reference.reversal import Reversal, find_reversal
from premia_plan.relations import Attribute, OrderRow, PayeeRef, Relations, SourceRef


@dataclass(slots=True)
class OrderFacts:
    """One order under the plan; a scope for formulas about it.

    `last_month` is the month of the latest of `by_day` and the days of its states.
    """

    row: OrderRow
    values: dict[str, Value | None]
    days: dict[str, date]
    sources: dict[str, SourceRef]
    units: Mapping[str, Unit]
    by_day: date
    last_month: str = ""
    reversal: Reversal | None = None
    nodes: dict[str, UUID] = field(default_factory=dict)

    def value(self, name: str) -> Value | None:
        """Return a value of the order or its reversal."""
        return self.values.get(name)

    def day_reached(self, state: str) -> date | None:
        """Return the business day of the first arrival at a state."""
        return self.days.get(state)

    def node(self, name: str, book: Book) -> UUID:
        """Return the leaf of one of the order's values."""
        found = self.nodes.get(name)
        if found is None:
            found = self.nodes[name] = book.node(
                "order",
                self.row.order_id,
                name,
                kind="order_value",
                value=_text(self.values.get(name), book),
                unit=self.units.get(name, Unit.TEXT).value,
                detail={"order_id": self.row.order_id, "name": name},
                source=self.row.source,
            )
        return found

    def state_node(self, state: str, book: Book) -> UUID:
        """Return the leaf of a state the order reached."""
        key = f"state {state}"
        found = self.nodes.get(key)
        if found is None:
            found = self.nodes[key] = book.node(
                "state",
                self.row.order_id,
                state,
                kind="state_reached",
                value=self.days[state].isoformat(),
                unit="date",
                detail={"order_id": self.row.order_id, "state": state},
                source=self.sources[state],
            )
        return found

    def reversal_node(self, reversal: Reversal, book: Book) -> UUID:
        """Return the leaf of what reversed the order."""
        found = self.nodes.get("reversal")
        if found is None:
            found = self.nodes["reversal"] = book.node(
                "reversal",
                self.row.order_id,
                kind="order_reversed",
                value=reversal.day.isoformat(),
                unit="date",
                detail={
                    "order_id": self.row.order_id,
                    "state": reversal.state,
                    "void": reversal.is_void,
                    "imputable_to": self.row.imputable_to,
                    "cause": self.row.cause,
                },
                source=self.sources[reversal.state],
            )
        return found


def read_orders(plan: CheckedPlan, relations: Relations, end: date, book: Book) -> list[OrderFacts]:
    """Return the latest version of each order of the plan, as known before the day `end`."""
    zone = ZoneInfo(plan.time_zone)
    own = {f"order.{name}": unit for name, unit in plan.order_attributes.items()}
    units = {"order.amount": Unit.MONEY, "order.signed_on": Unit.DATE, **own}
    orders = []
    for row in _latest(relations.orders, book):
        facts = _facts(row, plan, units, zone, end)
        by_day = plan.by.evaluate(facts)
        if not isinstance(by_day, date) or by_day >= end:
            continue
        if not plan.valid_from <= by_day < plan.valid_to:
            continue
        _note_unreadable(row, plan, facts, book)
        if plan.covers is not None and not plan.covers.evaluate(facts):
            continue
        if row.currency != plan.currency:
            book.exception(
                "order_currency",
                f"Order {row.order_id} is in {row.currency}, the plan in {plan.currency}",
                "Correct the order's currency, or pay it by a plan in its currency",
                order_id=row.order_id,
                month=month_of(by_day),
                blocks=False,
            )
            continue
        facts.by_day = by_day
        facts.last_month = month_of(max((by_day, *facts.days.values())))
        if plan.storno is not None:
            facts.reversal = find_reversal(plan.storno, facts)
        orders.append(facts)
    return orders


def _note_unreadable(row: OrderRow, plan: CheckedPlan, facts: OrderFacts, book: Book) -> None:
    """Note attributes that are there and not in their declared unit; they count as unknown."""
    for name, unit in plan.order_attributes.items():
        if row.attributes.get(name) is not None and facts.values[f"order.{name}"] is None:
            book.exception(
                "attribute_unreadable",
                f"Order {row.order_id}: {name} is {row.attributes[name]!r}, which is no {unit}",
                "Correct it at its source and send the order again",
                order_id=row.order_id,
                month=month_of(facts.by_day),
                blocks=False,
            )


def _latest(rows: Iterable[OrderRow], book: Book) -> list[OrderRow]:
    latest: dict[str, OrderRow] = {}
    for row in rows:
        previous = latest.get(row.order_id)
        if previous is not None and previous.version == row.version:
            book.exception(
                "order_ambiguous",
                f"Order {row.order_id} has two different contents as version {row.version}",
                "Send the order again as a new version",
                order_id=row.order_id,
            )
        latest[row.order_id] = row
    return list(latest.values())


def _facts(
    row: OrderRow, plan: CheckedPlan, units: Mapping[str, Unit], zone: ZoneInfo, end: date
) -> OrderFacts:
    arrivals: dict[str, tuple[date, str, SourceRef]] = {}
    for reached in row.states:
        day = reached.on if reached.at is None else reached.at.astimezone(zone).date()
        if day >= end:
            continue
        arrival = (day, reached.source.id, reached.source)
        known = arrivals.get(reached.state)
        if known is None or arrival[:2] < known[:2]:
            arrivals[reached.state] = arrival
    values: dict[str, Value | None] = {
        "order.id": row.order_id,
        "order.principal": row.principal,
        "order.signed_on": row.signed_on,
        "order.seller": _reference(row.seller),
        "order.partner": _reference(row.partner),
        "order.category": row.category or None,
        "order.territory": row.territory or None,
        "order.amount": Fraction(row.amount),
        "reversal.imputable_to": row.imputable_to,
        "reversal.cause": row.cause,
    }
    for name, unit in plan.order_attributes.items():
        values[f"order.{name}"] = _attribute(row.attributes.get(name), unit)
    return OrderFacts(
        row,
        values,
        {state: arrival[0] for state, arrival in arrivals.items()},
        {state: arrival[2] for state, arrival in arrivals.items()},
        units,
        row.signed_on,
    )


def _text(value: Value | None, book: Book) -> str:
    """Return a value as text, with the currency's decimals where it has no finer ones."""
    if not isinstance(value, Fraction):
        return value.isoformat() if isinstance(value, date) else str(value)
    units, finer = divmod(value.numerator * 10**book.places, value.denominator)
    return exact_text(value) if finer else book.money(units)


def _reference(payee: PayeeRef | None) -> str | None:
    if payee is None:
        return None
    return payee.payee_id if payee.payee_id is not None else f"{payee.system}/{payee.code}"


def _attribute(value: Attribute | None, unit: Unit) -> Value | None:
    """Return an attribute in its declared unit; what does not fit it is unknown."""
    if unit is Unit.TEXT:
        return None if value is None else str(value)
    if isinstance(value, Decimal):
        return Fraction(value)
    if isinstance(value, str):
        try:
            return number(value)
        except NotAQuantity:
            return None
    return None
