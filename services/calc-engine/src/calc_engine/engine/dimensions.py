"""The small relations that a calculation joins: who was what, when, and under whom.

Worked out from the dated rows once, so that every join finds exactly one row on every day.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from calc_engine.engine.layout import NOBODY, Arranged
from calc_engine.engine.presence import days_in_plan

Row: TypeAlias = Mapping[str, Any]

FIRST = date.min
_DAYS_TO_END = (date.max - date(1970, 1, 1)).days + 1
"""The day after the last one of the calendar, as days since 1970: every day lies before it."""

_END = "10000-01-01"
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
DEEPEST = 64
"""Chains that go on for longer are climbed payee by payee: they may be circles."""


def with_dimensions(arranged: Arranged) -> Arranged:
    """Return the arranged relations with those that are worked out of them."""
    with duckdb.connect() as connection:
        return worked_out(arranged, connection)


def worked_out(arranged: Arranged, connection: duckdb.DuckDBPyConnection) -> Arranged:
    """Return the same by a connection that is open: to open one takes longer than most queries."""
    tables = dict(arranged.tables)
    connection.execute("SET threads = 1")
    for name in ("payees", "principals", "assignments", "edges"):
        connection.register(name, tables[name])
    connection.register("payee_attributes", _numbered(tables["payee_attributes"]))
    names = [n for n in tables["payee_attributes"].column_names if n.startswith("a_")]
    tables["payee_pieces"] = connection.sql(_payee_pieces(names)).to_arrow_table()
    connection.execute(f"CREATE TABLE pairs AS {_pairs(arranged, connection)}")
    tables["standings"] = connection.sql(_STANDINGS).to_arrow_table()
    if connection.execute(_IS_UNCLEAR).fetchall() == [(False,)]:
        tables["chains"] = connection.sql(_CHAINS).to_arrow_table()
        tables["unclear"] = UNCLEAR.empty_table()
    else:
        tables["chains"], tables["unclear"] = chains(tables["edges"])
    cut = connection.sql(_CUT_MONTHS).to_arrow_table()
    tables["tree_paths"] = tree_paths(tables["trees"])
    tables["days_in_plan"] = days_in_plan(cut)
    return replace(arranged, tables=tables)


def _pairs(arranged: Arranged, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the query for the pairs of plan and payee whose standing may be asked."""
    if connection.execute("SELECT count(*) FROM assignments WHERE plan_no <> 0").fetchall() == [
        (0,)
    ]:
        return _EVERYBODY
    orders = arranged.files.get("orders")
    if orders is None:
        connection.register("orders", arranged.tables["orders"])
    else:
        connection.read_parquet(str(orders.path)).create_view("orders")
    return _BY_PLAN


def _numbered(table: pa.Table) -> pa.Table:
    """Return a table with the places of its rows: of two that hold on a day, the later counts."""
    return table.append_column("place", pa.array(range(table.num_rows), pa.int64()))


def day_number(day: date | None) -> int:
    """Return a day as days since 1970; None is the day after the last one."""
    return _DAYS_TO_END if day is None else (day - date(1970, 1, 1)).days


def holds_on(row: Row, day: date) -> bool:
    """Say whether a row's half-open validity holds on a day."""
    first, end = row["valid_from"], row["valid_to"]
    return (first is None or first <= day) and (end is None or day < end)


def _payee_pieces(names: Sequence[str]) -> str:
    """Return the query for every payee's attributes, in pieces that cover all time."""
    known = "".join(
        f', arg_max(r."{name}", r.place) FILTER (WHERE r."{name}" IS NOT NULL) AS "{name}"'
        for name in names
    )
    return f"""
WITH everybody AS (SELECT {NOBODY} AS payee_no UNION SELECT payee_no FROM payees),
{_spans("payee_attributes", "payee_no")}
SELECT s.payee_no, s.from_day, s.until_day{known}
FROM spans AS s LEFT JOIN payee_attributes AS r ON r.payee_no = s.payee_no AND {_HOLDS}
GROUP BY s.payee_no, s.from_day, s.until_day
"""  # noqa: S608 - columns of ours


def _spans(relation: str, key: str) -> str:
    """Return common table expressions that cut all time where a row's validity begins or ends."""
    return f"""
cuts AS (
  SELECT {key}, DATE '{FIRST}' AS day FROM everybody
  UNION SELECT {key}, valid_from FROM {relation} WHERE valid_from IS NOT NULL
  UNION SELECT {key}, valid_to FROM {relation} WHERE valid_to IS NOT NULL
), spans AS (
  SELECT {key}, day AS from_day,
         coalesce(lead(day) OVER (PARTITION BY {key} ORDER BY day), DATE '{_END}') AS until_day
  FROM cuts
)"""  # noqa: S608 - names of ours


