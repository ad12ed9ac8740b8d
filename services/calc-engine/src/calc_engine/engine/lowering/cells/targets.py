"""Recorded targets of any period, and the part of a payee who is in the plan in part."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from calc_engine.engine.ir import (
    Column,
    Expression,
    Join,
    Kind,
    Relation,
    Scan,
    extended,
)
from calc_engine.engine.lowering.cells.periods import number_of
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import chosen_number
from calc_engine.engine.lowering.on_record import recorded_rows, with_recorded
from calc_engine.engine.presence import DAYS_IN_PLAN, Stretch, merged, overlap
from calc_engine.engine.program import given_columns
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    every,
    is_unknown,
    known_or,
    negated,
    some,
    whole,
)
from premia_plan.checked import LOADED, TargetRule
from premia_plan.language import Formula
from premia_plan.period import PeriodKind, end_day, first_day, period_of

MISSING, AMBIGUOUS, ZERO, NO_SOURCE = 1, 2, 3, 4
"""Why there is no target: none or several recorded, zero, or no source of several gives one."""


class Sheet(Protocol):
    """The stages of a component, on which targets are written."""

    context: Context
    relation: Relation

    def formula(self, name: str, formula: Formula) -> Ratio:
        """Write down what a formula gives."""


def source_name(target: str, place: int) -> str:
    """Return under which name a source of a target is written down that is a formula."""
    return f"{target} source {place}"


def with_target(sheet: Sheet, rule: TargetRule) -> tuple[Ratio, Expression]:
    """Add the target of each cell, and return it with why there is none.

    Adds `<name>_rows` where it may be recorded, `<name>_source` with the place of the source that
    gives it where there are several, and where a part counts `<name>_days` of all `p_days`.

    Raises:
        NotLowered: if it is weighted by time.
    """
    if rule.changed != "last accepted":
        raise NotLowered(f"targets that are weighted by time, such as {rule.name},")
    if rule.sources == (LOADED,):
        recorded = _with_recorded(sheet, rule)
        value, why = _stated(rule, recorded, recorded.refusals)
    else:
        value, why = _first_known(sheet, rule)
    if not rule.by_days:
        return value, why
    sheet.relation = with_days(sheet.context, sheet.relation, f"{rule.name}_days", rule.over)
    days = Column(f"{rule.name}_days", Kind.WHOLE)
    return value * Ratio(days, Column("p_days", Kind.WHOLE), 366, 366), why


@dataclass(frozen=True, slots=True)
class _Source:
    """What one source of a target gives: its value, and where it is missing, twice, or zero."""

    value: Ratio
    nothing: Expression
    ambiguous: Expression
    zero: Expression

    @property
    def refusals(self) -> list[tuple[Expression, Expression]]:
        """Why it may give none, of what no plan states."""
        return [(self.ambiguous, whole(AMBIGUOUS))]


def _with_recorded(sheet: Sheet, rule: TargetRule) -> _Source:
    """Add what was recorded of a target."""
    context = sheet.context
    found = with_recorded(
        context,
        sheet.relation,
        "targets",
        recorded_rows(context, "targets", rule.name),
        count=f"{rule.name}_rows",
        figure=f"{rule.name}_recorded",
    )
    sheet.relation = found.relation
    zero = known_or(compare("<=", found.figure, whole(0)), FALSE)
    return _Source(found.value, found.nothing, found.ambiguous, zero)


def _stated(
    rule: TargetRule, found: _Source, refusals: list[tuple[Expression, Expression]]
) -> tuple[Ratio, Expression]:
    """Return a target with what counts instead where it is missing or zero, and why it is none."""
    value = found.value
    if rule.missing is None:
        refusals.append((found.nothing, whole(MISSING)))
    else:
        value = chosen_number(found.nothing, Ratio.written(rule.missing), value)
    if rule.zero is None:
        refusals.append((found.zero, whole(ZERO)))
    else:
        value = chosen_number(found.zero, Ratio.written(rule.zero), value)
    return value, case(refusals, whole(None))


def _first_known(sheet: Sheet, rule: TargetRule) -> tuple[Ratio, Expression]:
    """Return the first source that gives a number above zero, or what the plan states instead."""
    found: list[_Source] = []
    for place, source in enumerate(rule.sources):
        if isinstance(source, Formula):
            value = sheet.formula(source_name(rule.name, place), source)
            none = is_unknown(value.numerator)
            zero = known_or(compare("<=", value.numerator, whole(0)), FALSE)
            found.append(_Source(value, none, FALSE, zero))
        else:
            found.append(_with_recorded(sheet, rule))
    gives = [negated(some(each.nothing, each.ambiguous, each.zero)) for each in found]
    places = [(condition, whole(place)) for place, condition in enumerate(gives)]
    chosen_place = f"{rule.name}_source"
    sheet.relation = extended(sheet.relation, **{chosen_place: case(places, whole(None))})
    at = Column(chosen_place, Kind.WHOLE)
    value, why = _instead(rule, found, is_unknown(at))
    for place, each in reversed(list(enumerate(found))):
        here = known_or(compare("=", at, whole(place)), FALSE)
        value = chosen_number(here, each.value, value)
    return value, why


def _instead(
    rule: TargetRule, found: Sequence[_Source], nowhere: Expression
) -> tuple[Ratio, Expression]:
    """Return what counts where no source gives a number above zero, and why nothing does."""
    is_zero = some(*(each.zero for each in found))
    ambiguous = some(*(each.ambiguous for each in found))
    refusals = [(every(nowhere, ambiguous), whole(NO_SOURCE))]
    if rule.zero is None:
        refusals.append((every(nowhere, is_zero), whole(NO_SOURCE)))
    if rule.missing is None:
        refusals.append((every(nowhere, negated(is_zero)), whole(NO_SOURCE)))
    zero, missing = (Ratio.written(stated or Fraction(0)) for stated in (rule.zero, rule.missing))
    return chosen_number(is_zero, zero, missing), case(refusals, whole(None))


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
