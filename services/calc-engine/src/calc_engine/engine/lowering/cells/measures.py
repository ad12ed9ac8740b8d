"""Measures of credits over any period: what each credit adds, and what they come to at a month."""

from dataclasses import replace

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Union,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.cells.periods import seen
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.values import (
    case,
    compare,
    every,
    is_known,
    is_unknown,
    negative,
    some,
    whole,
)
from premia_plan.period import PeriodKind


def in_periods(context: Context, measure: Counted, kind: PeriodKind) -> Counted:
    """Return what credits add to the periods of a kind; `month` is the period's last one."""
    name = f"counted_{measure.rule.name}_by_{kind}"
    source = measure.contributions
    if measure.rule.window is None and kind == "month":
        return measure
    months = seen(context, measure.rule, kind)
    placed = Join(source, months, (("month", "inner"),), {"cell_month": "cell_month"})
    moved = only(extended(placed, month=Column("cell_month", Kind.WHOLE)), *columns_of(source))
    known = {step.name for step in context.program.steps}
    if name in known:
        return replace(measure, contributions=Scan(name, dict(columns_of(moved))))
    return replace(measure, contributions=context.program.name(name, moved, kept=True))


def later_months(measure: Counted) -> Relation:
    """Return the cells with the later months in which an order leaves them."""
    source = measure.contributions
    leaves = column(source, "leaves_in")
    later = Filter(source, every(is_known(leaves), compare(">", leaves, column(source, "month"))))
    return only(extended(later, as_of=leaves), *STAGE)


def totals(context: Context, measure: Counted, stages: Relation, name: str) -> Scan:
    """Return what a measure adds up to at each stage of some cells.

    `total` is the sum and `counted` how many credits count.
    """
    source: Relation = measure.contributions
    if measure.rule.function == "distinct":
        source = _different(source)
    month, leaves = column(source, "month"), column(source, "leaves_in")
    stands = some(is_unknown(leaves), compare(">", leaves, month))
    one, none = whole(1), whole(0)
    value = column(source, "value")
    first = extended(
        source,
        as_of=month,
        total=case([(stands, value)], none),
        counted=case([(stands, one)], none),
    )
    later = Filter(source, every(is_known(leaves), compare(">", leaves, month)))
    gone = extended(later, as_of=leaves, total=negative(column(later, "value")), counted=whole(-1))
    asked = extended(only(stages, *STAGE), total=none, counted=none)
    columns = (*STAGE, "total", "counted")
    rows = Union((only(first, *columns), only(gone, *columns), only(asked, *columns)))
    moved: Relation = Aggregate(
        rows,
        STAGE,
        {each: ("sum", Column(each, Kind.WHOLE)) for each in ("total", "counted")},
    )
    for each in ("total", "counted"):
        moved = Window(
            moved,
            f"{each}_so_far",
            "running",
            Column(each, Kind.WHOLE),
            CELL,
            (("as_of", "rising"),),
        )
    found = only(moved, *STAGE, total="total_so_far", counted="counted_so_far")
    return context.program.name(name, found, kept=True)


def _different(source: Relation) -> Relation:
    """Return one row per different value of a cell: it counts while a credit with it does."""
    leaves = column(source, "leaves_in")
    marked = extended(source, stays=case([(is_unknown(leaves), whole(1))], whole(0)))
    grouped = Aggregate(
        marked,
        (*CELL, "mark"),
        {"stays": ("max", Column("stays", Kind.WHOLE)), "last": ("max", leaves)},
    )
    gone = case(
        [(compare("=", Column("stays", Kind.WHOLE), whole(1)), whole(None))],
        Column("last", Kind.WHOLE),
    )
    return extended(grouped, leaves_in=gone, value=whole(1))
