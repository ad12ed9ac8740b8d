"""The steps from an amount to what is paid: rounding, gates and caps, as listed."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import CapStep, GateStep, RoundStep, Step
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure, holds, input_nodes
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope


class Steps:
    """Applies a component's steps, on a credit or on a cell."""

    def __init__(self, steps: Sequence[Step], book: Book) -> None:
        self._steps = steps
        self._book = book

    def apply(
        self, figure: Figure, scope: FigureScope, *, key: tuple[str, ...], payee_id: str | None
    ) -> Figure:
        """Return the amount after all steps.

        Args:
            figure: the amount.
            scope: where the formulas of gates look their names up.
            key: tells the nodes of this amount from those of others.
            payee_id: whom the nodes are about.

        Raises:
            NotCalculated: if a gate asks for something that is missing.
        """
        for index, step in enumerate(self._steps):
            place = (*key, str(index))
            match step:
                case RoundStep():
                    figure = self._round(step, figure, place, payee_id)
                case GateStep() if figure.value != 0:
                    figure = self._gate(step, figure, scope, place, payee_id)
                case CapStep() if figure.value > Fraction(step.limit):
                    figure = self._cap(step, figure, place, payee_id)
        return figure

    def _round(
        self, step: RoundStep, figure: Figure, place: tuple[str, ...], payee_id: str | None
    ) -> Figure:
        units = self._book.units(figure.value)
        node_id = self._book.node(
            "step",
            *place,
            kind="rounded",
            value=self._book.money(units),
            unit="money",
            operation="round",
            payee_id=payee_id,
            detail={"clause": step.path, "rounding": "half_up", "places": self._book.places},
            children=(figure.node_id,),
        )
        return Figure(Fraction(units, 10**self._book.places), node_id)

    def _gate(
        self,
        step: GateStep,
        figure: Figure,
        scope: FigureScope,
        place: tuple[str, ...],
        payee_id: str | None,
    ) -> Figure:
        passed, nodes = self._ask(step, figure, scope)
        kept = figure.value if passed else Fraction(step.otherwise)
        node_id = self._book.node(
            "step",
            *place,
            kind="gate",
            value=self._book.text(kept, Unit.MONEY),
            unit="money",
            operation="gate",
            payee_id=payee_id,
            detail={
                "clause": step.path,
                "formula": step.condition.text,
                "inputs": step.condition.inputs,
                "otherwise": exact_text(step.otherwise),
                "passed": passed,
            },
            children=(figure.node_id, *nodes),
        )
        return Figure(kept, node_id)

    def _ask(
        self, step: GateStep, figure: Figure, scope: FigureScope
    ) -> tuple[bool, tuple[UUID, ...]]:
        try:
            return holds(step.condition, scope), input_nodes(step.condition, scope)
        except NotCalculated as refused:
            raise refused.after(figure.node_id) from None

    def _cap(
        self, step: CapStep, figure: Figure, place: tuple[str, ...], payee_id: str | None
    ) -> Figure:
        node_id = self._book.node(
            "step",
            *place,
            kind="cap",
            value=exact_text(step.limit),
            unit="money",
            operation="cap",
            payee_id=payee_id,
            detail={"clause": step.path, "limit": exact_text(step.limit)},
            children=(figure.node_id,),
        )
        return Figure(Fraction(step.limit), node_id)
