"""Rates looked up: each combination of keys that occurs is decided once, then joined."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.ir import (
    Column,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import RowScope, Value, lower
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    day,
    every,
    is_known,
    is_unknown,
    known_or,
    some,
    subtract,
    text,
    whole,
)
from premia_plan.checked import ANY, RateRow, RateTable, RollupCredit, TableKey

NO_DAY = whole(None)
FARTHEST = 1_000_000
"""How far a row is that fits whatever the value is; any real distance is less."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of a table: its place, the value that is looked up, and how rows are compared.

    `units` is the denominator over which a numeric key and its rows are written; `starts` are the
    bands' edges. Both are empty for texts.
    """

    place: int
    key: TableKey
    value: Value
    units: int
    starts: tuple[Fraction, ...]

    @property
    def asked(self) -> str:
        return f"key_{self.place}"

    @property
    def wanted(self) -> str:
        return f"wanted_{self.place}"

    @property
    def is_text(self) -> bool:
        return not isinstance(self.value, Ratio)

    def expression(self) -> Expression:
        """Return what is asked: the text, the number over its units, or the place of its band."""
        if not isinstance(self.value, Ratio):
            return self.value
        if self.key.match != "band":
            return self.value.over(self.units)
        edges = [
            (self.value.compared(">=", Ratio.written(start)), whole(place))
            for place, start in reversed(list(enumerate(self.starts)))
        ]
        return case(edges, whole(None))

    def cell(self, value: str | Fraction) -> str | int | None:
        """Return a row's key as it is compared; None fits everything."""
        if isinstance(value, str):
            return value if self.is_text or value != ANY else None
        return self.starts.index(value) if self.key.match == "band" else int(value * self.units)


def row_column(table: str) -> str:
    """Return the column with the row that was found, unknown where none fits.

    >>> row_column("fee")
    'row_fee'
    """
    return f"row_{table}"


def given_column(table: str) -> str:
    """Return the column with what the row that was found gives.

    >>> given_column("fee")
    'given_fee'
    """
    return f"given_{table}"


def rate_of(table: RateTable) -> Ratio:
    """Return what a table gives, as a number, where its columns are there."""
    below = _gives_units(table)
    most = max((abs(int(row.gives * below)) for row in table.rows), default=0)
    return Ratio.scaled(Column(given_column(table.name), Kind.WHOLE), below, most)


def is_by_level(table: RateTable) -> bool:
    """Say whether a table is looked up by the level of a credit alone."""
    by_levels = [_is_level(key) for key in table.keys]
    return table.dated_by is None and bool(by_levels) and all(by_levels)


def is_by_order(table: RateTable) -> bool:
    """Say whether a table is looked up by an order's own values: all its credits find one row."""
    formulas = [key.value for key in table.keys]
    if table.dated_by is not None:
        formulas.append(table.dated_by)
    return all(
        not formula.states and all(name.startswith("order.") for name in formula.names)
        for formula in formulas
    )


def with_rate(
    context: Context,
    relation: Relation,
    table: RateTable,
    scope: RowScope,
    where: str,
    *,
    asked_by: Relation | None = None,
) -> tuple[Relation, Ratio]:
    """Return the relation with the row that fits best and what it gives; and that as a number.

    Args:
        context: the lowering.
        relation: what looks the rate up.
        table: the table.
        scope: the relation's columns.
        where: a word that tells apart who looks it up.
        asked_by: rows with every value that the relation asks for, if they are cheaper to read.
    """
    keys = [_key(place, key, table, scope) for place, key in enumerate(table.keys)]
    below = _gives_units(table)
    asked = {key.asked: key.expression() for key in keys}
    dated = extended(relation, **asked, key_day=_piece(table, scope))
    names = ("plan_no", *asked, "key_day")
    by_level = is_by_level(table)
    asking = dated
    if asked_by is not None:
        asking = extended(asked_by, **asked, key_day=_piece(table, scope))
    wanted: Relation = Distinct(only(asking, *names))
    if by_level:
        # The levels are known beforehand: the credits need not be read for them.
        names = ("plan_no", *asked)
        wanted = extended(_levels(context, keys, f"levels_{table.name}_{where}"), key_day=NO_DAY)
    rows = _rows(context, table, keys, below, f"rates_{table.name}_{where}")
    found = context.program.name(
        f"found_{table.name}_{where}",
        _best(context, wanted, rows, keys),
        kept=True,
    )
    given, place = given_column(table.name), row_column(table.name)
    joined = Join(
        dated,
        found,
        tuple((name, name) for name in names),
        {place: "row", given: "gives"},
        keeps_left=True,
        unknown_fits=not by_level,
    )
    return only(joined, *columns_of(relation), place, given), rate_of(table)


def _gives_units(table: RateTable) -> int:
    return lcm(*(row.gives.denominator for row in table.rows))


def _key(place: int, key: TableKey, table: RateTable, scope: RowScope) -> _Key:
    value = lower(key.value.expression, scope).value
    wanted = [row.keys[place] for row in table.rows]
    numbers = [item for item in wanted if isinstance(item, Fraction)]
    if not isinstance(value, Ratio):
        return _Key(place, key, value, 1, ())
    fixed = value.fixed_denominator
    if fixed is None:
        raise NotLowered(f"the key {key.name} of {table.name}, a quotient,")
    units = lcm(fixed, *(number.denominator for number in numbers))
    return _Key(place, key, value, units, tuple(sorted(set(numbers))))


