"""Rate tables: keys, dated rows and what they give."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from premia_plan.language import Formula
from premia_plan.quantities import Unit

ANY = "any"
"""As the key of a rate row: fits whatever no nearer row fits."""


@dataclass(frozen=True, slots=True)
class TableKey:
    """One dimension of a rate table: where its value comes from and how rows match it.

    `tree`: a row of a parent fits its children, nearest first. `band`: the row with the highest
    start at or below the value fits. `exact`: the row with the same value.
    """

    name: str
    value: Formula
    match: Literal["tree", "exact", "band"]
    tree: str | None


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row: its keys in the table's order (numbers for bands), validity and what it gives."""

    index: int
    keys: tuple[str | Fraction, ...]
    valid_from: date | None
    valid_to: date | None
    gives: Fraction
    path: str

    def is_valid_on(self, day: date | None) -> bool:
        """Say whether the row counts on a day; an undated row always does."""
        if day is None:
            return True
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates over some dimensions; the order of the keys is the order of preference."""

    name: str
    gives: Unit
    keys: tuple[TableKey, ...]
    dated_by: Formula | None
    missing: Literal["exception", "zero"]
    rows: tuple[RateRow, ...]
    path: str
