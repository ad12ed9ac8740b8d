"""Gates that hold what a credit earns until they are met."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from premia_plan.checked import CreditComponent, GateStep
from premia_plan.language import Formula, Value
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure, holds
from premia_plan.reference.gate_steps import GateSteps, held_by
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.scope import FigureScope


@dataclass(frozen=True, slots=True)
class _UpTo:
    """A scope as it was on a day, as far as the states of its order go."""

    scope: FigureScope
    day: date

    def value(self, name: str) -> Value | None:
        """Return a value, which is that of today."""
        return self.scope.value(name)

    def node(self, name: str) -> UUID:
        """Return the node of a value."""
        return self.scope.node(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day of a state that was reached by then."""
        reached = self.scope.day_reached(state)
        return None if reached is None or reached > self.day else reached


class CreditGates:
    """The gates of a component that hold what a credit earns."""

    def __init__(self, component: CreditComponent, book: Book) -> None:
        self.gates = [step for step in component.steps if isinstance(step, GateStep) and step.holds]
        self._steps = GateSteps(book)

    def held(
        self, figure: Figure, scope: FigureScope, key: tuple[str, ...], payee_id: str | None
    ) -> Figure:
        """Return the same amount, resting on the gates too.

        Raises:
            NotCalculated: if a gate asks for something that is missing.
        """
        for index, gate in enumerate(self.gates):
            node_id = self._steps.gate_node(
                gate,
                figure,
                scope,
                key=("hold", *key, str(index)),
                payee_id=payee_id,
                passed=holds(gate.condition, scope),
                kept=figure.value,
            )
            figure = Figure(figure.value, node_id)
        return figure

    def held_back(self, earning: Earning, scope: FigureScope, order: OrderFacts) -> Earning:
        """Return an earning with what holds it, or the day from which nothing does.

        Raises:
            NotCalculated: if a gate asks for something that is missing.
        """
        holder = held_by(self.gates, scope)
        if holder is not None:
            return replace(earning, waits=because("gate_not_met", condition=holder.condition.text))
        days = [day for gate in self.gates if (day := _met_on(gate.condition, scope, order))]
        return replace(earning, not_before=max(days)) if days else earning


def _met_on(condition: Formula, scope: FigureScope, order: OrderFacts) -> date | None:
    """Return the first day on which the states an order had reached let a condition hold."""
    if not condition.states:
        return None
    days = sorted(set(order.days.values()))
    return next((day for day in days if holds(condition, _UpTo(scope, day))), None)
