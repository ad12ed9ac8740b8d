"""Figures that count in part for a payee who is in the plan for part of their period."""

from abc import abstractmethod
from collections.abc import Iterable
from fractions import Fraction

from premia_plan.checked import Proration
from premia_plan.proration import Part
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.presence import Presence
from premia_plan.reference.subject import payee_of


class InPart(Remembered):
    """A whole figure, and how it counts for a payee; figures of no single payee count whole."""

    def __init__(
        self, whole: CellFigure, presence: Presence, *, proration: Proration, book: Book
    ) -> None:
        super().__init__(self._find)
        self.over = whole.over
        self.is_known_ahead = whole.is_known_ahead
        self._whole = whole
        self._presence = presence
        self._proration = proration
        self._book = book

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the whole figure."""
        return self._whole.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the whole figure changes."""
        return self._whole.changes(subject, period)

    def _find(self, subject: str, period: str, as_of: str) -> Figure:
        if payee_of(subject) is None:
            return self._whole.at(subject, period, as_of)
        return self._of_payee(subject, period, as_of)

    @abstractmethod
    def _of_payee(self, subject: str, period: str, as_of: str) -> Figure:
        """Return how the figure counts for a payee, or for the head of a team."""


class ForPart(InPart):
    """A figure that is cut to the part of its period in which the payee is in the plan."""

    def __init__(
        self,
        name: str,
        whole: CellFigure,
        presence: Presence,
        *,
        proration: Proration,
        unit: Unit,
        book: Book,
    ) -> None:
        super().__init__(whole, presence, proration=proration, book=book)
        self._name = name
        self._unit = unit

    def _of_payee(self, subject: str, period: str, as_of: str) -> Figure:
        payee_id = payee_of(subject) or ""
        part = self._presence.part(payee_id, period)
        own = own_periods(period, self.over)
        if own:
            counted = [each for each in own if self._presence.part(payee_id, each).counted]
            parts = [self.at(subject, each, as_of) for each in counted]
            key = ("for part", self._name, subject, period, restated(period, as_of))
            return added_up(parts, key, self._proration.path, self._unit, self._book)
        whole = self._whole.at(subject, period, as_of)
        return whole if part.is_all else self._part_of(whole, part, subject, period, as_of)

    def _part_of(self, whole: Figure, part: Part, subject: str, period: str, as_of: str) -> Figure:
        value = whole.value * part.counted / part.whole
        node_id = self._book.node(
            "for part",
            self._name,
            subject,
            period,
            restated(period, as_of),
            kind="figure_for_part",
            value=self._book.text(value, self._unit),
            unit=self._unit.value,
            operation="days",
            payee_id=payee_of(subject),
            detail={
                "clause": self._proration.path,
                "measure": self._name,
                "month": period,
                "basis": self._proration.basis,
                "days": part.counted,
                "of_days": part.whole,
            },
            children=(whole.node_id,),
        )
        return Figure(Fraction(value), node_id)
