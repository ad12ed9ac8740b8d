"""Loaded values: what was measured elsewhere, per subject and period."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import LoadedMeasure
from premia_plan.period import enclosing, last_month, months_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered
from premia_plan.reference.figure import Figure
from premia_plan.reference.parts_of_period import added_up, own_periods
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import is_group, is_payee, payee_of, told
from premia_plan.reference.subjects import Subjects
from premia_plan.relations import MeasurementRow

TO_RECORD = "Record it for this payee and month; the next run pays the component"


def to_record(subject: str) -> str:
    """Return what to do where something is not recorded of a subject.

    >>> to_record("territory:nord")
    'Record it for the territory nord and this period; the next run pays the component'
    """
    if is_payee(subject) or is_group(subject):
        return TO_RECORD
    return f"Record it for {told(subject).en} and this period; the next run pays the component"


class LoadedFigures(Remembered):
    """The recorded values of one measure; a part of a period has the value of the whole."""

    def __init__(
        self, rule: LoadedMeasure, rows: Iterable[MeasurementRow], subjects: Subjects, book: Book
    ) -> None:
        super().__init__(self._read)
        self.over = rule.over
        self._rule = rule
        self._subjects = subjects
        self._book = book
        self._rows: dict[CellKey, list[MeasurementRow]] = defaultdict(list)
        for row in rows:
            if row.name == rule.name:
                self._rows[row.payee_id, row.month].append(row)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells that have a value, in order."""
        return sorted(self._rows)

    def changes(self, subject: str, period: str) -> frozenset[str]:  # noqa: ARG002 - of any cell
        """Return none: a recorded value counts for its period however late it came."""
        return frozenset()

    def _read(self, subject: str, period: str, as_of: str) -> Figure:
        rule = self._rule
        longer = enclosing(period, rule.over)
        if len(months_of(period)) < len(months_of(longer)):
            period = longer
        whose = self._subjects.seen_by(subject, rule.per, period)
        rows = self._rows.get((whose, period), [])
        if len(rows) == 1:
            return self._recorded(rows[0])
        if rows:
            raise self._refusal("ambiguous", whose, period)
        own = own_periods(period, rule.over)
        if own and rule.unit is not Unit.RATE:
            parts = [self.at(subject, each, as_of) for each in own]
            key = ("measurement", rule.name, whose, period)
            return added_up(parts, key, rule.path, rule.unit, self._book)
        return self._instead(whose, period)

    def _recorded(self, row: MeasurementRow) -> Figure:
        if row.provisional and self._rule.provisional == "holds":
            raise self._refusal("provisional", row.payee_id, row.month)
        value, name = Fraction(row.value), self._rule.name
        node_id = self._book.node(
            "measurement",
            name,
            row.payee_id,
            row.month,
            kind="measurement",
            value=exact_text(value),
            unit=self._rule.unit.value,
            payee_id=payee_of(row.payee_id),
            detail={"measure": name, "month": row.month},
            source=row.source,
        )
        return Figure(value, node_id)

    def _instead(self, whose: str, period: str) -> Figure:
        """Return what the plan lets count where nothing was recorded."""
        missing = self._rule.missing
        if missing is None:
            raise self._refusal("missing", whose, period)
        if isinstance(missing, Fraction):
            return Figure(missing, self._stated(whose, period, missing))
        earlier = [key for key in self._rows if key[0] == whose and last_month(key[1]) < period]
        if not earlier:
            raise self._refusal("missing", whose, period)
        latest = max(earlier, key=lambda key: last_month(key[1]))
        if len(self._rows[latest]) > 1:
            raise self._refusal("ambiguous", whose, latest[1])
        known = self._recorded(self._rows[latest][0])
        node_id = self._book.node(
            "measurement",
            self._rule.name,
            whose,
            period,
            kind="measurement_carried",
            value=exact_text(known.value),
            unit=self._rule.unit.value,
            operation="same",
            payee_id=payee_of(whose),
            detail={
                "clause": f"{self._rule.path}/missing",
                "measure": self._rule.name,
                "month": period,
                "known": latest[1],
            },
            children=(known.node_id,),
        )
        return Figure(known.value, node_id)

    def _stated(self, whose: str, period: str, value: Fraction) -> UUID:
        return self._book.node(
            "measurement",
            self._rule.name,
            whose,
            period,
            kind="measurement_missing",
            value=exact_text(value),
            unit=self._rule.unit.value,
            payee_id=payee_of(whose),
            detail={
                "clause": f"{self._rule.path}/missing",
                "measure": self._rule.name,
                "month": period,
            },
        )

    def _refusal(self, code: str, whose: str, period: str) -> NotCalculated:
        reason = because(f"measurement_{code}", measure=self._rule.name, month=period)
        return NotCalculated(reason, to_record(whose))
