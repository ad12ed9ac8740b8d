"""For which part of a period a payee is in the plan, and figures scaled by it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from premia_plan.checked import Proration
from premia_plan.period import end_day, first_day
from premia_plan.proration import Part, Stretch, part_of
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.subject import payee_of
from premia_plan.relations import Relations


class Presence:
    """Answers by payee; a payee without an assignment to the plan was never in it."""

    def __init__(self, proration: Proration, relations: Relations) -> None:
        self._proration = proration
        self._holidays = frozenset(row.on for row in relations.holidays)
        self._held: dict[str, list[Stretch]] = defaultdict(list)
        self._away: dict[str, list[Stretch]] = defaultdict(list)
        self._parts: dict[tuple[str, str], Part] = {}
        for row in relations.assignments:
            self._held[row.payee_id].append((row.valid_from, row.valid_to))
        if not proration.leave_counts:
            for leave in relations.leaves:
                self._away[leave.payee_id].append((leave.valid_from, leave.valid_to))

    @property
    def held(self) -> Mapping[str, Sequence[Stretch]]:
        """Return when each payee is assigned."""
        return self._held

    def joined(self, payee_id: str) -> date:
        """Return the first day on which a payee is assigned; the first of all without limit."""
        starts = [start or date.min for start, _ in self._held.get(payee_id, ())]
        return min(starts, default=date.min)

    def part(self, payee_id: str, period: str) -> Part:
        """Return for which part of a period a payee is in the plan, leave counted as it says."""
        found = self._parts.get((payee_id, period))
        if found is None:
            found = self._parts[payee_id, period] = self._count(payee_id, period)
        return found

    def _count(self, payee_id: str, period: str) -> Part:
        held = self._held.get(payee_id, ())
        start, end = first_day(period), end_day(period)
        away = [
            (first, last)
            for first, last in self._away.get(payee_id, ())
            if (first is None or first < end) and (last is None or last > start)
        ]
        is_all = any(
            (first is None or first <= start) and (last is None or last >= end)
            for first, last in held
        )
        if is_all and not away:
            return Part(1, 1)
        return part_of(period, held, away, self._proration.basis, self._holidays)


class ForPart(Remembered):
    """A figure that counts in part for a payee who is in the plan for part of its period."""

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
        super().__init__(self._find)
        self.over = whole.over
        self.is_known_ahead = whole.is_known_ahead
        self._name = name
        self._whole = whole
        self._presence = presence
        self._proration = proration
        self._unit = unit
        self._book = book

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the whole figure."""
        return self._whole.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the whole figure changes."""
        return self._whole.changes(subject, period)

    def _find(self, subject: str, period: str, as_of: str) -> Figure:
        payee_id = payee_of(subject)
        if payee_id is None:
            return self._whole.at(subject, period, as_of)
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
            payee_id=subject,
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
