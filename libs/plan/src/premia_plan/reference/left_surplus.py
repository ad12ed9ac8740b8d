"""What caps carry on or defer to what is still to come, or that nothing takes any more."""

from typing import TYPE_CHECKING

from premia_plan.period import end_day, last_month, next_period
from premia_plan.reasons import because
from premia_plan.reference.earning import Earning
from premia_plan.reference.settlement import Settlement

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings

_TO_DO = "Pay it by an adjustment, or accept that it lapses"


def tell_deferred(earning: Earning, year: str, out: Settlement) -> None:
    """Write what a cap cut off the last contract year's pay: it was deferred, and none follows.

    Somebody must decide what becomes of it.

    Args:
        earning: the surplus, as an earning of the credit of that year.
        year: the number of that year.
        out: what the line is written with.
    """
    book, credit = out.book, earning.credit
    if credit is None or last_month(earning.competence) < book.since:
        return
    reason = because("deferred_left", name=earning.component, year=year)
    book.exception(
        reason.code,
        f"Order {'/'.join(credit.order.key)}, {book.money(earning.units)} of {earning.component}: "
        f"{reason.text}",
        _TO_DO,
        payee_id=earning.payee_id,
        order_id=earning.order_id,
        month=earning.competence,
    )
    out.write(
        earning,
        "not_paid",
        month=None,
        units=earning.units,
        share=None,
        node_id=earning.node_id,
        reason=reason,
        event_month="surplus",
    )


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
            _TO_DO,
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
