"""A result renewed after a change, without calculating what the change does not reach."""

from dataclasses import dataclass

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.incremental.calculating import Calculate, calculate_part
from premia_plan.incremental.change import Change, change_between
from premia_plan.incremental.merging import merged, shared_exceptions
from premia_plan.incremental.reach import reach_of
from premia_plan.incremental.rows import Known, RowsAround
from premia_plan.incremental.scope import Scope, scope_of, whole
from premia_plan.relations import Relations
from premia_plan.results import Calculation


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A result, and which part of it was calculated to get there."""

    calculation: Calculation
    scope: Scope


def recalculate(
    plan: CheckedPlan,
    base: Calculation,
    before: Relations,
    after: Relations,
    *,
    calculate: Calculate,
    until: Month,
    since: Month | None = None,
    change: Change | None = None,
    known: Known | None = None,
) -> Recalculated:
    """Return the result of the facts after a change, equal to calculating all of them.

    Args:
        plan: the typed plan.
        base: the result of the facts before.
        before: the facts before.
        after: the facts now.
        calculate: the engine that is given only the facts of the scope.
        until: the last month that is looked at, as it was for the base.
        since: the first month whose lines are wanted, as it was for the base.
        change: the keys of what changed, if they were collected; else all rows are compared.
        known: what looks facts up, before and after; else it is made of all rows.
    """
    found = change_between(before, after) if change is None else change
    reach = reach_of(plan)
    scope = scope_of(reach, found, RowsAround(before, after) if known is None else known)
    if shared_exceptions(base):
        scope = whole("an exception that is nobody's own")
    if not scope.everything:
        renewed = calculate_part(
            plan, after, reach, scope, calculate=calculate, until=until, since=since
        )
        if not renewed.shared:
            return Recalculated(
                merged(base, renewed.calculation, reach, scope, plan.measures), scope
            )
        scope = whole("an exception that is nobody's own")
    return Recalculated(calculate(plan, after, until=until, since=since), scope)
