"""Orders arranged: the last version of each, numbered, with when they reached their states."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from calc_engine.engine import layout
from calc_engine.engine.columns import ExactColumn, table_of
from calc_engine.engine.layout import NOBODY, Scale, attribute_column
from calc_engine.engine.numbered import Arrival
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value
from premia_plan.relations import OrderRow, PayeeRef
from premia_plan.results import Exception_

PLAIN_TYPES: Mapping[Unit, pa.DataType] = {
    Unit.TEXT: pa.string(),
    Unit.DATE: pa.date32(),
    Unit.BOOL: pa.bool_(),
}
"""The columns of attributes that are no numbers."""


def latest_orders(rows: Iterable[OrderRow], exceptions: list[Exception_]) -> tuple[OrderRow, ...]:
    """Return the last version of each order; two contents of one version are an exception."""
    latest: dict[str, OrderRow] = {}
    for row in rows:
        previous = latest.get(row.order_id)
        if previous is not None and previous.version == row.version:
            exceptions.append(
                Exception_(
                    "order_ambiguous",
                    f"Order {row.order_id} has two different contents as version {row.version}",
                    "Send the order again as a new version",
                    None,
                    row.order_id,
                    None,
                    blocks=True,
                )
            )
        latest[row.order_id] = row
    return tuple(sorted(latest.values(), key=lambda row: f"{row.order_id}/"))


def arrivals_of(order: OrderRow, zone: ZoneInfo) -> Mapping[str, Arrival]:
    """Return when an order first reached each state."""
    found: dict[str, Arrival] = {}
    for reached in order.states:
        on = reached.on if reached.at is None else reached.at.astimezone(zone).date()
        known = found.get(reached.state)
        if known is None or (on, reached.source.id) < (known.day, known.source.id):
            found[reached.state] = Arrival(reached.state, on, reached.source)
    return found


def orders_table(
    plan: CheckedPlan,
    orders: Sequence[OrderRow],
    number_of: Mapping[str, int],
    principal_no: Mapping[str, int],
    scales: dict[tuple[str, str], Scale],
) -> pa.Table:
    """Return the orders, each number over the scale that is written down for its column."""
    amounts, scales["orders", "amount"] = ExactColumn([Fraction(o.amount) for o in orders]).array(
        "amount"
    )
    columns: dict[str, Any] = {
        "plan_no": [0] * len(orders),
        "order_no": range(1, len(orders) + 1),
        "order_id": [o.order_id for o in orders],
        "principal_no": [principal_no[o.principal] for o in orders],
        "signed_on": [o.signed_on for o in orders],
        "seller_no": [_payee_no(o.seller, number_of) for o in orders],
        "partner_no": [_payee_no(o.partner, number_of) for o in orders],
        "seller": [payee_text(o.seller) for o in orders],
        "partner": [payee_text(o.partner) for o in orders],
        "category": [o.category or None for o in orders],
        "territory": [o.territory or None for o in orders],
        "currency": [o.currency for o in orders],
        "imputable_to": [o.imputable_to for o in orders],
        "cause": [o.cause for o in orders],
    }
    arrays = {
        item.name: amounts if item.name == "amount" else pa.array(columns[item.name], item.type)
        for item in layout.ORDERS
    }
    for name, unit in plan.order_attributes.items():
        column = attribute_column(name)
        values = [attribute_value(o.attributes.get(name), unit) for o in orders]
        if unit in PLAIN_TYPES:
            arrays[column] = pa.array(values, PLAIN_TYPES[unit])
        else:
            numbers = ExactColumn([v if isinstance(v, Fraction) else None for v in values])
            arrays[column], scales["orders", column] = numbers.array(name)
    return pa.table(arrays)


def unreadable_table(plan: CheckedPlan, orders: Sequence[OrderRow]) -> pa.Table:
    """Return which attributes of which orders cannot be read in their unit."""
    return table_of(
        layout.UNREADABLE,
        (
            (order_no, attribute_no)
            for attribute_no, (name, unit) in enumerate(plan.order_attributes.items())
            for order_no, order in enumerate(orders, start=1)
            if order.attributes.get(name) is not None
            and attribute_value(order.attributes[name], unit) is None
        ),
    )


def _payee_no(payee: PayeeRef | None, number_of: Mapping[str, int]) -> int | None:
    if payee is None:
        return None
    return NOBODY if payee.payee_id is None else number_of[payee.payee_id]


def payee_text(payee: PayeeRef | None) -> str | None:
    """Return how an order names a payee: by our id, or by the source's own code."""
    if payee is None:
        return None
    return payee.payee_id if payee.payee_id is not None else f"{payee.system}/{payee.code}"


def states_table(arrivals: Sequence[Mapping[str, Arrival]]) -> pa.Table:
    """Return which order reached which state when."""
    return table_of(
        layout.STATES,
        (
            (order_no, arrival.state, arrival.day)
            for order_no, reached in enumerate(arrivals, start=1)
            for arrival in reached.values()
        ),
    )
