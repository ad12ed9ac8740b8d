"""From when an earning counts for what several may have together."""

from typing import TYPE_CHECKING

from premia_plan.period import last_month, month_of, next_period
from premia_plan.reference.course import Course
from premia_plan.reference.landing import months_after

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def joins_in(course: Course, workings: "Workings") -> str | None:
    """Return the month at whose end an earning counts first; None while it does not yet.

    An order's pay counts from the month it belongs to, and not while the state that decides on
    that month is open; a period's from its close. What a gate holds does not count, and what was
    free later counts from then on.
    """
    earning = course.earning
    if earning.waits is not None:
        return None
    if earning.counted_in:
        return min(count.event for count in course.counts)
    own = last_month(earning.competence)
    if earning.close is not None:
        after = months_after(earning.component, workings.plan)
        return max(own, next_period(month_of(earning.close), -after))
    credit = earning.credit
    if credit is None:
        return own
    if not workings.recorder.is_placed(earning.component, credit):
        return None
    free = "" if earning.not_before is None else month_of(earning.not_before)
    ahead = workings.recorder.paid_ahead(earning.component, credit)
    return max(own, month_of(credit.order.by_day), free, ahead)
