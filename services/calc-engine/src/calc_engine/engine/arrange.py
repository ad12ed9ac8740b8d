"""Facts arranged for the set-based engine: numbered, scaled, and as Arrow tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from calc_engine.engine import layout
from calc_engine.engine.dimensions import with_dimensions
from calc_engine.engine.layout import NOBODY, Arranged, Scale, attribute_column
from calc_engine.engine.recorded_periods import current_targets, odd_periods, period_number
from calc_engine.engine.refusal import FigureTooLarge, NotLowered
from calc_engine.engine.several_principals import owed_by_several
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit
from premia_plan.reference.attribute import attribute_value
from premia_plan.relations import (
    AssignmentRow,
    Attribute,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    Relations,
    SourceRef,
    TargetRow,
)
from premia_plan.results import Exception_

NOT_READ = ("openings", "reversals", "adjustments", "loans")
"""Rows that change what plans pay, whatever a plan says, and that this engine does not read."""

PLAIN_TYPES: Mapping[Unit, pa.DataType] = {
    Unit.TEXT: pa.string(),
    Unit.DATE: pa.date32(),
    Unit.BOOL: pa.bool_(),
}
"""The columns of attributes that are no numbers."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A state an order reached, on which day, and who said so."""

    state: str
    day: date
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the numbers of a calculation stand for."""

    payees: tuple[str, ...]
    principals: tuple[str, ...]
    orders: tuple[OrderRow, ...]
    arrivals: tuple[Mapping[str, Arrival], ...]
    targets: Mapping[tuple[int, str, int], TargetRow]
    measurements: Mapping[tuple[int, str, int], MeasurementRow]
    joined: Mapping[int, date] = field(default_factory=dict)
    """The first day on which each payee is assigned."""

    def payee(self, number: int | None) -> str | None:
        """Return a payee's id; None for nobody."""
        return None if not number else self.payees[number - 1]


@dataclass(frozen=True, slots=True)
class Facts:
    """The arranged relations, what their numbers stand for, and what was wrong with them."""

    arranged: Arranged
    numbered: Numbered
    exceptions: tuple[Exception_, ...]


@dataclass(slots=True)
class _Column:
    """Exact numbers of one column, brought to one scale when all are known."""

    values: list[Fraction | None] = field(default_factory=list)

    def array(self, name: str) -> tuple[pa.Array, Scale]:
        known = [value for value in self.values if value is not None]
        places = max((_places(value) for value in known), default=0)
        units = [None if v is None else int(v * 10**places) for v in self.values]
        most = max((abs(unit) for unit in units if unit is not None), default=0)
        if most >= 1 << 63:
            raise FigureTooLarge("the facts", f"{name} needs more than 63 bits")
        return pa.array(units, pa.int64()), Scale(places, most)


def unarranged(relations: Relations, plan: CheckedPlan) -> str | None:
    """Return why rows cannot be arranged; None if they can.

    Order ids of which one goes on where another ends, with a stroke between, sort among credits
    in another order than among orders.
    """
    for name in NOT_READ:
        if getattr(relations, name):
            return f"recorded {name}"
    if relations.leaves and plan.joiner_targets:
        return "recorded leaves"
    identifiers = sorted({f"{row.order_id}/" for row in relations.orders})
    for before, after in pairwise(identifiers):
        if after.startswith(before):
            return f"orders such as {before[:-1]} and {after[:-1]}"
    return None


