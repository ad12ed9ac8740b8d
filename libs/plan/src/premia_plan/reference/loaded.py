"""Loaded values: what was measured elsewhere, per subject and period."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from premia_plan.checked import LoadedMeasure
from premia_plan.quantities import exact_text
from premia_plan.reasons import because
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, Remembered
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.relations import MeasurementRow

TO_RECORD = "Record it for this payee and month; the next run pays the component"


class LoadedFigures(Remembered):
    """The recorded values of one measure."""

    def __init__(self, rule: LoadedMeasure, rows: Iterable[MeasurementRow], book: Book) -> None:
        super().__init__(self._read)
        self._rule = rule
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

    def _read(self, subject: str, period: str, as_of: str) -> Figure:  # noqa: ARG002 - as recorded
        rows, name = self._rows.get((subject, period), []), self._rule.name
        if len(rows) != 1:
            code = "ambiguous" if rows else "missing"
            reason = because(f"measurement_{code}", measure=name, month=period)
            raise NotCalculated(reason, TO_RECORD)
        value = Fraction(rows[0].value)
        node_id = self._book.node(
            "measurement",
            name,
            subject,
            period,
            kind="measurement",
            value=exact_text(value),
            unit=self._rule.unit.value,
            payee_id=payee_of(subject),
            detail={"measure": name, "month": period},
            source=rows[0].source,
        )
        return Figure(value, node_id)
