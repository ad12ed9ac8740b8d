"""Gates that hold what a period earns until a period meets them."""

from premia_plan.checked import CellComponent, GateStep
from premia_plan.period import last_month, next_period
from premia_plan.reasons import Reason, because
from premia_plan.reference.cell import restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.gate_steps import GateSteps, held_by
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.workings import Workings


class CellGates:
    """The gates of a component that hold a period's pay.

    They are asked at the close of the period, and of each later one: the first period of which
    they hold releases the pay at its own close.
    """

    def __init__(self, component: CellComponent, workings: Workings) -> None:
        self.gates = [step for step in component.steps if isinstance(step, GateStep) and step.holds]
        self._name = component.name
        self._workings = workings
        self._steps = GateSteps(workings.book)
        self._met: dict[tuple[str, str], tuple[str, GateStep | None]] = {}

    def held(self, figure: Figure, subject: str, period: str, as_of: str) -> Figure:
        """Return the same amount, resting on the gates of the period that decides.

        Raises:
            NotCalculated: if a gate asks for something that is missing in the period itself.
        """
        if not self.gates:
            return figure
        met, _ = self._asked(subject, period)
        scope = self._workings.scope(subject, met, last_month(met))
        for index, gate in enumerate(self.gates):
            node_id = self._steps.gate_node(
                gate,
                figure,
                scope,
                key=("hold", self._name, subject, period, restated(period, as_of), str(index)),
                payee_id=payee_of(subject),
                passed=held_by([gate], scope) is None,
                kept=figure.value,
            )
            figure = Figure(figure.value, node_id)
        return figure

    def waits(self, subject: str, period: str) -> Reason | None:
        """Return why a period's pay is held, if it still is."""
        holder = self._asked(subject, period)[1]
        if holder is None:
            return None
        return because("gate_not_met", condition=holder.condition.text)

    def lands_in(self, subject: str, period: str) -> str:
        """Return the month at whose end a period's pay is free."""
        met, holder = self._asked(subject, period)
        return last_month(period if holder is not None else met)

    def _asked(self, subject: str, period: str) -> tuple[str, GateStep | None]:
        """Return the period that meets the gates, or the period itself with the gate that holds.

        Raises:
            NotCalculated: if a gate asks for something that is missing in the period itself.
        """
        if not self.gates:
            return period, None
        found = self._met.get((subject, period))
        if found is None:
            found = self._met[subject, period] = self._first_met(subject, period)
        return found

    def _first_met(self, subject: str, period: str) -> tuple[str, GateStep | None]:
        holder = held_by(self.gates, self._workings.scope(subject, period, last_month(period)))
        later = period
        while holder is not None:
            later = next_period(later)
            if last_month(later) > self._workings.until:
                return period, holder
            scope = self._workings.scope(subject, later, last_month(later))
            try:
                if held_by(self.gates, scope) is None:
                    return later, None
            except NotCalculated:  # what is not known yet does not meet a gate
                continue
        return period, None
