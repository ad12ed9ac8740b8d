"""Opening balances of measures: what stood before the first facts that are loaded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from premia_plan.checked import SummedMeasure
from premia_plan.period import last_month
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey
from premia_plan.reference.figure import Figure
from premia_plan.relations import OpeningRow

_CALLED = {"average": "an average", "distinct": "a count of different ones"}


class OpeningBalances:
    """The opening balances of a measure; each counts in the last month of its period.

    An average and a count of different ones cannot go on from a number: theirs are left out, and
    told.
    """

    def __init__(
        self, rows: Iterable[OpeningRow], measure: SummedMeasure, until: str, book: Book
    ) -> None:
        self._book = book
        self._measure = measure
        found: dict[CellKey, list[OpeningRow]] = defaultdict(list)
        for row in rows:
            month = last_month(row.period)
            if row.kind == "measure" and row.name == measure.name and month <= until:
                found[row.payee_id, month].append(row)
        adds_up = measure.function in {"sum", "count"}
        self._rows = {key: same[0] for key, same in found.items() if adds_up and len(same) == 1}
        for key, same in found.items():
            if not adds_up:
                self._note_not_addable(*key)
            elif len(same) > 1:
                self._note_ambiguous(*key)

    def _note_ambiguous(self, subject: str, month: str) -> None:
        self._book.exception(
            "opening_ambiguous",
            f"{subject} has two opening balances of {self._measure.name} for {month}",
            "Keep one of them; both are left out until then",
            payee_id=subject,
            month=month,
        )

    def _note_not_addable(self, subject: str, month: str) -> None:
        self._book.exception(
            "opening_not_addable",
            f"{subject}'s opening balance of {self._measure.name} for {month} is left out: "
            f"{self._measure.name} is {_CALLED[self._measure.function]}, which cannot go on from "
            "a number",
            "Withdraw it; load the orders before, or measure the sum and the count, each with an "
            "opening balance, and divide them",
            payee_id=subject,
            month=month,
        )

    def cells(self) -> Sequence[CellKey]:
        """Return the subjects and months that have an opening balance."""
        return list(self._rows)

    def of(self, subject: str, months: Iterable[str]) -> Sequence[Figure]:
        """Return the opening balances that lie in some months."""
        found = [(month, self._rows.get((subject, month))) for month in months]
        return [self._figure(row, month) for month, row in found if row is not None]

    def _figure(self, row: OpeningRow, month: str) -> Figure:
        value, unit = Fraction(row.amount), self._measure.unit
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
