"""The steps from an amount to what is paid, as listed: round, multiply, gate, floor, cap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from premia_plan.checked import (
    CapStep,
    GateStep,
    GroupLimit,
    LimitStep,
    MultiplyStep,
    RoundStep,
    Step,
)
from premia_plan.language import Formula
from premia_plan.language.arithmetic import rounded
from premia_plan.proration import Part
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import (
    AMOUNT,
    Figure,
    free_name,
    holds,
    input_node,
    input_nodes,
    not_asked,
    number_from,
)
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope


class Carry(Protocol):
    """What a cap's surplus brings from the payee's last period, and leaves for the next."""

    def brought(self) -> Figure | None:
        """Return what was carried here.

        Raises:
            NotCalculated: if the period it comes from cannot be worked out.
        """

    def leaves(self, surplus: Figure) -> None:
        """Take what a cap cut off."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step is taken: the scope of its formulas, the key of its node, and whose it is."""

    scope: FigureScope
    key: tuple[str, ...]
    payee_id: str | None
    part: Part | None = None
    is_negative: bool = False


class Steps:
    """Applies a component's steps, on a credit or on a cell."""

    def __init__(self, steps: Sequence[Step], book: Book) -> None:
        self._steps = steps
        self._book = book

    def apply(
        self,
        amount: Callable[[], Figure],
        scope: FigureScope,
        *,
        key: tuple[str, ...],
        payee_id: str | None,
        carry: Carry | None = None,
        part: Part | None = None,
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
            part: the part of the period by which caps count, where it is not all.
            is_negative: whether it is of a negative credit, whose pay is limited as its mirror.

        Raises:
            NotCalculated: if the amount or a step asks for something that is missing.
        """
        unasked = self._unasked(_Place(scope, (*key, "0"), payee_id, part))
        is_turned_away = unasked is not None
        figure = amount() if unasked is None else unasked
        for index, step in enumerate(self._steps):
            place = _Place(scope, (*key, str(index)), payee_id, part, is_negative)
            try:
                match step:
                    case RoundStep():
                        figure = self._round(step, figure, place)
                    case MultiplyStep():
                        figure = self._multiply(step, figure, place)
                    case GateStep(asked_first=True) if unasked is not None:
                        continue
                    case GateStep(holds=False) if figure.value != 0 or self._tells(index):
                        passed, figure = self._gate(step, figure, place)
                        is_turned_away = is_turned_away or not passed
                    case LimitStep(kind="floor") if is_turned_away:
                        continue
                    case CapStep() | LimitStep():
                        figure = self._limited(step, figure, place, carry)
                    case GroupLimit() | GateStep():
                        continue
            except NotCalculated as refused:
                raise refused.after(figure.node_id) from None
        return figure

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

    def _unasked(self, place: _Place) -> Figure | None:
        """Return the zero of a condition that is asked first and does not hold, if there is one.

        Raises:
            NotCalculated: if the condition asks for something that is missing.
        """
        step = self._asked_first
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

    def _round(self, step: RoundStep, figure: Figure, place: _Place) -> Figure:
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

    def _round_to(self, step: RoundStep, figure: Figure, place: _Place) -> Figure:
        to = Fraction(1, 10**self._book.places) if step.to is None else step.to
        text = f"round({AMOUNT}, to: {exact_text(to)}, {step.mode})"
        value = rounded(figure.value, to, step.mode)
        return self._worked_out(text, value, figure, place, (step.path, "rounded"))

    def _multiply(self, step: MultiplyStep, figure: Figure, place: _Place) -> Figure:
        value = figure.value * number_from(step.factor, place.scope)
        amount = free_name(step.factor)
        text = f"{amount} * ({step.factor.text})"
        about = (step.path, "multiplied")
        return self._worked_out(
            text, value, figure, place, about, formulas=(step.factor,), amount=amount
        )

    def _gate(self, step: GateStep, figure: Figure, place: _Place) -> tuple[bool, Figure]:
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

    def _instead(self, step: GateStep, figure: Figure, place: _Place) -> Figure:
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
        return self._worked_out(text, value, figure, place, about, formulas=formulas, amount=amount)

    def _cap(self, step: CapStep, figure: Figure, place: _Place) -> Figure:
        node_id = self._book.node(
            "step",
            *place.key,
            kind="cap",
            value=exact_text(step.limit),
            unit="money",
            operation="cap",
            payee_id=place.payee_id,
            detail={"clause": step.path, "limit": exact_text(step.limit)},
            children=(figure.node_id,),
        )
        return Figure(Fraction(step.limit), node_id)

    def _cap_for_part(self, step: CapStep, part: Part, figure: Figure, place: _Place) -> Figure:
        limit = Fraction(step.limit) * part.ratio
        if figure.value <= limit:
            return figure
        text = f"min({AMOUNT}, {exact_text(step.limit)} * {part.counted} / {part.whole})"
        return self._worked_out(text, limit, figure, place, (step.path, "cap"))

    def _limited(
        self, step: CapStep | LimitStep, figure: Figure, place: _Place, carry: Carry | None
    ) -> Figure:
        if place.is_negative and figure.value <= 0:
            return self._mirrored(step, figure, place)
        if isinstance(step, LimitStep):
            return self._limit(step, figure, place, carry)
        if place.part is not None:
            return self._cap_for_part(step, place.part, figure, place)
        return self._cap(step, figure, place) if figure.value > Fraction(step.limit) else figure

    def _mirrored(self, step: CapStep | LimitStep, figure: Figure, place: _Place) -> Figure:
        """Limit the opposite of a negative credit's amount, and negate what that gives."""
        kind, formulas = "cap", list[Formula]()
        if isinstance(step, LimitStep):
            kind, limit = step.kind, number_from(step.limit, place.scope)
            formulas = [step.limit]
            text = f"abs({step.limit.text})" if limit < 0 else step.limit.text
        else:
            limit, text = Fraction(step.limit), exact_text(step.limit)
        function, least = ("min", min) if kind == "cap" else ("max", max)
        value = -least(-figure.value, abs(limit))
        if value == figure.value:
            return figure
        amount = free_name(*formulas)
        about = (step.path, kind)
        return self._worked_out(
            f"-{function}(-{amount}, {text})",
            value,
            figure,
            place,
            about,
            formulas=formulas,
            amount=amount,
        )

    def _limit(self, step: LimitStep, figure: Figure, place: _Place, carry: Carry | None) -> Figure:
        limit, text_of_limit = number_from(step.limit, place.scope), step.limit.text
        if place.part is not None and step.kind == "cap":
            limit *= place.part.ratio
            text_of_limit = f"({text_of_limit}) * {place.part.counted} / {place.part.whole}"
        if carry is not None and step.surplus == "carried":
            figure = self._with_carried(figure, place, carry.brought(), step)
        chosen, function = (
            (min(figure.value, limit), "min")
            if step.kind == "cap"
            else (max(figure.value, limit), "max")
        )
        if chosen == figure.value:
            return figure
        amount = free_name(step.limit)
        text, about = f"{function}({amount}, {text_of_limit})", (step.path, step.kind)
        limited = self._worked_out(
            text, chosen, figure, place, about, formulas=(step.limit,), amount=amount
        )
        if carry is not None and step.surplus == "carried":
            carry.leaves(self._surplus(step, figure, limited, place))
        return limited

    def _with_carried(
        self, figure: Figure, place: _Place, brought: Figure | None, step: LimitStep
    ) -> Figure:
        if brought is None:
            return figure
        value = figure.value + brought.value
        node_id = self._book.node(
            "with carried",
            *place.key,
            kind="with_carried",
            value=self._book.text(value, Unit.MONEY),
            unit="money",
            operation="sum",
            payee_id=place.payee_id,
            detail={"clause": step.path},
            children=(figure.node_id, brought.node_id),
        )
        return Figure(value, node_id)

    def _surplus(self, step: LimitStep, before: Figure, after: Figure, place: _Place) -> Figure:
        value = before.value - after.value
        node_id = self._book.node(
            "surplus",
            *place.key,
            kind="surplus",
            value=self._book.text(value, Unit.MONEY),
            unit="money",
            operation="difference",
            payee_id=place.payee_id,
            detail={"clause": step.path},
            children=(before.node_id, after.node_id),
        )
        return Figure(value, node_id)

    def _worked_out(
        self,
        text: str,
        value: Fraction,
        figure: Figure,
        place: _Place,
        about: tuple[str, str],
        *,
        formulas: Sequence[Formula] = (),
        amount: str = AMOUNT,
    ) -> Figure:
        """Write the node of a step that is a formula over the amount and its own inputs."""
        path, kind = about
        nodes = {
            name: input_node(name, formula, place.scope, self._book)
            for formula in formulas
            for name in formula.inputs
        }
        node_id = self._book.node(
            "step",
            *place.key,
            kind=f"{kind}_worked_out" if kind in {"gate", "cap", "floor"} else kind,
            value=self._book.text(value, Unit.MONEY),
            unit="money",
            operation="formula",
            payee_id=place.payee_id,
            detail={"clause": path, "formula": text, "inputs": [amount, *nodes]},
            children=(figure.node_id, *nodes.values()),
        )
        return Figure(value, node_id)


def held_by(steps: Sequence[Step], scope: FigureScope) -> GateStep | None:
    """Return the first gate that holds an amount back, if one does.

    Raises:
        NotCalculated: if a gate asks for something that is missing.
    """
    for step in steps:
        if isinstance(step, GateStep) and step.holds and not holds(step.condition, scope):
            return step
    return None