def arrange(plan: CheckedPlan, relations: Relations) -> Facts:
    """Return facts arranged for one plan.

    Raises:
        FigureTooLarge: if a recorded number needs more than 63 bits in its column's scale.
        NotLowered: if there are rows that this engine does not read.
    """
    refused = (
        unarranged(relations, plan)
        or odd_periods(plan, relations)
        or owed_by_several(plan, relations)
    )
    if refused is not None:
        raise NotLowered(refused)
    targets = current_targets(relations.targets)
    exceptions: list[Exception_] = []
    orders = _latest(relations.orders, exceptions)
    _note_two_parents(relations, exceptions)
    payees = _payee_ids(relations, orders)
    number_of = {payee: number for number, payee in enumerate(payees, start=1)}
    principals = tuple(
        sorted({row.principal for row in orders} | {row.principal for row in relations.assignments})
    )
    principal_no = {principal: number for number, principal in enumerate(principals, start=1)}
    arrivals = tuple(_arrivals(row, ZoneInfo(plan.time_zone)) for row in orders)
    scales: dict[tuple[str, str], Scale] = {}
    tables = {
        **_people(relations, number_of, principal_no),
        "orders": _orders(plan, orders, number_of, principal_no, scales),
        "unreadable": _unreadable(plan, orders),
        "states": _states(arrivals),
        "trees": _rows(layout.TREES, ((r.tree, r.code, r.parent) for r in relations.trees)),
    }
    tables["targets"] = _measured(
        "targets",
        "amount",
        layout.TARGETS,
        [(number_of[r.payee_id], r.name, r.month, r.amount) for r in targets],
        scales,
    )
    tables["measurements"] = _measured(
        "measurements",
        "value",
        layout.MEASUREMENTS,
        [(number_of[r.payee_id], r.name, r.month, r.value) for r in relations.measurements],
        scales,
    )
    numbered = Numbered(
        payees,
        principals,
        orders,
        arrivals,
        {(number_of[r.payee_id], r.name, period_number(r.month)): r for r in targets},
        {
            (number_of[r.payee_id], r.name, period_number(r.month)): r
            for r in relations.measurements
        },
        _joined(relations.assignments, number_of),
    )
    arranged = with_dimensions(Arranged(tables, scales, len(orders)))
    return Facts(arranged, numbered, tuple(exceptions))


def _people(
    relations: Relations, number_of: Mapping[str, int], principal_no: Mapping[str, int]
) -> dict[str, pa.Table]:
    """Return who there is, what they were, under whom, and to what they were assigned."""
    numbers, principals = list(number_of.values()), list(principal_no.values())
    return {
        "payees": pa.table([pa.array(numbers, pa.int64()), list(number_of)], layout.PAYEES),
        "principals": pa.table(
            [pa.array(principals, pa.int32()), list(principal_no)], layout.PRINCIPALS
        ),
        "payee_attributes": _payee_attributes(relations, number_of),
        "edges": _rows(
            layout.EDGES,
            (
                (
                    row.hierarchy,
                    number_of[row.payee_id],
                    number_of[row.reports_to],
                    row.valid_from,
                    row.valid_to,
                )
                for row in relations.edges
            ),
        ),
        "assignments": _rows(
            layout.ASSIGNMENTS,
            (
                (
                    0,
                    number_of[row.payee_id],
                    principal_no[row.principal],
                    row.valid_from,
                    row.valid_to,
                    row.accepted,
                )
                for row in relations.assignments
            ),
        ),
    }


def _latest(rows: Iterable[OrderRow], exceptions: list[Exception_]) -> tuple[OrderRow, ...]:
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


def _note_two_parents(relations: Relations, exceptions: list[Exception_]) -> None:
    parents: dict[tuple[str, str], str] = {}
    for row in relations.trees:
        known = parents.get((row.tree, row.code))
        if known is not None and known != row.parent:
            exceptions.append(
                Exception_(
                    "tree_ambiguous",
                    f"In the tree {row.tree}, {row.code} stands under {known} and {row.parent}",
                    "Keep one of the two parents",
                    None,
                    None,
                    None,
                    blocks=True,
                )
            )
        elif row.parent is not None:
            parents[row.tree, row.code] = row.parent


