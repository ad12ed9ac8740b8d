"""Whether a payee is paid by the plan, and if not, why."""

from dataclasses import dataclass

from premia_plan.reasons import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a payee is paid by the plan for an order or a period, and if not, why."""

    is_paid: bool
    is_accepted: bool = True
    reason: Reason | None = None