_HOLDS = """(r.valid_from IS NULL OR r.valid_from <= s.from_day)
  AND (r.valid_to IS NULL OR s.from_day < r.valid_to)"""

_EVERYBODY = f"""
SELECT 0::INTEGER AS plan_no, payee_no
FROM (SELECT {NOBODY} AS payee_no UNION SELECT payee_no FROM payees)
"""  # noqa: S608 - numbers of ours
_BY_PLAN = f"""
WITH RECURSIVE named AS (
  SELECT plan_no, payee_no FROM assignments
  UNION SELECT plan_no, seller_no FROM orders WHERE seller_no IS NOT NULL
  UNION SELECT plan_no, partner_no FROM orders WHERE partner_no IS NOT NULL
  UNION SELECT DISTINCT plan_no, {NOBODY} FROM orders
), climbed AS (
  SELECT plan_no::INTEGER AS plan_no, payee_no FROM named
  UNION
  SELECT c.plan_no, e.reports_to FROM climbed AS c JOIN edges AS e ON e.payee_no = c.payee_no
)
SELECT plan_no, payee_no FROM climbed
"""  # noqa: S608 - numbers of ours
"""The pairs of plan and payee that can come up: of many plans, most payees meet few."""

_STANDINGS = f"""
WITH everybody AS (FROM pairs),
{_spans("assignments", "plan_no, payee_no")}
SELECT s.plan_no, s.payee_no, p.principal_no, s.from_day, s.until_day,
       count(r.payee_no) > 0 AS is_assigned,
       coalesce(bool_or(r.principal_no = p.principal_no), false) AS is_own,
       coalesce(bool_or(r.accepted AND r.principal_no = p.principal_no), false) AS is_accepted
FROM spans AS s CROSS JOIN principals AS p
LEFT JOIN assignments AS r
  ON r.plan_no = s.plan_no AND r.payee_no = s.payee_no AND {_HOLDS}
GROUP BY s.plan_no, s.payee_no, p.principal_no, s.from_day, s.until_day
"""  # noqa: S608 - names of ours
"""How every payee stands towards every plan and principal, in pieces of all time."""

_CUT_MONTHS = """
SELECT * FROM assignments SEMI JOIN (
  SELECT plan_no, payee_no FROM assignments WHERE day(valid_from) <> 1 OR day(valid_to) <> 1
) USING (plan_no, payee_no)
"""
"""The assignments of payees who come or go within a month."""

_CLIMB = f"""
WITH RECURSIVE lines AS (
  SELECT hierarchy, payee_no, reports_to, coalesce(valid_from, DATE '{FIRST}') AS from_day,
         coalesce(valid_to, DATE '{_END}') AS until_day
  FROM edges
  WHERE valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to
), climb AS (
  SELECT hierarchy, payee_no, from_day, until_day, 1::BIGINT AS level, reports_to AS superior_no
  FROM lines
  UNION ALL
  SELECT c.hierarchy, c.payee_no, greatest(c.from_day, l.from_day),
         least(c.until_day, l.until_day), c.level + 1, l.reports_to
  FROM climb AS c JOIN lines AS l
    ON l.hierarchy = c.hierarchy AND l.payee_no = c.superior_no
       AND l.from_day < c.until_day AND c.from_day < l.until_day
  WHERE c.level < {DEEPEST} AND c.superior_no <> c.payee_no
)"""  # noqa: S608 - numbers of ours
_CHAINS = f"{_CLIMB} SELECT * FROM climb"  # noqa: S608 - nothing is put in
_IS_UNCLEAR = f"""{_CLIMB}
SELECT EXISTS (FROM climb WHERE level = {DEEPEST} OR superior_no = payee_no)
  OR EXISTS (
    FROM (SELECT until_day, lead(from_day) OVER (
                   PARTITION BY hierarchy, payee_no ORDER BY from_day, until_day) AS next_day
          FROM lines)
    WHERE next_day < until_day)
"""  # noqa: S608 - numbers of ours
"""Whether a chain meets a circle, or somebody reports to two at once."""


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


def _table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array(values, pa.int32()).cast(field.type)
        if pa.types.is_date(field.type)
        else pa.array(values, field.type)
        for values, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
