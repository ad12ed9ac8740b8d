"""Opening balances of measures: what stood before the first facts that are loaded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from premia_plan.period import last_month
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey
from premia_plan.reference.figure import Figure
from premia_plan.relations import OpeningRow


class OpeningBalances:
    """The opening balances of measures; each counts in the last month of its period."""

    def __init__(
        self, rows: Iterable[OpeningRow], units: Mapping[str, Unit], until: str, book: Book
    ) -> None:
        self._book = book
        self._units = units
        self._rows: dict[tuple[str, str, str], list[OpeningRow]] = defaultdict(list)
        for row in rows:
            month = last_month(row.period)
            if row.kind == "measure" and month <= until:
                self._rows[row.name, row.payee_id, month].append(row)
        for key, found in self._rows.items():
            if len(found) > 1:
                self._note_ambiguous(*key)

    def _note_ambiguous(self, measure: str, subject: str, month: str) -> None:
        self._book.exception(
            "opening_ambiguous",
            f"{subject} has two opening balances of {measure} for {month}",
            "Keep one of them; both are left out until then",
            payee_id=subject,
            month=month,
        )

    def months_of(self, measure: str) -> Sequence[CellKey]:
        """Return the subjects and months in which a measure has an opening balance."""
        return [(subject, month) for name, subject, month in self._rows if name == measure]

    def of(self, measure: str, subject: str, months: Iterable[str]) -> Sequence[Figure]:
        """Return the opening balances of a measure that lie in some months."""
        found = [(month, self._rows.get((measure, subject, month), ())) for month in months]
        return [self._figure(rows[0], month) for month, rows in found if len(rows) == 1]

    def _figure(self, row: OpeningRow, month: str) -> Figure:
        value, unit = Fraction(row.amount), self._units[row.name]
        node_id = self._book.node(
            "opening",
            row.name,
            row.payee_id,
            month,
            kind="opening_balance",
            value=self._book.text(value, unit),
            unit=unit.value,
            payee_id=row.payee_id,
            detail={"measure": row.name, "month": row.period, "on": row.on.isoformat()},
            source=row.source,
        )
        return Figure(value, node_id)
