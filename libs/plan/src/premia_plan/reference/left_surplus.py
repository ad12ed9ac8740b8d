"""What caps carry on to a period that is still to come, or that none takes any more."""

from typing import TYPE_CHECKING

from premia_plan.period import end_day, last_month, next_period
from premia_plan.reasons import because
from premia_plan.reference.earning import Earning
from premia_plan.reference.settlement import Settlement

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def tell_surplus(earning: Earning, whose: str, workings: "Workings", out: Settlement) -> None:
    """Write what a payee's last period carries on: held until the next one comes.

    Where none comes, because the plan ends or the payee left it, somebody must decide.

    Args:
        earning: the surplus, as an earning of the period that left it.
        whose: the subject of that period.
        workings: the calculation.
        out: what the line is written with.
    """
    book, period, component = workings.book, earning.competence, earning.component
    is_last = end_day(period) >= workings.plan.valid_to
    is_over = is_last or last_month(next_period(period)) <= workings.until
    if is_over and last_month(period) < book.since:
        return
    code = "surplus_left" if is_over else "surplus_carried"
    reason = because(code, month=period, component=component)
    if is_over:
        book.exception(
            reason.code,
            f"{whose}, {book.money(earning.units)} of {component}: {reason.text}",
            "Pay it by an adjustment, or accept that it lapses",
            payee_id=earning.payee_id,
            month=period,
        )
    out.write(
        earning,
        "not_paid" if is_over else "held",
        month=None,
        units=earning.units,
        share=None,
        node_id=earning.node_id,
        reason=reason,
        event_month="surplus",
    )
