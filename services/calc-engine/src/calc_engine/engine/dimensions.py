"""The small relations that a calculation joins: who was what, when, and under whom.

Worked out from the dated rows once, so that every join finds exactly one row on every day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

import pyarrow as pa

from calc_engine.engine.layout import NOBODY, Arranged

Row: TypeAlias = Mapping[str, Any]

FIRST = date.min
_DAYS_TO_END = (date.max - date(1970, 1, 1)).days + 1
"""The day after the last one of the calendar, as days since 1970: every day lies before it."""

_VALIDITY = [("from_day", pa.date32()), ("until_day", pa.date32())]
CHAINS = pa.schema(
    [
        ("hierarchy", pa.string()),
        ("payee_no", pa.int64()),
        *_VALIDITY,
        ("level", pa.int64()),
        ("superior_no", pa.int64()),
    ]
)
TREE_PATHS = pa.schema(
    [("tree", pa.string()), ("code", pa.string()), ("above", pa.string()), ("distance", pa.int64())]
)
UNCLEAR = pa.schema([("hierarchy", pa.string()), ("payee_no", pa.int64()), *_VALIDITY])
STANDINGS = pa.schema(
    [
        ("plan_no", pa.int32()),
        ("payee_no", pa.int64()),
        ("principal_no", pa.int32()),
        *_VALIDITY,
        ("is_assigned", pa.bool_()),
        ("is_own", pa.bool_()),
        ("is_accepted", pa.bool_()),
    ]
)


def with_dimensions(arranged: Arranged) -> Arranged:
    """Return the arranged relations with those that are worked out of them."""
    tables = dict(arranged.tables)
    payees = tables["payees"]["payee_no"].to_pylist()
    principals = tables["principals"]["principal_no"].to_pylist()
    plans = sorted(set(tables["assignments"]["plan_no"].to_pylist()) | {0})
    tables["payee_pieces"] = payee_pieces(payees, tables["payee_attributes"])
    tables["standings"] = standings(plans, payees, principals, tables["assignments"])
    tables["chains"], tables["unclear"] = chains(tables["edges"])
    tables["tree_paths"] = tree_paths(tables["trees"])
    return replace(arranged, tables=tables)


def day_number(day: date | None) -> int:
    """Return a day as days since 1970; None is the day after the last one."""
    return _DAYS_TO_END if day is None else (day - date(1970, 1, 1)).days


def pieces(rows: Sequence[Row]) -> Iterator[tuple[date, date | None, list[Row]]]:
    """Cut all time where some validity begins or ends, with the rows that hold in each piece.

    >>> rows = [{"valid_from": None, "valid_to": date(2026, 7, 1)}]
    >>> [(start, end, len(held)) for start, end, held in pieces(rows)]
    [(datetime.date(1, 1, 1), datetime.date(2026, 7, 1), 1), (datetime.date(2026, 7, 1), None, 0)]
    """
    edges = {FIRST}
    for row in rows:
        edges.update(day for day in (row["valid_from"], row["valid_to"]) if day is not None)
    starts = sorted(edges)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        yield start, end, [row for row in rows if holds_on(row, start)]


def holds_on(row: Row, day: date) -> bool:
    """Say whether a row's half-open validity holds on a day."""
    first, end = row["valid_from"], row["valid_to"]
    return (first is None or first <= day) and (end is None or day < end)


def payee_pieces(payees: Iterable[int], attributes: pa.Table) -> pa.Table:
    """Return every payee's attributes, in pieces that cover all time."""
    names = [name for name in attributes.column_names if name.startswith("a_")]
    rows_of = _by(attributes.to_pylist(), "payee_no")
    found: list[tuple[Any, ...]] = []
    for payee in (NOBODY, *payees):
        for start, end, rows in pieces(rows_of.get(payee, ())):
            last = tuple(_last_known(rows, name) for name in names)
            found.append((payee, day_number(start), day_number(end), *last))
    schema = pa.schema(
        [("payee_no", pa.int64()), *_VALIDITY, *((name, pa.string()) for name in names)]
    )
    return _table(found, schema)


