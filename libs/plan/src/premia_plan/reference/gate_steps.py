"""Gates among the steps: what an amount is where a condition does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import GateStep, Step
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import (
    AMOUNT,
    Figure,
    free_name,
    holds,
    input_nodes,
    not_asked,
    number_from,
)
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.step_place import Place, worked_out


@dataclass(frozen=True, slots=True)
class GateSteps:
    """Takes an amount through gates, each with a node in the book."""

    _book: Book

    def unasked(self, step: GateStep | None, place: Place) -> Figure | None:
        """Return the zero of a condition that is asked first and does not hold, if there is one.

        Raises:
            NotCalculated: if the condition asks for something that is missing.
        """
        if step is None or holds(step.condition, place.scope):
            return None
        condition = step.condition
        amount = free_name(condition)
        node_id = self._book.node(
            "step",
            *place.key,
            kind="condition_not_met",
            value=self._book.money(0),
            unit="money",
            operation="formula",
            payee_id=place.payee_id,
            detail={
                "clause": step.path,
                "condition": condition.text,
                "formula": f"if {condition.text} then {amount} else 0",
                "inputs": [*condition.inputs, amount],
            },
            children=(
                *input_nodes(condition, place.scope, self._book),
                not_asked(AMOUNT, step.path, self._book),
            ),
        )
        return Figure(Fraction(0), node_id)

    def gate(self, step: GateStep, figure: Figure, place: Place) -> tuple[bool, Figure]:
        """Return whether an amount passes, and what is left of it or given instead.

        Raises:
            NotCalculated: if the gate asks for something that is missing.
        """
        passed = holds(step.condition, place.scope)
        if not passed and (step.instead is not None or step.factor is not None):
            return False, self._instead(step, figure, place)
        kept = figure.value if passed else Fraction(step.otherwise)
        node_id = self.gate_node(
            step,
            figure,
            place.scope,
            key=("step", *place.key),
            payee_id=place.payee_id,
            passed=passed,
            kept=kept,
        )
        return passed, Figure(kept, node_id)

    def gate_node(
        self,
        step: GateStep,
        figure: Figure,
        scope: FigureScope,
        *,
        key: tuple[str, ...],
        payee_id: str | None,
        passed: bool,
        kept: Fraction,
    ) -> UUID:
        """Write the node of a gate that keeps an amount, or gives another in its place."""
        return self._book.node(
            *key,
            kind="hold" if step.holds else "gate",
            value=self._book.text(kept, Unit.MONEY),
            unit="money",
            operation="gate",
            payee_id=payee_id,
            detail={
                "clause": step.path,
                "formula": step.condition.text,
                "inputs": step.condition.inputs,
                "otherwise": exact_text(kept if step.holds else step.otherwise),
                "passed": passed,
            },
            children=(figure.node_id, *input_nodes(step.condition, scope, self._book)),
        )

    def _instead(self, step: GateStep, figure: Figure, place: Place) -> Figure:
        """Return what a gate that is not met gives: an amount worked out, or a part."""
        given = step.instead if step.instead is not None else step.factor
        if given is None:
            raise TypeError(f"{step.path} gives nothing else")
        value, amount = number_from(given, place.scope), free_name(step.condition, given)
        other = f"({given.text})"
        if step.instead is None:
            value, other = figure.value * value, f"{amount} * ({given.text})"
        text = f"if {step.condition.text} then {amount} else {other}"
        about, formulas = (step.path, "gate"), (step.condition, given)
        return worked_out(
            text, value, figure, place, about, formulas=formulas, amount=amount, book=self._book
        )


def held_by(steps: Sequence[Step], scope: FigureScope) -> GateStep | None:
    """Return the first gate that holds an amount back, if one does.

    Raises:
        NotCalculated: if a gate asks for something that is missing.
    """
    for step in steps:
        if isinstance(step, GateStep) and step.holds and not holds(step.condition, scope):
            return step
    return None
