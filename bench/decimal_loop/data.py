"""What the Decimal loop reads: the arranged segments as plain rows and look-up tables."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

Span = tuple[date, date]
ALWAYS: Span = (date.min, date.max)


class Order(NamedTuple):
    """An order with the days of its states and the halves of its id."""

    order_no: int
    signed_on: date
    seller_no: int
    partner_no: int | None
    territory: str
    category: str
    amount: Decimal
    imputable_to: str | None
    id_high: int
    id_low: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """Everything but the orders, by payee."""

    ids: dict[int, tuple[int, int]]
    attributes: dict[int, list[tuple[Span, str, str]]]
    assignments: dict[int, list[tuple[Span, bool]]]
    superiors: dict[int, list[tuple[Span, int]]]
    parents: dict[tuple[str, str], str]
    targets: dict[tuple[int, int], Decimal]
    measured: dict[tuple[int, int], Decimal]


def _rows(folder: Path, relation: str, columns: str) -> Iterator[tuple[Any, ...]]:
    """Read a relation's columns a batch at a time."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {columns} FROM read_parquet(?)",  # noqa: S608 - the names are ours
            [str(folder / f"{relation}.parquet")],
        )
        while batch := found.fetchmany(50_000):
            yield from batch


def read_orders(folder: Path) -> Iterator[Order]:
    """Return the orders."""
    return (Order(*row) for row in _rows(folder, "orders", ", ".join(Order._fields)))


def read_states(folder: Path, until: date) -> tuple[dict[int, date], dict[int, date]]:
    """Return the first day of activation and of reversal of each order, before a day."""
    activated: dict[int, date] = {}
    reversed_on: dict[int, date] = {}
    for order_no, state, day in _rows(folder, "states", "order_no, state, day"):
        if day >= until or state == "first_bill_paid":
            continue
        known = activated if state == "activated" else reversed_on
        if order_no not in known or day < known[order_no]:
            known[order_no] = day
    return activated, reversed_on


def read_tenant(folder: Path) -> Tenant:
    """Return everything but the orders."""
    attributes = defaultdict(list)
    for payee, start, end, kind, channel in _rows(
        folder, "payee_attributes", "payee_no, valid_from, valid_to, a_kind, a_channel"
    ):
        attributes[payee].append((_span(start, end), kind, channel))
    assignments = defaultdict(list)
    for payee, start, end, accepted in _rows(
        folder, "assignments", "payee_no, valid_from, valid_to, accepted"
    ):
        assignments[payee].append((_span(start, end), accepted))
    superiors = defaultdict(list)
    for payee, above, start, end in _rows(
        folder, "edges", "payee_no, reports_to, valid_from, valid_to"
    ):
        superiors[payee].append((_span(start, end), above))
    trees = _rows(folder, "trees", "tree, code, parent")
    targets = _rows(folder, "targets", "payee_no, month, amount")
    measured = _rows(folder, "measurements", "payee_no, month, value")
    ids = _rows(folder, "payees", "payee_no, id_high, id_low")
    return Tenant(
        ids={payee: (high, low) for payee, high, low in ids},
        attributes=attributes,
        assignments=assignments,
        superiors=superiors,
        parents={(tree, code): parent for tree, code, parent in trees if parent is not None},
        targets={(payee, month): amount for payee, month, amount in targets},
        measured={(payee, month): value for payee, month, value in measured},
    )


def _span(start: date | None, end: date | None) -> Span:
    return start or date.min, end or date.max