def _joined(
    assignments: Iterable[AssignmentRow], number_of: Mapping[str, int]
) -> Mapping[int, date]:
    found: dict[int, date] = {}
    for row in assignments:
        number, start = number_of[row.payee_id], row.valid_from or date.min
        found[number] = min(found.get(number, start), start)
    return found


def _payee_ids(relations: Relations, orders: Sequence[OrderRow]) -> tuple[str, ...]:
    found = {row.payee_id for row in relations.payees}
    found.update(row.payee_id for row in relations.assignments)
    found.update(row.payee_id for row in relations.targets)
    found.update(row.payee_id for row in relations.measurements)
    for edge in relations.edges:
        found.update((edge.payee_id, edge.reports_to))
    for order in orders:
        for payee in (order.seller, order.partner):
            if payee is not None and payee.payee_id is not None:
                found.add(payee.payee_id)
    return tuple(sorted(found))


def _arrivals(order: OrderRow, zone: ZoneInfo) -> Mapping[str, Arrival]:
    found: dict[str, Arrival] = {}
    for reached in order.states:
        on = reached.on if reached.at is None else reached.at.astimezone(zone).date()
        known = found.get(reached.state)
        if known is None or (on, reached.source.id) < (known.day, known.source.id):
            found[reached.state] = Arrival(reached.state, on, reached.source)
    return found


def _orders(
    plan: CheckedPlan,
    orders: Sequence[OrderRow],
    number_of: Mapping[str, int],
    principal_no: Mapping[str, int],
    scales: dict[tuple[str, str], Scale],
) -> pa.Table:
    amounts, scales["orders", "amount"] = _Column([Fraction(o.amount) for o in orders]).array(
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
            numbers = _Column([v if isinstance(v, Fraction) else None for v in values])
            arrays[column], scales["orders", column] = numbers.array(name)
    return pa.table(arrays)


def _unreadable(plan: CheckedPlan, orders: Sequence[OrderRow]) -> pa.Table:
    return _rows(
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


def _states(arrivals: Sequence[Mapping[str, Arrival]]) -> pa.Table:
    return _rows(
        layout.STATES,
        (
            (order_no, arrival.state, arrival.day)
            for order_no, reached in enumerate(arrivals, start=1)
            for arrival in reached.values()
        ),
    )


def _payee_attributes(relations: Relations, number_of: Mapping[str, int]) -> pa.Table:
    names = sorted({name for row in relations.payees for name in row.attributes})
    columns: dict[str, Any] = {
        "payee_no": pa.array([number_of[r.payee_id] for r in relations.payees], pa.int64()),
        "valid_from": pa.array([r.valid_from for r in relations.payees], pa.date32()),
        "valid_to": pa.array([r.valid_to for r in relations.payees], pa.date32()),
    }
    for name in names:
        values = [_attribute_text(r.attributes.get(name)) for r in relations.payees]
        columns[attribute_column(name)] = pa.array(values, pa.string())
    return pa.table(columns)


def _attribute_text(value: Attribute | None) -> str | None:
    """Return an attribute as plans write it; it is read in its unit where it is asked for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else str(value)


def _measured(
    relation: str,
    column: str,
    schema: pa.Schema,
    rows: Sequence[tuple[int, str, str, Decimal]],
    scales: dict[tuple[str, str], Scale],
) -> pa.Table:
    numbers = _Column([Fraction(value) for _, _, _, value in rows])
    array, scales[relation, column] = numbers.array(column)
    return pa.Table.from_arrays(
        [
            pa.array([payee for payee, _, _, _ in rows], pa.int64()),
            pa.array([name for _, name, _, _ in rows], pa.string()),
            pa.array([period_number(month) for _, _, month, _ in rows], pa.int32()),
            array,
        ],
        schema=schema,
    )


def _rows(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array(list(values), item.type) for values, item in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _places(value: Fraction) -> int:
    """Return the decimals of a number that has finitely many."""
    places, denominator = 0, value.denominator
    while 10**places % denominator:
        places += 1
    return places