def _last_known(rows: Sequence[Row], name: str) -> str | None:
    known = [row[name] for row in rows if row[name] is not None]
    return known[-1] if known else None


def standings(
    plans: Sequence[int], payees: Sequence[int], principals: Sequence[int], assignments: pa.Table
) -> pa.Table:
    """Return how every payee stands towards every plan and principal, in pieces of all time."""
    rows_of: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in assignments.to_pylist():
        rows_of[row["plan_no"], row["payee_no"]].append(row)
    found: list[tuple[Any, ...]] = []
    for plan in plans:
        for payee in (NOBODY, *payees):
            for start, end, rows in pieces(rows_of.get((plan, payee), ())):
                for principal in principals:
                    own = [row["accepted"] for row in rows if row["principal_no"] == principal]
                    values = (plan, payee, principal, day_number(start), day_number(end))
                    answers = (bool(rows), bool(own), any(own))
                    found.append((*values, *answers))
    return _table(found, STANDINGS)


def chains(edges: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return who stands above each payee, in pieces; and where that is unclear.

    A chain that meets a circle or two superiors at once has nobody in it.
    """
    rows_of: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in edges.to_pylist():
        rows_of[row["hierarchy"]][row["payee_no"]].append(row)
    found: list[tuple[Any, ...]] = []
    unclear: list[tuple[Any, ...]] = []
    for hierarchy, lines in rows_of.items():
        for payee in lines:
            for start, end, above in _chain_pieces(payee, lines):
                piece = (hierarchy, payee, day_number(start), day_number(end))
                if above is None:
                    unclear.append(piece)
                for level, superior in enumerate(above or (), start=1):
                    found.append((*piece, level, superior))
    return _table(found, CHAINS), _table(unclear, UNCLEAR)


def _chain_pieces(
    payee: int, lines: Mapping[int, list[Row]]
) -> Iterator[tuple[date, date | None, tuple[int, ...] | None]]:
    """Yield the chain above a payee for each piece of time in which it stays the same."""
    start: date | None = FIRST
    while start is not None:
        above, end = _climb(payee, start, lines)
        yield start, end, above
        start = end


def _climb(
    payee: int, day: date, lines: Mapping[int, list[Row]]
) -> tuple[tuple[int, ...] | None, date | None]:
    """Return the chain on a day (None where unclear), and until when nothing of it changes."""
    passed, end = [payee], None
    while True:
        rows = lines.get(passed[-1], [])
        changes = [
            edge
            for row in rows
            for edge in (row["valid_from"], row["valid_to"])
            if edge is not None and edge > day
        ]
        end = min([*changes, end] if end is not None else changes, default=None)
        above = {row["reports_to"] for row in rows if holds_on(row, day)}
        if not above:
            return tuple(passed[1:]), end
        if len(above) > 1 or not above.isdisjoint(passed):
            return None, end
        passed.extend(above)


def tree_paths(trees: pa.Table) -> pa.Table:
    """Return how far the codes above each code are; a circle is followed once."""
    parents: dict[tuple[str, str], str] = {}
    for row in trees.to_pylist():
        if row["parent"] is not None:
            parents.setdefault((row["tree"], row["code"]), row["parent"])
    found: list[tuple[Any, ...]] = []
    for tree, code in parents:
        passed, above = [code], parents.get((tree, code))
        while above is not None and above not in passed:
            found.append((tree, code, above, len(passed)))
            passed.append(above)
            above = parents.get((tree, above))
    return _table(found, TREE_PATHS)


def _by(rows: Iterable[Row], key: str) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array(values, pa.int32()).cast(field.type)
        if pa.types.is_date(field.type)
        else pa.array(values, field.type)
        for values, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
