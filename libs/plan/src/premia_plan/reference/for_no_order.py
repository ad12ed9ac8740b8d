"""An earning of a payee's period that is for no single order."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from premia_plan.period import end_day, last_month, next_period
from premia_plan.reference.earning import Earning
from premia_plan.reference.landing import months_after
from premia_plan.results import LineKind

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def earning_for_no_order(
    component: str,
    kind: LineKind,
    place: tuple[str, str],
    units: int,
    node_id: UUID,
    *,
    workings: "Workings",
    principal: str | None = None,
) -> Earning:
    """Return it, due when the component pays its periods; `place` is the payee and the period.

    Where no `principal` is named it is the one under whom the payee is in the plan then.
    """
    payee_id, period = place
    lands = next_period(last_month(period), months_after(component, workings.plan))
    standings = workings.payees.in_period
    if principal is None:
        principal = standings.principal(payee_id, period)
    return Earning(
        component,
        kind,
        payee_id,
        principal,
        units,
        node_id,
        period,
        None,
        standings.standing(payee_id, principal, period),
        end_day(lands) - timedelta(days=1),
        other_principal=standings.other_principal(payee_id, principal, period),
    )
