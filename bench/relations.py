"""The same data as the reference engine reads it: rows of `premia_plan.relations`."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from premia_plan.relations import (
    AssignmentRow,
    EdgeRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
    StateReached,
    TargetRow,
    TreeRow,
)

SOURCE = SourceRef("fact", "bench")


def read_relations(folder: Path) -> Relations:
    """Return every row of a folder of arranged segments."""
    with duckdb.connect() as connection:
        read = _Reader(connection, folder)
        payees = dict(read("payees", "payee_no, payee_id"))
        return Relations(
            payees=tuple(
                PayeeRow(payees[payee], valid_from, valid_to, {"kind": kind, "channel": channel})
                for payee, valid_from, valid_to, kind, channel in read(
                    "payee_attributes", "payee_no, valid_from, valid_to, a_kind, a_channel"
                )
            ),
            orders=tuple(_orders(read, payees)),
            edges=tuple(
                EdgeRow(hierarchy, payees[payee], payees[above], valid_from, valid_to)
                for hierarchy, payee, above, valid_from, valid_to in read(
                    "edges", "hierarchy, payee_no, reports_to, valid_from, valid_to"
                )
            ),
            trees=tuple(TreeRow(*row) for row in read("trees", "tree, code, parent")),
            targets=tuple(
                TargetRow(payees[payee], name, month_text(month), amount, SOURCE)
                for payee, name, month, amount in read("targets", "payee_no, name, month, amount")
            ),
            measurements=tuple(
                MeasurementRow(payees[payee], name, month_text(month), value, SOURCE)
                for payee, name, month, value in read(
                    "measurements", "payee_no, name, month, value"
                )
            ),
            assignments=tuple(
                AssignmentRow(
                    f"S{payee}", f"D{payee}", "1000", payees[payee], valid_from, valid_to, accepted
                )
                for payee, valid_from, valid_to, accepted in read(
                    "assignments", "payee_no, valid_from, valid_to, accepted"
                )
            ),
        )


def month_text(month: int) -> str:
    """Return a month as plans write it.

    >>> month_text(202603)
    '2026-03'
    """
    return f"{month // 100:04d}-{month % 100:02d}"


class _Reader:
    """Reads columns of a relation's file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def __call__(self, relation: str, columns: str) -> list[tuple[Any, ...]]:
        path = self._folder / f"{relation}.parquet"
        found = self._connection.execute(
            f"SELECT {columns} FROM read_parquet(?)",  # noqa: S608 - columns are ours
            [str(path)],
        )
        return found.fetchall()


def _orders(read: _Reader, payees: dict[int, str]) -> Iterator[OrderRow]:
    states: dict[int, list[StateReached]] = defaultdict(list)
    for order, state, day in read("states", "order_no, state, day"):
        states[order].append(StateReached(state, day, None, SOURCE))
    columns = (
        "order_no, order_id, signed_on, seller_no, partner_no, category, territory, amount, "
        "currency, imputable_to"
    )
    for row in read("orders", columns):
        number, order_id, signed_on, seller, partner, category, territory, amount, *rest = row
        currency, imputable_to = rest
        yield OrderRow(
            order_id=order_id,
            record_id=order_id,
            principal="1000",
            signed_on=signed_on,
            seller=_payee(seller, payees),
            partner=None if partner is None else _payee(partner, payees),
            category=category,
            territory=territory,
            amount=amount,
            currency=currency,
            attributes={},
            lines=(),
            states=tuple(states[number]),
            imputable_to=imputable_to,
            cause=None,
            source=SOURCE,
        )


def _payee(number: int, payees: dict[int, str]) -> PayeeRef:
    return PayeeRef.unknown("crm", "unknown") if number == 0 else PayeeRef.known(payees[number])
