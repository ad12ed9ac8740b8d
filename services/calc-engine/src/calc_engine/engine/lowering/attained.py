"""Cells counted at a month, and again in later ones, with the targets they are held against."""

from dataclasses import dataclass

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
    Scan,
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
from calc_engine.engine.lowering.on_record import recorded_rows, with_recorded
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    add,
    case,
    compare,
    days_between,
    first_day,
    known_or,
    next_month,
    whole,
)


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
    """Return the cells of a measure at their month, and at each later one that changes them.

    What counts in months before the plan begins is in no cell.
    """
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
    names = ("pays_on",) if looked_up is pays_on else ("pays_on", "looked_up")
    moved = Filter(moved, compare(">=", column(moved, "month"), whole(context.first_month)))
    changed = context.program.name(f"changed_{component}", moved, kept=is_recounted)
    at_close = compare("=", column(changed, "as_of"), column(changed, "month"))
    totals_of = {f"{name}_total": column(changed, name) for name in names}
    summed: Relation = only(
        extended(Filter(changed, at_close), stage=whole(1), **totals_of),
        *STAGE,
        "stage",
        *totals_of,
    )
    if is_recounted:
        later = Filter(changed, compare(">", column(changed, "as_of"), column(changed, "month")))
        summed = Union((summed, _recounts(later, summed, names)))
    if looked_up is pays_on:
        total = Column("pays_on_total", Kind.WHOLE)
        summed = extended(summed, looked_up_total=total)
    kept = context.program.name(f"totals_{component}", summed)
    return Stages(
        extended(kept, refusal=whole(Refusal.NONE), refused_at=whole(0)),
        Ratio.scaled(Column("pays_on_total", Kind.WHOLE), pays_on.units, pays_on.most),
        Ratio.scaled(Column("looked_up_total", Kind.WHOLE), looked_up.units, looked_up.most),
        None,
    )


def _recounts(later: Relation, at_close: Relation, names: tuple[str, ...]) -> Relation:
    """Return the later stages of cells: few cells have any, and only these are added up."""
    order: Order = (("as_of", "rising"),)
    found = later
    for name in names:
        moving = Column(name, Kind.WHOLE)
        found = Window(found, f"{name}_since", "running", moving, CELL, order)
    found = Window(found, "count", "place", None, CELL, order)
    take = {f"{name}_close": f"{name}_total" for name in names}
    joined = Join(found, at_close, tuple((name, name) for name in CELL), take)
    totals = {
        f"{name}_total": add(
            Column(f"{name}_close", Kind.WHOLE), Column(f"{name}_since", Kind.WHOLE)
        )
        for name in names
    }
    counted = extended(joined, stage=add(Column("count", Kind.WHOLE), whole(1)), **totals)
    return only(counted, *STAGE, "stage", *totals)


def with_target(context: Context, component: str, found: Stages, measure: str) -> Stages:
    """Add the target of each cell; where there is no single one above zero, the cell is refused."""
    targeted, target, refusal = _target(context, found.relation, measure)
    relation = context.program.name(
        f"aimed_{component}", extended(targeted, refusal=refusal), kept=True
    )
    return Stages(relation, found.pays_on, found.looked_up, target)


def _target(
    context: Context, relation: Relation, measure: str
) -> tuple[Relation, Ratio, Expression]:
    rows = _targets(context, measure)
    found = with_recorded(
        context, relation, "targets", rows, count="target_rows", figure="target_amount"
    )
    branches = [
        (found.nothing, whole(Refusal.TARGET_MISSING)),
        (found.ambiguous, whole(Refusal.TARGET_AMBIGUOUS)),
        (compare("<=", found.figure, whole(0)), whole(Refusal.TARGET_ZERO)),
    ]
    if measure not in context.plan.joiner_targets:
        return found.relation, found.value, case(branches, whole(Refusal.NONE))
    joined = _with_days(context, found.relation)
    days, of_days = Column("target_days", Kind.WHOLE), Column("target_of_days", Kind.WHOLE)
    target = found.value * Ratio(days, of_days, 31, 31)
    return joined, target, case(branches, whole(Refusal.NONE))


def _targets(context: Context, measure: str) -> Scan:
    """Return how many targets each payee has in each month, and one of them."""
    name = f"targets_{measure}"
    rows = recorded_rows(context, "targets", measure)
    if any(step.name == name for step in context.program.steps):
        return Scan(name, dict(columns_of(rows)))
    return context.program.name(name, rows, kept=True)


def _with_days(context: Context, relation: Relation) -> Relation:
    """Add on how many of a month's days the payee is in the plan."""
    found = Join(
        relation,
        context.scan("days_in_plan"),
        (("plan_no", "plan_no"), ("payee_no", "payee_no"), ("month", "month")),
        {"days_in_plan": "days_in_plan"},
        keeps_left=True,
    )
    start = first_day(column(relation, "month"))
    bounded = extended(found, month_days=days_between(start, next_month(start)))
    all_days = Column("month_days", Kind.WHOLE)
    counted = known_or(Column("days_in_plan", Kind.WHOLE), all_days)
    cut = extended(bounded, target_days=counted, target_of_days=all_days)
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
