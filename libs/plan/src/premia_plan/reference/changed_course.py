"""A later count of an earning, as limits and the plan's steps leave it."""

from typing import TYPE_CHECKING

from premia_plan.period import next_period
from premia_plan.reasons import because
from premia_plan.reference.counted_again import Count
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.landing import months_after
from premia_plan.reference.recount import difference_node
from premia_plan.reference.spread import Part

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def changed_count(
    course: Course,
    before: Earning,
    now: Earning,
    month: str,
    *,
    clause: str,
    workings: "Workings",
) -> Count | None:
    """Return what a month makes of an earning under a clause; None where that is no change.

    Args:
        course: the earning and its counts without the clause.
        before: what the clause left of it before the month.
        now: what it leaves of it from the month on.
        month: the month that changes it.
        clause: the path of the limit, or of the first of the steps.
        workings: the calculation.
    """
    if now.units == before.units:
        return None
    raw = next((count for count in course.counts if count.event == month), None)
    unlimited = course.before(month)
    if raw and (before.node_id, now.node_id) == (unlimited.node_id, raw.node_id):
        return raw
    name, after = now.component, months_after(now.component, workings.plan)
    then, after_it = (
        Part(item.credit, item.units, item.node_id, item.other_principal) for item in (before, now)
    )
    given = f" {now.subject} {now.principal}" if now.subject else ""
    key = (f"{name} {clause}{given}", now.payee_id or "", now.competence, month)
    return Count(
        event=month,
        lands=raw.lands if raw else next_period(month, after),
        units=now.units,
        node_id=now.node_id,
        difference=difference_node(then, after_it, key, workings.book),
        reason=raw.reason
        if raw
        else because("limited_again", month=now.competence, event_month=month),
    )
