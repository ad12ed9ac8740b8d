"""What is told of the cells of a measure of plain months: totals, and the targets they have."""

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Distinct,
    Filter,
    Join,
    Kind,
    Relation,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.layout import month_number
from calc_engine.engine.lowering.attained import target_cells
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, Measured
from calc_engine.engine.values import case, compare, every, is_unknown, known_or, text, whole


def plain_cells(context: Context, name: str, found: Measured) -> None:
    """Ask for what each payee reached in each month, restated up to the last one."""
    plan = context.plan
    source = found.moves
    stays = is_unknown(column(source, "leaves_in"))
    later = case(
        [
            (
                compare(">", column(source, "leaves_in"), column(source, "month")),
                column(source, "leaves_in"),
            )
        ],
        column(source, "month"),
    )
    totals = Aggregate(
        source,
        CELL,
        {
            "value": ("sum", case([(stays, column(source, "value"))], whole(0))),
            "as_of": ("max", later),
        },
    )
    targets = context.scan("targets")
    named = Filter(targets, compare("=", column(targets, "name"), text(name)))
    keys: Relation = only(totals, *CELL)
    if name in plan.targets:
        aimed = only(extended(named, plan_no=whole(0)), *CELL)
        keys = Distinct(Union((keys, aimed)))
    joined = Join(
        keys,
        totals,
        tuple((key, key) for key in CELL),
        {"sum": "value", "last": "as_of"},
        keeps_left=True,
    )
    month = column(joined, "month")
    first = max(context.first_month, context.since)
    until = month_number(str(context.until))
    wanted = Filter(
        joined, every(compare(">=", month, whole(first)), compare("<=", month, whole(until)))
    )
    filled: Relation = only(
        extended(
            wanted,
            value=known_or(Column("sum", Kind.WHOLE), whole(0)),
            as_of=known_or(Column("last", Kind.WHOLE), month),
        ),
        *CELL,
        "value",
        "as_of",
    )
    rules = [rule for rule in plan.attainments.values() if rule.of == name]
    if rules:
        filled = target_cells(context, name, filled)
    context.program.result(f"cells_{name}", filled)
