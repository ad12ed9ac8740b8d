"""Pay of whole periods that more than one principal may owe."""

from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.reference.credited_by import credited_by
from premia_plan.relations import Relations


def owed_by_several(plan: CheckedPlan, relations: Relations) -> str | None:
    """Return why pay of whole periods must be split by principal; None if it need not.

    What is for no single order is owed by those for whom the orders were made. This engine puts
    it under the principal the payee is assigned to, which is the same where there is only one.
    """
    principals = {row.principal for row in relations.orders}
    principals |= {row.principal for row in relations.assignments}
    if len(principals) < 2:
        return None
    for name, component in plan.components.items():
        if not isinstance(component, CellComponent) or component.spread is not None:
            continue
        if credited_by(component, plan):
            return f"{name} of orders for several principals"
    return None
