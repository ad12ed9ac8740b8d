"""Orders read: the latest version of each, under the plan and as known on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from premia_plan.checked import CheckedPlan
from premia_plan.language import Value
from premia_plan.period import month_of
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value
from premia_plan.reference.book import Book
from premia_plan.reference.exchange import ExchangeRates
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.reversal import find_reversals
from premia_plan.reference.states import arrivals, note_states
from premia_plan.relations import OrderRow, PayeeRef, Relations, ReversalRow


def read_orders(
    plan: CheckedPlan, relations: Relations, end: date, rates: Rates, book: Book
) -> list[OrderFacts]:
    """Return the latest version of each order of the plan, as known before the day `end`."""
    zone = ZoneInfo(plan.time_zone)
    own = {f"order.{name}": unit for name, unit in plan.order_attributes.items()}
    units = {"order.amount": Unit.MONEY, "order.signed_on": Unit.DATE, **own}
    reversals: dict[str, list[ReversalRow]] = defaultdict(list)
    for recorded_row in relations.reversals:
        if recorded_row.kind == "order":
            reversals[recorded_row.order_id].append(recorded_row)
    orders = []
    exchange = ExchangeRates(plan, relations, book)
    model = next((item for item in plan.state_models if item.of == "order"), None)
    for row in _latest(relations.orders, book):
        facts = OrderFacts(
            row,
            _values(row, plan),
            *arrivals(row.states, model, zone, end),
            units,
            row.signed_on,
            book,
            rates,
        )
        by_day = plan.by.evaluate(facts)
        if not isinstance(by_day, date) or by_day >= end:
            continue
        if not _first_day(plan) <= by_day < plan.valid_to:
            continue
        facts.is_carried = by_day < plan.valid_from
        _note_unreadable(row, plan, facts, book)
        if plan.covers is not None and not plan.covers.evaluate(facts):
            continue
        if row.currency != plan.currency:
            conversion = exchange.conversion(row, facts, month_of(by_day))
            if conversion is None:
                continue
            facts.convert(conversion)
        facts.by_day = by_day
        note_states(facts, model, row.states, zone=zone, end=end, book=book)
        if plan.storno is not None:
            last_day = end - timedelta(days=1)
            recorded = reversals.get(row.order_id, ())
            facts.reversals = find_reversals(plan.storno, facts, recorded, last_day)
        landings = [month for item in facts.reversals for month in (item.month, *item.months)]
        facts.last_month = max((month_of(max((by_day, *facts.days.values()))), *landings))
        orders.append(facts)
    return orders


def _first_day(plan: CheckedPlan) -> date:
    """Return from which day on orders count: for measures, those of the version before may too."""
    change = plan.change
    if change is None or not any(map(change.carries, change.measures)):
        return plan.valid_from
    return change.starts


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


def _values(row: OrderRow, plan: CheckedPlan) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {
        "order.id": row.order_id,
        "order.principal": row.principal,
        "order.signed_on": row.signed_on,
        "order.seller": reference_text(row.seller),
        "order.partner": reference_text(row.partner),
        "order.category": row.category or None,
        "order.territory": row.territory or None,
        "order.amount": Fraction(row.amount),
        "reversal.imputable_to": row.imputable_to,
        "reversal.cause": row.cause,
    }
    for role in plan.order_roles:
        values[f"order.{role}"] = reference_text(row.payees.get(role))
    for name, unit in plan.order_attributes.items():
        values[f"order.{name}"] = attribute_value(row.attributes.get(name), unit)
    return values


def reference_text(payee: PayeeRef | None) -> str | None:
    """Return a payee as formulas see one: our id, or the source's own code."""
    if payee is None:
        return None
    return payee.payee_id if payee.payee_id is not None else f"{payee.system}/{payee.code}"
