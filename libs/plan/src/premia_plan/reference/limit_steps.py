"""Caps and floors among the steps, with what a cap carries from period to period."""

from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import CapStep, LimitStep
from premia_plan.language import Formula
from premia_plan.proration import Part
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import AMOUNT, Figure, free_name, number_from
from premia_plan.reference.step_place import Carry, Place, worked_out


@dataclass(frozen=True, slots=True)
class LimitSteps:
    """Keeps an amount within caps and floors, each with a node in the book."""

    _book: Book

    def limited(
        self, step: CapStep | LimitStep, figure: Figure, place: Place, carry: Carry | None
    ) -> Figure:
        """Return an amount within a limit; that of a negative credit is limited as its mirror.

        Raises:
            NotCalculated: if the limit asks for something that is missing.
        """
        carries = carry is not None and isinstance(step, LimitStep) and step.surplus != "lost"
        brought = carry.brought(figure) if carry is not None and carries else None
        if isinstance(step, LimitStep):
            figure = self._with_carried(figure, place, brought, step)
        limited = self._within(step, figure, place)
        if carry is not None and carries and limited.value != figure.value:
            carry.leaves(self._surplus(step, figure, limited, place))
        return limited

    def _within(self, step: CapStep | LimitStep, figure: Figure, place: Place) -> Figure:
        if place.is_negative and figure.value <= 0:
            return self._mirrored(step, figure, place)
        if isinstance(step, LimitStep):
            return self._limit(step, figure, place)
        if place.parts.cap is not None:
            return self._cap_for_part(step, place.parts.cap, figure, place)
        return self._cap(step, figure, place) if figure.value > Fraction(step.limit) else figure

    def _cap(self, step: CapStep, figure: Figure, place: Place) -> Figure:
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

    def _cap_for_part(self, step: CapStep, part: Part, figure: Figure, place: Place) -> Figure:
        limit = Fraction(step.limit) * part.ratio
        if figure.value <= limit:
            return figure
        text = f"min({AMOUNT}, {exact_text(step.limit)} * {part.counted} / {part.whole})"
        return worked_out(text, limit, figure, place, (step.path, "cap"), book=self._book)

    def _mirrored(self, step: CapStep | LimitStep, figure: Figure, place: Place) -> Figure:
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
        return worked_out(
            f"-{function}(-{amount}, {text})",
            value,
            figure,
            place,
            about,
            formulas=formulas,
            amount=amount,
            book=self._book,
        )

    def _limit(self, step: LimitStep, figure: Figure, place: Place) -> Figure:
        limit, text_of_limit = number_from(step.limit, place.scope), step.limit.text
        part = place.parts.cap if step.kind == "cap" else place.parts.floor
        if part is not None and (step.kind == "cap" or limit > 0):
            limit *= part.ratio
            text_of_limit = f"({text_of_limit}) * {part.counted} / {part.whole}"
        chosen, function = (
            (min(figure.value, limit), "min")
            if step.kind == "cap"
            else (max(figure.value, limit), "max")
        )
        if chosen == figure.value:
            return figure
        amount = free_name(step.limit)
        text, about = f"{function}({amount}, {text_of_limit})", (step.path, step.kind)
        return worked_out(
            text,
            chosen,
            figure,
            place,
            about,
            formulas=(step.limit,),
            amount=amount,
            book=self._book,
        )

    def _with_carried(
        self, figure: Figure, place: Place, brought: Figure | None, step: LimitStep
    ) -> Figure:
        if brought is None:
            return figure
        value = figure.value + brought.value
        return self._of_two("with_carried", "sum", value, (figure, brought), step, place)

    def _surplus(
        self, step: CapStep | LimitStep, before: Figure, after: Figure, place: Place
    ) -> Figure:
        value = before.value - after.value
        return self._of_two("surplus", "difference", value, (before, after), step, place)

    def _of_two(  # noqa: PLR0917 - what a node consists of
        self,
        kind: str,
        operation: str,
        value: Fraction,
        figures: tuple[Figure, Figure],
        step: CapStep | LimitStep,
        place: Place,
    ) -> Figure:
        node_id = self._book.node(
            kind.replace("_", " "),
            *place.key,
            kind=kind,
            value=self._book.text(value, Unit.MONEY),
            unit="money",
            operation=operation,
            payee_id=place.payee_id,
            detail={"clause": step.path},
            children=tuple(figure.node_id for figure in figures),
        )
        return Figure(value, node_id)
