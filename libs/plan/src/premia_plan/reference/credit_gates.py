"""Gates that hold what a credit earns until they are met."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from premia_plan.checked import CreditComponent, GateStep
from premia_plan.language import Formula, Value
from premia_plan.period import end_day
from premia_plan.reasons import because
from premia_plan.reference.credit import Credit
from premia_plan.reference.credit_scope import CreditScope, cell_names
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure, holds
from premia_plan.reference.gate_steps import GateSteps, held_by
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.workings import Workings


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
    """The gates of a component that hold what a credit earns.

    They are asked of the credit's own period, and of each later month: the first of which they
    hold releases the pay at its close.
    """

    def __init__(self, component: CreditComponent, workings: Workings) -> None:
        self.gates = [step for step in component.steps if isinstance(step, GateStep) and step.holds]
        self._steps = GateSteps(workings.book)
        self._asked = tuple(
            dict.fromkeys(cell_names((gate.condition for gate in self.gates), workings))
        )

    def held(
        self,
        figure: Figure,
        scope: Credit | CreditScope,
        key: tuple[str, ...],
        payee_id: str | None,
    ) -> Figure:
        """Return the same amount, resting on the gates of the month that decides.

        Raises:
            NotCalculated: if a gate asks for something that is missing in the credit's own period.
        """
        if not self.gates:
            return figure
        _, decides, _ = self._deciding(scope)
        for index, gate in enumerate(self.gates):
            node_id = self._steps.gate_node(
                gate,
                figure,
                decides,
                key=("hold", *key, str(index)),
                payee_id=payee_id,
                passed=holds(gate.condition, decides),
                kept=figure.value,
            )
            figure = Figure(figure.value, node_id)
        return figure

    def held_back(
        self, earning: Earning, scope: Credit | CreditScope, order: OrderFacts
    ) -> Earning:
        """Return an earning with what holds it, or the day from which nothing does.

        Raises:
            NotCalculated: if a gate asks for something that is missing in the credit's own period.
        """
        if not self.gates:
            return earning
        closes, decides, holder = self._deciding(scope)
        if holder is not None:
            return replace(earning, waits=because("gate_not_met", condition=holder.condition.text))
        days = [day for gate in self.gates if (day := _met_on(gate.condition, decides, order))]
        if closes is not None:
            days.append(end_day(closes) - timedelta(days=1))
        return replace(earning, not_before=max(days)) if days else earning

    def _deciding(
        self, scope: Credit | CreditScope
    ) -> tuple[str | None, Credit | CreditScope, GateStep | None]:
        """Return the later month that meets the gates, if it takes one, and what they ask.

        Where none does, the credit's own period decides, with the gate that holds.
        """
        holder = held_by(self.gates, scope)
        if holder is not None and isinstance(scope, CreditScope):
            for closes, later in scope.afterwards(self._asked):
                try:
                    if held_by(self.gates, later) is None:
                        return closes, later, None
                except NotCalculated:  # what is not known yet does not meet a gate
                    continue
        return None, scope, holder


def _met_on(condition: Formula, scope: FigureScope, order: OrderFacts) -> date | None:
    """Return the first day on which the states an order had reached let a condition hold."""
    if not condition.states:
        return None
    days = sorted(set(order.days.values()))
    return next((day for day in days if holds(condition, _UpTo(scope, day))), None)
