"""Rates looked up: each combination of keys that occurs is decided once, then joined."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm

import pyarrow as pa

from calc_engine.engine.ir import (
    Column,
    Distinct,
    Expression,
    Join,
    Kind,
    Order,
    Relation,
    Scan,
    Window,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import RowScope
from calc_engine.engine.lowering.nearest import LookedUp, best_rows
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    case,
    compare,
    day,
    is_unknown,
    whole,
)
from premia_plan.checked import RateRow, RateTable, RollupCredit, TableKey

NO_DAY = whole(None)
_ANSWERS = "answers_"
"""Begins the names of what tables answer, by the number of what they are asked with."""


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


def question_column(table: str) -> str:
    """Return the column with the number of the keys that a table is asked with.

    >>> question_column("fee")
    'question_fee'
    """
    return f"question_{table}"


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
) -> tuple[Relation, Ratio]:
    """Return the relation with the row that fits best and what it gives; and that as a number.

    Args:
        context: the lowering.
        relation: what looks the rate up.
        table: the table.
        scope: the relation's columns.
        where: a word that tells apart who looks it up.
    """
    keys = _keys(context, table, scope)
    asked = _asked(context, table, scope, keys)
    dated = extended(relation, **asked)
    names = ("plan_no", *asked)
    by_level = is_by_level(table)
    wanted: Relation = Distinct(only(_of_any_plan(context, dated), *names))
    if by_level:
        # The levels are known beforehand: the credits need not be read for them.
        names = names[:-1]
        wanted = extended(_levels(context, keys, f"levels_{table.name}_{where}"), key_day=NO_DAY)
    rows = _rows(context, table, keys, f"rates_{table.name}_{where}")
    found = context.program.name(
        f"found_{table.name}_{where}",
        best_rows(context, wanted, rows, keys),
        kept=True,
    )
    given, place = given_column(table.name), row_column(table.name)
    joined = Join(
        dated,
        found,
        _same(context, names),
        {place: "row", given: "gives"},
        keeps_left=True,
        unknown_fits=not by_level,
    )
    told = _given(context, only(joined, *columns_of(relation), place, given), table)
    return told, rate_of(table)


def with_question(
    context: Context, relation: Relation, table: RateTable, scope: RowScope, asked_by: Relation
) -> Relation:
    """Return the relation with the number of the keys that it asks a table with.

    What the table answers is worked out for each number; `with_answer` adds it.

    Args:
        context: the lowering.
        relation: what looks the rate up.
        table: the table.
        scope: the relation's columns.
        asked_by: rows with every value that the relation asks for, cheaper to read.
    """
    keys = _keys(context, table, scope)
    asked = _asked(context, table, scope, keys)
    names, number = ("plan_no", *asked), question_column(table.name)
    differing = Distinct(only(_of_any_plan(context, extended(asked_by, **asked)), *names))
    order: Order = tuple((name, "rising") for name in names)
    numbered = Window(differing, number, "place", None, (), order)
    questions = context.program.name(f"asked_{table.name}", numbered, kept=True)
    best = best_rows(context, questions, _rows(context, table, keys, f"rates_{table.name}"), keys)
    take = {row_column(table.name): "row", given_column(table.name): "gives"}
    answers = Join(questions, best, ((number, number),), take, keeps_left=True)
    context.program.name(_ANSWERS + table.name, only(answers, number, *take), kept=True)
    joined = Join(
        extended(relation, **asked),
        questions,
        _same(context, names),
        {number: number},
        unknown_fits=True,
    )
    return only(joined, *columns_of(relation), number)


def with_answer(context: Context, relation: Relation, table: RateTable) -> tuple[Relation, Ratio]:
    """Return what asked with `with_question` with the row that fits and what it gives."""
    number = question_column(table.name)
    take = {name: name for name in (row_column(table.name), given_column(table.name))}
    answers = Scan(_ANSWERS + table.name, dict.fromkeys((number, *take), Kind.WHOLE))
    found = Join(relation, answers, ((number, number),), take)
    return _given(context, found, table), rate_of(table)


def _of_any_plan(context: Context, asking: Relation) -> Relation:
    """Leave out which plan asks: plans of one shape find the same row."""
    return extended(asking, plan_no=whole(0)) if context.plans else asking


def _same(context: Context, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names if name != "plan_no" or not context.plans)


def _given(context: Context, relation: Relation, table: RateTable) -> Relation:
    """Add what the row that was found gives in the plan; a single plan's is there already."""
    if not context.plans:
        return relation
    below, name = _gives_units(table), f"gives_{table.name}"
    schema = pa.schema([("plan_no", pa.int32()), ("row", pa.int64()), ("gives", pa.int64())])
    rows = [
        (number, row.index, int(row.gives * below))
        for number, plan in context.plans.items()
        for row in plan.tables[table.name].rows
    ]
    gives = context.program.give(name, schema, rows)
    on = (("plan_no", "plan_no"), (row_column(table.name), "row"))
    given = given_column(table.name)
    kept = [each for each in columns_of(relation) if each != given]
    return Join(only(relation, *kept), gives, on, {given: "gives"}, keeps_left=True)


