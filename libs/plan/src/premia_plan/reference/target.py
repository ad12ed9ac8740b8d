"""Targets: what was accepted for a subject and period, and a joiner's part of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from premia_plan.period import end_day, first_day
from premia_plan.quantities import Unit
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered
from premia_plan.reference.figure import Figure
from premia_plan.reference.loaded import TO_RECORD
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.relations import AssignmentRow, TargetRow


def first_days(assignments: Iterable[AssignmentRow]) -> dict[str, date]:
    """Return the first day on which each payee is in the plan."""
    joined: dict[str, date] = {}
    for row in assignments:
        first = row.valid_from or date.min
        joined[row.payee_id] = min(joined.get(row.payee_id, first), first)
    return joined


class TargetFigures(Remembered):
    """The targets of one measure; `joined` is empty where joiners have the whole target."""

    def __init__(
        self,
        measure: str,
        unit: Unit,
        rows: Iterable[TargetRow],
        joined: Mapping[str, date],
        book: Book,
    ) -> None:
        super().__init__(self._read)
        self._measure = measure
        self._unit = unit
        self._joined = joined
        self._book = book
        self._rows: dict[CellKey, list[TargetRow]] = defaultdict(list)
        for row in rows:
            if row.name == measure:
                self._rows[row.payee_id, row.month].append(row)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that have a target, in order."""
        return sorted(self._rows)

    def changes(self, subject: str, period: str) -> frozenset[str]:  # noqa: ARG002 - of any cell
        """Return none: the last accepted target counts for its whole period."""
        return frozenset()

    def _read(self, subject: str, period: str, as_of: str) -> Figure:  # noqa: ARG002 - as accepted
        rows = self._rows.get((subject, period), [])
        if len(rows) != 1 or rows[0].amount <= 0:
            code = "missing" if not rows else "ambiguous" if len(rows) > 1 else "zero"
            raise self._refusal(code, period)
        value = Fraction(rows[0].amount)
        node_id = self._book.node(
            "target",
            self._measure,
            subject,
            period,
            kind="target",
            value=self._book.text(value, self._unit),
            unit=self._unit.value,
            payee_id=payee_of(subject),
            detail={"measure": self._measure, "month": period},
            source=rows[0].source,
        )
        return self._for_joiner(subject, period, Figure(value, node_id))

    def _refusal(self, code: str, period: str) -> NotCalculated:
        reason = because(f"target_{code}", measure=self._measure, month=period)
        return NotCalculated(reason, TO_RECORD)

    def _for_joiner(self, subject: str, period: str, recorded: Figure) -> Figure:
        """Return the part of a target that the days since the payee joined the plan bear."""
        joined = self._joined.get(subject, date.min)
        start, end = first_day(period), end_day(period)
        if joined <= start:
            return recorded
        if joined >= end:
            raise self._refusal("missing", period)
        counted, all_days = (end - joined).days, (end - start).days
        value = recorded.value * counted / all_days
        node_id = self._book.node(
            "joiner_target",
            self._measure,
            subject,
            period,
            kind="joiner_target",
            value=self._book.text(value, self._unit),
            unit=self._unit.value,
            operation="days",
            payee_id=payee_of(subject),
            detail={
                "measure": self._measure,
                "month": period,
                "joined": joined.isoformat(),
                "days": counted,
                "of_days": all_days,
            },
            children=(recorded.node_id,),
        )
        return Figure(value, node_id)
