"""Facts arranged for the set-based engine: numbered, scaled, and as Arrow tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from calc_engine.engine import layout
from calc_engine.engine.arranged_orders import (
    arrivals_of,
    latest_orders,
    orders_table,
    states_table,
    unreadable_table,
)
from calc_engine.engine.columns import ExactColumn, table_of
from calc_engine.engine.dimensions import with_dimensions
from calc_engine.engine.layout import Arranged, Scale, attribute_column
from calc_engine.engine.numbered import Facts, Numbered
from calc_engine.engine.presence import counts_days
from calc_engine.engine.recorded_periods import current_targets, odd_periods, period_number
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.several_principals import owed_by_several
from premia_plan.checked import CheckedPlan
from premia_plan.relations import (
    AssignmentRow,
    Attribute,
    OrderRow,
    Relations,
)
from premia_plan.results import Exception_

NOT_READ = ("openings", "reversals", "adjustments", "loans")
"""Rows that change what plans pay, whatever a plan says, and that this engine does not read."""


def unarranged(relations: Relations, plan: CheckedPlan) -> str | None:
    """Return why rows cannot be arranged; None if they can.

    Order ids of which one goes on where another ends, with a stroke between, sort among credits
    in another order than among orders.
    """
    for name in NOT_READ:
        if getattr(relations, name):
            return f"recorded {name}"
    if relations.leaves and counts_days(plan):
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
    orders = latest_orders(relations.orders, exceptions)
    _note_two_parents(relations, exceptions)
    payees = _payee_ids(relations, orders)
    number_of = {payee: number for number, payee in enumerate(payees, start=1)}
    principals = tuple(
        sorted({row.principal for row in orders} | {row.principal for row in relations.assignments})
    )
    principal_no = {principal: number for number, principal in enumerate(principals, start=1)}
    arrivals = tuple(arrivals_of(row, ZoneInfo(plan.time_zone)) for row in orders)
    scales: dict[tuple[str, str], Scale] = {}
    tables = {
        **_people(relations, number_of, principal_no),
        "orders": orders_table(plan, orders, number_of, principal_no, scales),
        "unreadable": unreadable_table(plan, orders),
        "states": states_table(arrivals),
        "trees": table_of(layout.TREES, ((r.tree, r.code, r.parent) for r in relations.trees)),
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
        "edges": table_of(
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
        "assignments": table_of(
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
    numbers = ExactColumn([Fraction(value) for _, _, _, value in rows])
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
