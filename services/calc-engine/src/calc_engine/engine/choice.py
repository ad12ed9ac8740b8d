"""Which engine calculates: the reference for small scopes, the set-based one for large."""

from calc_engine.engine.arrange import arrange
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.reference_calculator import ReferenceCalculator
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import Calculation

ORDERS_FROM = 2_000
"""From so many orders on, sets are worth their start: planning the statements costs more than
walking fewer orders one by one."""

_ANY_MONTH = Month(2026, 1)


def unsupported(plan: CheckedPlan) -> tuple[str, ...]:
    """Return why the set-based engine cannot calculate a plan; nothing if it can."""
    arranged = arrange(plan, Relations()).arranged
    try:
        Lowering(plan, arranged, since=None, until=_ANY_MONTH).program()
    except NotLowered as refused:
        return (refused.reason,)
    return ()


class ChosenCalculator:
    """Calculates with the engine that fits the size of the scope and the plan.

    Both give the same result to the last digit, so the choice is one of cost alone. A plan or
    facts that the set-based engine does not express go to the reference engine at any size.
    """

    def __init__(self, orders_from: int = ORDERS_FROM) -> None:
        self._orders_from = orders_from
        self._reference = ReferenceCalculator()
        self._by_sets = SetBasedCalculator()

    @property
    def engine(self) -> str:
        """Names and versions of both engines, as manifests record them."""
        return f"{self._reference.engine}, {self._by_sets.engine}"

    def calculate(
        self, plan: CheckedPlan, relations: Relations, *, since: Month, until: Month
    ) -> Calculation:
        """Return the lines landing from one month up to and including another.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
        """
        if len(relations.orders) < self._orders_from:
            return calculate(plan, relations, since=since, until=until)
        try:
            return self._by_sets.calculate(plan, relations, since=since, until=until)
        except NotLowered:
            return calculate(plan, relations, since=since, until=until)
