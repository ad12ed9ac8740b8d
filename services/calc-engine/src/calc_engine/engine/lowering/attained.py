"""Cells counted at a month, and again in later ones, with the targets they are held against."""

from dataclasses import dataclass
from datetime import date

from calc_engine.engine.codes import Refusal
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Order,
    Relation,
    Total,
    Union,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, STAGE, Measured, cells, changes
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    case,
    compare,
    day,
    days_between,
    every,
    first_day,
    is_unknown,
    known_or,
    multiply,
    next_month,
    text,
    whole,
)

MOST_TOTAL = 1 << 62
"""Totals are checked to fit in 63 bits when they are added up."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Cells at the months at which they are counted: totals, and what keeps them unpaid."""

    relation: Relation
    pays_on: Ratio
    looked_up: Ratio
    target: Ratio | None


def stages(
    context: Context, component: str, pays_on: Measured, looked_up: Measured, *, is_recounted: bool
) -> Stages:
    """Return the cells of a measure at their month, and at each later one that changes them."""
    pays = changes(pays_on, "pays_on")
    moved: Relation
    if looked_up is pays_on:
        moved = extended(pays, looked_up=column(pays, "pays_on"))
    else:
        other = Join(
            changes(looked_up, "looked_up"),
            cells(pays_on),
            tuple((name, name) for name in CELL),
            {},
        )
        both = Union(
            (
                only(extended(pays, looked_up=whole(0)), *STAGE, "pays_on", "looked_up"),
                only(extended(other, pays_on=whole(0)), *STAGE, "pays_on", "looked_up"),
            )
        )
        totals: dict[str, Total] = {
            name: ("sum", Column(name, Kind.WHOLE)) for name in ("pays_on", "looked_up")
        }
        moved = Aggregate(both, STAGE, totals)
    if not is_recounted:
        moved = Filter(moved, compare("=", column(moved, "as_of"), column(moved, "month")))
    order: Order = (("as_of", "rising"),)
    summed: Relation = moved
    totals_of = ("pays_on",) if looked_up is pays_on else ("pays_on", "looked_up")
    for name in totals_of:
        summed = Window(
            summed,
            f"{name}_total",
            "running",
            Column(name, Kind.WHOLE),
            CELL,
            order,
        )
    summed = Window(summed, "stage", "place", None, CELL, order)
    if looked_up is pays_on:
        total = Column("pays_on_total", Kind.WHOLE)
        summed = extended(summed, looked_up_total=total)
    wanted = only(summed, *STAGE, "stage", "pays_on_total", "looked_up_total")
    kept = context.program.name(f"totals_{component}", wanted, kept=True)
    return Stages(
        extended(kept, refusal=whole(Refusal.NONE), refused_at=whole(0)),
        Ratio.scaled(Column("pays_on_total", Kind.WHOLE), pays_on.units, MOST_TOTAL),
        Ratio.scaled(Column("looked_up_total", Kind.WHOLE), looked_up.units, MOST_TOTAL),
        None,
    )


def with_target(context: Context, found: Stages, measure: str) -> Stages:
    """Add the target of each cell; where there is no single one above zero, the cell is refused."""
    targeted, target, refusal = _target(context, found.relation, measure)
    relation = extended(targeted, refusal=refusal)
    return Stages(relation, found.pays_on, found.looked_up, target)


def _target(
    context: Context, relation: Relation, measure: str
) -> tuple[Relation, Ratio, Expression]:
    targets = context.scan("targets")
    named = Filter(targets, compare("=", column(targets, "name"), text(measure)))
    amount = column(named, "amount")
    rows = Aggregate(
        named, ("payee_no", "month"), {"rows": ("count", amount), "amount": ("min", amount)}
    )
    joined: Relation = Join(
        relation,
        rows,
        (("payee_no", "payee_no"), ("month", "month")),
        {"target_rows": "rows", "target_amount": "amount"},
        keeps_left=True,
    )
    scale = context.arranged.scale("targets", "amount")
    recorded = Column("target_amount", Kind.WHOLE)
    count = known_or(Column("target_rows", Kind.WHOLE), whole(0))
    branches = [
        (compare("=", count, whole(0)), whole(Refusal.TARGET_MISSING)),
        (compare(">", count, whole(1)), whole(Refusal.TARGET_AMBIGUOUS)),
        (compare("<=", recorded, whole(0)), whole(Refusal.TARGET_ZERO)),
    ]
    if measure not in context.plan.joiner_targets:
        target = Ratio.scaled(recorded, scale.denominator, scale.most)
        return joined, target, case(branches, whole(Refusal.NONE))
    joined = _with_joining(context, joined)
    days, of_days = Column("target_days", Kind.WHOLE), Column("target_of_days", Kind.WHOLE)
    target = Ratio(
        multiply(recorded, days),
        multiply(of_days, whole(scale.denominator)),
        scale.most * 31,
        scale.denominator * 31,
    )
    branches.append((compare("<=", days, whole(0)), whole(Refusal.TARGET_MISSING)))
    return joined, target, case(branches, whole(Refusal.NONE))


def _with_joining(context: Context, relation: Relation) -> Relation:
    """Add how many of a month's days lie after the payee joined the plan."""
    assignments = context.scan("assignments")
    since = known_or(column(assignments, "valid_from"), day(date.min))
    first = Aggregate(assignments, ("plan_no", "payee_no"), {"joined_on": ("min", since)})
    found = Join(
        relation,
        first,
        (("plan_no", "plan_no"), ("payee_no", "payee_no")),
        {"joined_on": "joined_on"},
        keeps_left=True,
    )
    start = first_day(column(relation, "month"))
    bounded = extended(found, month_start=start, month_end=next_month(start))
    start, end = Column("month_start", Kind.DATE), Column("month_end", Kind.DATE)
    joined_on = Column("joined_on", Kind.DATE)
    from_start = case(
        [(is_unknown(joined_on), start), (compare("<=", joined_on, start), start)], joined_on
    )
    counted = case(
        [(every(compare(">=", known_or(joined_on, start), end)), whole(0))],
        days_between(from_start, end),
    )
    cut = extended(bounded, target_days=counted, target_of_days=days_between(start, end))
    return only(cut, *columns_of(relation), "target_days", "target_of_days")


def target_cells(context: Context, measure: str, found: Relation) -> Relation:
    """Return cells with what their target is, whether or not it can be used."""
    relation, target, refusal = _target(context, found, measure)
    return extended(
        relation,
        target_refusal=refusal,
        target_numerator=target.numerator,
        target_denominator=target.denominator,
    )
