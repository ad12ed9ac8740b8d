"""Recorded targets of any period, and the part of a payee who is in the plan in part."""

from collections import defaultdict
from datetime import date

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    column,
    extended,
)
from calc_engine.engine.lowering.cells.periods import number_of
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import chosen
from calc_engine.engine.presence import DAYS_IN_PLAN, Stretch, merged, overlap
from calc_engine.engine.program import given_columns
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    known_or,
    text,
    whole,
)
from premia_plan.checked import LOADED, TargetRule
from premia_plan.period import PeriodKind, end_day, first_day, period_of

MISSING, AMBIGUOUS, ZERO = 1, 2, 3
"""Why there is no target: none or several recorded, zero, or the payee joins only later."""


def with_target(
    context: Context, relation: Relation, rule: TargetRule
) -> tuple[Relation, Ratio, Expression]:
    """Return cells with what was recorded, the target of each, and why there is none.

    Adds `<name>_rows` and, where a part counts, `<name>_days` of all `p_days`.

    Raises:
        NotLowered: if the target is worked out, or weighted by time.
    """
    if rule.sources != (LOADED,) or rule.changed != "last accepted":
        raise NotLowered(f"targets that are worked out, such as {rule.name},")
    targets = context.scan("targets")
    named = Filter(targets, compare("=", column(targets, "name"), text(rule.name)))
    amount = column(named, "amount")
    rows = Aggregate(
        named, ("payee_no", "month"), {"rows": ("count", amount), "amount": ("min", amount)}
    )
    count, own = f"{rule.name}_rows", f"{rule.name}_recorded"
    joined: Relation = Join(
        relation,
        rows,
        (("payee_no", "payee_no"), ("month", "month")),
        {count: "rows", own: "amount"},
        keeps_left=True,
    )
    scale = context.arranged.scale("targets", "amount")
    recorded = Ratio.scaled(Column(own, Kind.WHOLE), scale.denominator, scale.most)
    times = known_or(Column(count, Kind.WHOLE), whole(0))
    nothing = compare("=", times, whole(0))
    zero = known_or(compare("<=", Column(own, Kind.WHOLE), whole(0)), FALSE)
    refusals = [(compare(">", times, whole(1)), whole(AMBIGUOUS))]
    if rule.missing is None:
        refusals.append((nothing, whole(MISSING)))
    else:
        recorded = _chosen(nothing, Ratio.written(rule.missing), recorded)
    if rule.zero is None:
        refusals.append((zero, whole(ZERO)))
    else:
        recorded = _chosen(zero, Ratio.written(rule.zero), recorded)
    if not rule.by_days:
        return joined, recorded, case(refusals, whole(None))
    joined = with_days(context, joined, f"{rule.name}_days", rule.over)
    days = Column(f"{rule.name}_days", Kind.WHOLE)
    part = Ratio(days, Column("p_days", Kind.WHOLE), 366, 366)
    return joined, recorded * part, case(refusals, whole(None))


def with_days(context: Context, relation: Relation, name: str, kind: PeriodKind) -> Relation:
    """Add on how many of a period's days the payee is in the plan."""
    found = Join(
        relation,
        _days_in_plan(context, kind),
        (("plan_no", "plan_no"), ("payee_no", "payee_no"), ("month", "month")),
        {f"{name}_in_plan": "days_in_plan"},
        keeps_left=True,
    )
    days = known_or(Column(f"{name}_in_plan", Kind.WHOLE), Column("p_days", Kind.WHOLE))
    return extended(found, **{name: days})


def _days_in_plan(context: Context, kind: PeriodKind) -> Relation:
    """Return on how many days of each period a payee is in the plan, where on some of them only."""
    if kind == "month":
        return context.scan("days_in_plan")
    known = context.program.given.get(f"days_in_plan_{kind}")
    if known is not None:
        return Scan(f"days_in_plan_{kind}", given_columns(known.schema))
    held: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for row in context.arranged.tables["assignments"].to_pylist():
        stretch = (row["valid_from"] or date.min, row["valid_to"] or date.max)
        held[row["plan_no"], row["payee_no"]].append(stretch)
    rows: list[tuple[int, int, int, int]] = []
    for (plan_no, payee_no), stretches in sorted(held.items()):
        joined = merged(stretches)
        edges = {day for stretch in joined for day in stretch} - {date.min, date.max}
        for period in sorted({period_of(day, kind) for day in edges}):
            start, end = first_day(period), end_day(period)
            days = overlap(joined, start, end)
            if 0 < days < (end - start).days:
                rows.append((plan_no, payee_no, number_of(period), days))
    return context.program.give(f"days_in_plan_{kind}", DAYS_IN_PLAN, rows)


def _chosen(condition: Expression, left: Ratio, right: Ratio) -> Ratio:
    found = chosen(condition, left, right)
    if not isinstance(found, Ratio):
        raise TypeError("two numbers give a number")
    return found
