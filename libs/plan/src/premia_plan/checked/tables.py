"""Rate tables: keys, dated rows and what they give."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import inf
from typing import Literal

from premia_plan.language import Formula
from premia_plan.quantities import Unit

ANY = "any"
"""As the key of a rate row: fits whatever no nearer row fits."""


@dataclass(frozen=True, slots=True)
class TableKey:
    """One dimension of a rate table: where its value comes from and how rows match it.

    `tree`: a row of a parent fits its children, nearest first. `band`: the row with the highest
    start at or below the value fits. `exact`: the row with the same value. `range`: the row whose
    range, half-open, holds the value, the narrowest first.
    """

    name: str
    value: Formula
    match: Literal["tree", "exact", "band", "range"]
    tree: str | None


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from one up to, and without, another; None is without limit."""

    start: Fraction | None
    end: Fraction | None

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, Fraction):
            return False
        return (self.start is None or self.start <= value) and (
            self.end is None or value < self.end
        )

    @property
    def width(self) -> Fraction | None:
        """How wide it is; None if it has no limit on a side."""
        if self.start is None or self.end is None:
            return None
        return self.end - self.start

    def crosses(self, other: "Range") -> bool:
        """Say whether two overlap and neither holds the other."""
        first, second = self.bounds(), other.bounds()
        overlap = first[0] < second[1] and second[0] < first[1]
        holds = first[0] <= second[0] and second[1] <= first[1]
        is_held = second[0] <= first[0] and first[1] <= second[1]
        return overlap and not holds and not is_held

    def bounds(self) -> tuple[Fraction | float, Fraction | float]:
        """Return its start and end; infinite where it has none."""
        return (
            -inf if self.start is None else self.start,
            inf if self.end is None else self.end,
        )


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row: its keys in the table's order (numbers for bands), validity and what it gives.

    A range stands among the keys as it is written, and in `ranges` by the place of its key.
    `text` is what a row of a table of texts gives.
    """

    index: int
    keys: tuple[str | Fraction, ...]
    valid_from: date | None
    valid_to: date | None
    gives: Fraction
    path: str
    text: str = ""
    ranges: tuple[tuple[int, Range], ...] = ()

    def range_of(self, place: int) -> "Range | None":
        """Return the range of the key at a place, None where any value fits."""
        return dict(self.ranges).get(place)

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
    instead: Fraction | None = None
    """What counts where no row fits; None as `missing` says."""
    multiplies: str | None = None
    """The table whose rate the rows multiply."""
    least: Fraction | None = None
    most: Fraction | None = None
