"""Targets: recorded or worked out for a subject and period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

from premia_plan.checked import TargetRule
from premia_plan.language import Formula
from premia_plan.period import enclosing, end_day, first_day, months_of
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.loaded import to_record
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.subject import payee_of
from premia_plan.reference.subjects import Subjects
from premia_plan.relations import TargetRow


class TargetFigures(Remembered):
    """The targets of one rule; a part of a period has the target of the whole."""

    def __init__(
        self,
        rule: TargetRule,
        rows: Iterable[TargetRow],
        *,
        subjects: Subjects,
        inputs: Sequence[CellFigure],
        scope: Callable[[str, str, str], FigureScope],
        book: Book,
    ) -> None:
        super().__init__(self._find)
        self.over = rule.over
        self.is_known_ahead = True
        self._rule = rule
        self._subjects = subjects
        self._inputs = inputs
        self._scope = scope
        self._book = book
        self._rows: dict[CellKey, list[TargetRow]] = defaultdict(list)
        for row in rows:
            if row.name == rule.name:
                self._rows[row.payee_id, row.month].append(row)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that have a recorded target, in order."""
        return sorted(self._rows)

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which what it is worked out from changes."""
        return frozenset().union(*(figure.changes(subject, period) for figure in self._inputs))

    def _find(self, subject: str, period: str, as_of: str) -> Figure:
        longer = enclosing(period, self._rule.over)
        if len(months_of(period)) < len(months_of(longer)):
            period = longer
        whose = self._subjects.seen_by(subject, self._rule.per, period)
        own = own_periods(period, self._rule.over)
        if own:
            rule = self._rule
            parts = [self.at(subject, each, as_of) for each in own]
            key = ("target", rule.name, whose, period, restated(period, as_of))
            return added_up(parts, key, rule.path, rule.unit, self._book)
        return self._first_known(whose, period, as_of)

    def _first_known(self, subject: str, period: str, as_of: str) -> Figure:
        sources, refused = self._rule.sources, list[NotCalculated]()
        for place, source in enumerate(sources):
            try:
                figure = self._from(source, place, subject, period, as_of)
            except NotCalculated as error:
                refused.append(error)
                continue
            if figure.value > 0:
                return self._chosen(figure, place, refused, (subject, period, as_of))
            refused.append(self._refusal("zero", subject, period))
        return self._instead(refused, subject, period)

    def _from(
        self, source: Formula | str, place: int, subject: str, period: str, as_of: str
    ) -> Figure:
        if not isinstance(source, Formula):
            return self._recorded(subject, period)
        return figure_of(
            source,
            self._scope(subject, period, as_of),
            self._book,
            key=(
                "target",
                self._rule.name,
                subject,
                period,
                restated(period, as_of),
                f"source {place}",
            ),
            kind="target_worked_out",
            unit=self._rule.unit,
            payee_id=payee_of(subject),
        )

    def _chosen(
        self,
        figure: Figure,
        place: int,
        refused: Sequence[NotCalculated],
        cell: tuple[str, str, str],
    ) -> Figure:
        """Return the target with why the sources before it gave none."""
        if not place:
            return figure
        subject, period, as_of = cell
        node_id = self._book.node(
            "target",
            self._rule.name,
            subject,
            period,
            restated(period, as_of),
            "first of",
            kind="target_first_known",
            value=self._book.text(figure.value, self._rule.unit),
            unit=self._rule.unit.value,
            operation="same",
            payee_id=payee_of(subject),
            detail={
                "clause": f"{self._rule.path}/first_of/{place}",
                "measure": self._rule.name,
                "month": period,
                "before": "; ".join(_why(error.reason.text) for error in refused),
                "before_it": "; ".join(_why(error.reason.in_italian) for error in refused),
            },
            children=(figure.node_id,),
        )
        return Figure(figure.value, node_id)

    def _recorded(self, subject: str, period: str) -> Figure:
        rows = sorted(
            self._rows.get((subject, period), ()), key=lambda row: row.valid_from or date.min
        )
        if not rows:
            raise self._refusal("missing", subject, period)
        starts = [row.valid_from or date.min for row in rows]
        if len(set(starts)) != len(starts):
            raise self._refusal("ambiguous", subject, period)
        if self._rule.changed == "time weighted" and len(rows) > 1:
            return self._time_weighted(rows, subject, period)
        return self._leaf(rows[-1])

    def _leaf(self, row: TargetRow) -> Figure:
        value, unit = Fraction(row.amount), self._rule.unit
        since = () if row.valid_from is None else (row.valid_from.isoformat(),)
        node_id = self._book.node(
            "target",
            row.name,
            row.payee_id,
            row.month,
            *since,
            kind="target",
            value=self._book.text(value, unit),
            unit=unit.value,
            payee_id=payee_of(row.payee_id),
            detail={"measure": row.name, "month": row.month},
            source=row.source,
        )
        return Figure(value, node_id)

    def _time_weighted(self, rows: Sequence[TargetRow], subject: str, period: str) -> Figure:
        """Return the targets of a period, each for the days on which it held."""
        start, end = first_day(period), end_day(period)
        begins = [start, *(max(start, row.valid_from or start) for row in rows[1:])]
        ends = [*begins[1:], end]
        days = [max(0, (until - since).days) for since, until in zip(begins, ends, strict=True)]
        leaves = [self._leaf(row) for row in rows]
        total = sum(
            (leaf.value * count for leaf, count in zip(leaves, days, strict=True)), Fraction(0)
        )
        value = total / sum(days)
        node_id = self._book.node(
            "target",
            self._rule.name,
            subject,
            period,
            "time weighted",
            kind="target_time_weighted",
            value=self._book.text(value, self._rule.unit),
            unit=self._rule.unit.value,
            operation="weighted_average",
            payee_id=payee_of(subject),
            detail={
                "clause": f"{self._rule.path}/changed",
                "measure": self._rule.name,
                "month": period,
                "weights": [str(count) for count in days],
            },
            children=tuple([leaf.node_id for leaf in leaves]),
        )
        return Figure(value, node_id)

    def _instead(self, refused: Sequence[NotCalculated], subject: str, period: str) -> Figure:
        """Return what the plan lets count where no source knows a target above zero.

        Raises:
            NotCalculated: if it says nothing.
        """
        rule, codes = self._rule, [error.reason.code for error in refused]
        is_zero = "target_zero" in codes
        value = rule.zero if is_zero else rule.missing
        if value is None or "target_ambiguous" in codes:
            raise refused[-1].again()
        node_id = self._book.node(
            "target",
            rule.name,
            subject,
            period,
            "stated",
            kind="target_stated",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            payee_id=payee_of(subject),
            detail={
                "clause": f"{rule.path}/{'zero' if is_zero else 'missing'}",
                "measure": rule.name,
                "month": period,
            },
        )
        return Figure(value, node_id)

    def _refusal(self, code: str, whose: str, period: str) -> NotCalculated:
        reason = because(f"target_{code}", measure=self._rule.name, month=period)
        return NotCalculated(reason, to_record(whose))


def _why(sentence: str) -> str:
    return sentence.removeprefix("not paid, because ").removeprefix("non pagato, perché ")
