"""The steps from an amount to what is paid, as listed: round, multiply, gate, floor, cap."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from premia_common.money import LARGEST_EXPONENT
from premia_plan.checked import (
    CapStep,
    GateStep,
    GroupLimit,
    LimitStep,
    MultiplyStep,
    RoundStep,
    Step,
)
from premia_plan.language.arithmetic import rounded
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.figure import AMOUNT, Figure, free_name, holds, number_from
from premia_plan.reference.gate_steps import GateSteps
from premia_plan.reference.limit_steps import LimitSteps
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.step_place import WHOLLY, Carry, LimitParts, Place, worked_out


class Steps:
    """Applies a component's steps, on a credit or on a cell."""

    def __init__(self, steps: Sequence[Step], book: Book) -> None:
        self._steps = steps
        self._book = book
        self._gates = GateSteps(book)
        self._limits = LimitSteps(book)

    def apply(
        self,
        amount: Callable[[], Figure],
        scope: FigureScope,
        *,
        key: tuple[str, ...],
        payee_id: str | None,
        carry: Carry | None = None,
        parts: LimitParts = WHOLLY,
        is_negative: bool = False,
    ) -> Figure:
        """Return the amount after all steps; a floor does not raise what a gate turned away.

        Where a condition is asked first and does not hold, the amount is not worked out. A gate
        is not asked where the amount is zero and it would be zero either way.

        Args:
            amount: works the amount out.
            scope: where the formulas of the steps look their names up.
            key: tells the nodes of this amount from those of others.
            payee_id: whom the nodes are about.
            carry: what a cap brings from another period and leaves to the next, if it does.
            parts: the parts of the period by which caps and floors count.
            is_negative: whether it is of a negative credit, whose pay is limited as its mirror.

        Raises:
            NotCalculated: if the amount or a step asks for something that is missing.
        """
        unasked = self._gates.unasked(self._asked_first, Place(scope, (*key, "0"), payee_id, parts))
        is_turned_away = unasked is not None
        figure = amount() if unasked is None else unasked
        for index, step in enumerate(self._steps):
            place = Place(scope, (*key, str(index)), payee_id, parts, is_negative)
            try:
                match step:
                    case RoundStep():
                        figure = self._round(step, figure, place)
                    case MultiplyStep():
                        figure = self._multiply(step, figure, place)
                    case GateStep(asked_first=True) if unasked is not None:
                        continue
                    case GateStep(holds=False) if figure.value != 0 or self._tells(index):
                        passed, figure = self._gates.gate(step, figure, place)
                        is_turned_away = is_turned_away or not passed
                    case LimitStep(kind="floor") if is_turned_away:
                        continue
                    case CapStep() | LimitStep():
                        figure = self._limits.limited(step, figure, place, carry)
                    case GroupLimit() | GateStep():
                        continue
            except NotCalculated as refused:
                raise refused.after(figure.node_id) from None
        return _that_a_ledger_holds(figure)

    def asks_amount(self, scope: FigureScope) -> bool:
        """Say whether the condition that is asked first, if there is one, holds.

        Raises:
            NotCalculated: if it asks for something that is missing.
        """
        step = self._asked_first
        return step is None or holds(step.condition, scope)

    def _tells(self, index: int) -> bool:
        """Say whether a gate can make a difference to an amount of zero."""
        step, later = self._steps[index], self._steps[index + 1 :]
        return (isinstance(step, GateStep) and step.gives_instead) or any(
            isinstance(other, LimitStep) and other.kind == "floor" for other in later
        )

    @property
    def _asked_first(self) -> GateStep | None:
        first = self._steps[0] if self._steps else None
        return first if isinstance(first, GateStep) and first.asked_first else None

    def _round(self, step: RoundStep, figure: Figure, place: Place) -> Figure:
        if not step.is_plain:
            return self._round_to(step, figure, place)
        units = self._book.units(figure.value)
        node_id = self._book.node(
            "step",
            *place.key,
            kind="rounded",
            value=self._book.money(units),
            unit="money",
            operation="round",
            payee_id=place.payee_id,
            detail={"clause": step.path, "rounding": "half_up", "places": self._book.places},
            children=(figure.node_id,),
        )
        return Figure(Fraction(units, 10**self._book.places), node_id)

    def _round_to(self, step: RoundStep, figure: Figure, place: Place) -> Figure:
        to = Fraction(1, 10**self._book.places) if step.to is None else step.to
        text = f"round({AMOUNT}, to: {exact_text(to)}, {step.mode})"
        value = rounded(figure.value, to, step.mode)
        return worked_out(text, value, figure, place, (step.path, "rounded"), book=self._book)

    def _multiply(self, step: MultiplyStep, figure: Figure, place: Place) -> Figure:
        value = figure.value * number_from(step.factor, place.scope)
        amount = free_name(step.factor)
        text = f"{amount} * ({step.factor.text})"
        about = (step.path, "multiplied")
        return worked_out(
            text,
            value,
            figure,
            place,
            about,
            formulas=(step.factor,),
            amount=amount,
            book=self._book,
        )


def _that_a_ledger_holds(figure: Figure) -> Figure:
    """Return a figure; several of the largest still add up to what a statement can say."""
    if abs(figure.value) < 10**LARGEST_EXPONENT:
        return figure
    digits = abs(int(figure.value)).bit_length() * 301 // 1000 + 1
    reason = because("amount_too_large", digits=str(digits))
    raise NotCalculated(reason, "Correct the fact that makes it so large", figure.node_id)
