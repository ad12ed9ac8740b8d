"""How long after what it measures a component's pay lands."""

from premia_plan.checked import CellComponent, CheckedPlan


def months_after(component: str, plan: CheckedPlan) -> int:
    """Return how many months after its month a component's pay lands; 0 for pay on credits."""
    found = plan.components[component]
    return found.lands_after if isinstance(found, CellComponent) else 0