def _keys(context: Context, table: RateTable, scope: RowScope) -> list[LookedUp]:
    rows = context.rows_like(table)
    return [_key(place, key, table, rows, scope) for place, key in enumerate(table.keys)]


def _asked(
    context: Context, table: RateTable, scope: RowScope, keys: list[LookedUp]
) -> dict[str, Expression]:
    """Return what a table is asked with: its keys, and the piece of time last."""
    piece = _piece(table, _edges(context, table), scope)
    return {**{key.asked: key.expression() for key in keys}, "key_day": piece}


def _gives_units(table: RateTable) -> int:
    return lcm(*(row.gives.denominator for row in table.rows))


def _key(
    place: int, key: TableKey, table: RateTable, rows: Sequence[RateRow], scope: RowScope
) -> LookedUp:
    value = lower(key.value.expression, scope).value
    wanted = [row.keys[place] for row in rows]
    numbers = [item for item in wanted if isinstance(item, Fraction)]
    if not isinstance(value, Ratio):
        return LookedUp(place, key, value, 1, ())
    fixed = value.fixed_denominator
    if fixed is None:
        raise NotLowered(f"the key {key.name} of {table.name}, a quotient,")
    units = lcm(fixed, *(number.denominator for number in numbers))
    return LookedUp(place, key, value, units, tuple(sorted(set(numbers))))


def _is_level(key: TableKey) -> bool:
    return key.value.names == ("credit.level",) and key.value.is_bare_name


def _levels(context: Context, keys: list[LookedUp], name: str) -> Relation:
    """Return the keys of every level that a credit of the plan can have."""
    rules = context.plan.credits.values()
    most = max((rule.levels for rule in rules if isinstance(rule, RollupCredit)), default=0)
    schema = pa.schema([("plan_no", pa.int32()), *((key.asked, pa.int64()) for key in keys)])
    rows = [(0, *(level * key.units for key in keys)) for level in range(most + 1)]
    return context.program.give(name, schema, rows)


def _edges(context: Context, table: RateTable) -> list[date]:
    """Return the days on which some row begins or ends."""
    rows = context.rows_like(table)
    edges = {row.valid_from for row in rows} | {row.valid_to for row in rows}
    return sorted(edge for edge in edges if edge is not None)


def _piece(table: RateTable, edges: Sequence[date], scope: RowScope) -> Expression:
    """Return in which piece of time the lookup's day lies; unknown where it has none."""
    if table.dated_by is None:
        return whole(None)
    on = lower(table.dated_by.expression, scope).plain
    pieces = [
        (compare(">=", on, day(edge)), whole(place + 1))
        for place, edge in reversed(list(enumerate(edges)))
    ]
    return case([(is_unknown(on), whole(None)), *pieces], whole(0))


def _rows(context: Context, table: RateTable, keys: list[LookedUp], name: str) -> Relation:
    days, below = _edges(context, table), _gives_units(table)
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

    # Plans of one shape have the same rows, which give different numbers.
    own = next(iter(context.numbered.values())).tables[table.name].rows
    return context.program.give(name, schema, [cells(row) for row in own])