def _is_level(key: TableKey) -> bool:
    return key.value.names == ("credit.level",) and key.value.is_bare_name


def _levels(context: Context, keys: list[_Key], name: str) -> Relation:
    """Return the keys of every level that a credit of the plan can have."""
    rules = context.plan.credits.values()
    most = max((rule.levels for rule in rules if isinstance(rule, RollupCredit)), default=0)
    schema = pa.schema([("plan_no", pa.int32()), *((key.asked, pa.int64()) for key in keys)])
    rows = [(0, *(level * key.units for key in keys)) for level in range(most + 1)]
    return context.program.give(name, schema, rows)


def _edges(table: RateTable) -> list[date]:
    """Return the days on which some row begins or ends."""
    edges = {row.valid_from for row in table.rows} | {row.valid_to for row in table.rows}
    return sorted(edge for edge in edges if edge is not None)


def _piece(table: RateTable, scope: RowScope) -> Expression:
    """Return in which piece of time the lookup's day lies; unknown where it has none."""
    if table.dated_by is None:
        return whole(None)
    on = lower(table.dated_by.expression, scope).plain
    pieces = [
        (compare(">=", on, day(edge)), whole(place + 1))
        for place, edge in reversed(list(enumerate(_edges(table))))
    ]
    return case([(is_unknown(on), whole(None)), *pieces], whole(0))


def _rows(context: Context, table: RateTable, keys: list[_Key], below: int, name: str) -> Relation:
    days = _edges(table)
    place_of = {edge: place + 1 for place, edge in enumerate(days)}
    types = [(key.wanted, pa.string() if key.is_text else pa.int64()) for key in keys]
    schema = pa.schema(
        [
            ("plan_no", pa.int32()),
            ("row", pa.int64()),
            ("gives", pa.int64()),
            ("from_piece", pa.int64()),
            ("until_piece", pa.int64()),
            *types,
        ]
    )

    def cells(row: RateRow) -> tuple[object, ...]:
        first = 0 if row.valid_from is None else place_of[row.valid_from]
        end = len(days) + 1 if row.valid_to is None else place_of[row.valid_to]
        own = [key.cell(value) for key, value in zip(keys, row.keys, strict=True)]
        return (0, row.index, int(row.gives * below), first, end, *own)

    return context.program.give(name, schema, [cells(row) for row in table.rows])


def _best(context: Context, asked: Relation, rows: Relation, keys: list[_Key]) -> Relation:
    """Return for what is asked the row nearest on the first key, then on the second, and so on."""
    piece = Column("key_day", Kind.WHOLE)
    valid = some(
        is_unknown(piece),
        every(
            compare("<=", Column("from_piece", Kind.WHOLE), piece),
            compare("<", piece, Column("until_piece", Kind.WHOLE)),
        ),
    )
    take = {name: name for name in columns_of(rows) if name != "plan_no"}
    pairs: Relation = Join(
        asked, rows, (("plan_no", "plan_no"),), take, test=known_or(valid, FALSE)
    )
    for key in keys:
        pairs = _with_distance(context, pairs, key)
    fitting = Filter(
        pairs, every(*(is_known(Column(f"far_{key.place}", Kind.WHOLE)) for key in keys))
    )
    order = tuple((f"far_{key.place}", "rising") for key in keys)
    placed = Window(
        fitting,
        "best",
        "place",
        None,
        tuple(columns_of(asked)),
        (*order, ("row", "rising")),  # type: ignore[arg-type]
    )
    return only(
        Filter(placed, compare("=", Column("best", Kind.WHOLE), whole(1))),
        *columns_of(asked),
        "row",
        "gives",
    )


def _with_distance(context: Context, pairs: Relation, key: _Key) -> Relation:
    """Add how far a row's key is from what is asked; unknown where it does not fit."""
    asked, wanted = column(pairs, key.asked), column(pairs, key.wanted)
    far = f"far_{key.place}"
    if key.key.match == "band":
        fits = compare("<=", wanted, asked)
        return extended(pairs, **{far: case([(fits, subtract(asked, wanted))], whole(None))})
    same = (compare("=", asked, wanted), whole(0))
    if not key.is_text:
        anything = (is_unknown(wanted), whole(FARTHEST))
        return extended(pairs, **{far: case([same, anything], whole(None))})
    anything = (compare("=", wanted, text(ANY)), whole(FARTHEST))
    if key.key.tree is None:
        return extended(pairs, **{far: case([same, anything], whole(None))})
    paths = context.scan("tree_paths")
    of_tree = Filter(paths, compare("=", column(paths, "tree"), text(key.key.tree)))
    climbed = Join(
        pairs,
        of_tree,
        ((key.asked, "code"), (key.wanted, "above")),
        {"climbed": "distance"},
        keeps_left=True,
    )
    found = extended(climbed, **{far: case([same, anything], Column("climbed", Kind.WHOLE))})
    return only(found, *columns_of(pairs), far)
