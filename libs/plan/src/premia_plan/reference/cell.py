"""Cells: what is known of a subject in a period, as of a month's end."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from premia_plan.period import PeriodKind, last_month, months_of
from premia_plan.reference.figure import Figure
from premia_plan.reference.refusal import NotCalculated

CellKey: TypeAlias = tuple[str, str]
"""Subject and period."""


class CellFigure(Protocol):
    """A figure per subject and period: a measure, a target, an attainment, a component's pay.

    `as_of` is always a month. A figure stands as it did at the end of that month; up to the
    period's own last month it is the figure of the period's close. `period` is one of the kind
    `over`, or any other period or span whose figure can be told.
    """

    over: PeriodKind
    """What kind of period the figure's own cells are of."""
    is_known_ahead: bool
    """Whether a period's figure is known before the period is over, as a target is."""

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the figure as it stood at a month's end.

        Raises:
            NotCalculated: if something it needs is missing.
        """

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the period in which the figure changes."""

    def cells(self) -> Iterable[CellKey]:
        """Return the subjects and periods that have something in them, in order."""


def restated(period: str, as_of: str) -> str:
    """Return the month of a restatement, or "" for the figure of the period's close.

    >>> restated("2026-Q1", "2026-03"), restated("2026-Q1", "2026-05")
    ('', '2026-05')
    """
    return as_of if as_of > last_month(period) else ""


def months_known(cells: Iterable[CellKey]) -> frozenset[CellKey]:
    """Return the months of cells, each with its subject."""
    return frozenset((subject, month) for subject, period in cells for month in months_of(period))


class Remembered:
    """Figures that were worked out once, with those that could not be."""

    over: PeriodKind = "month"
    is_known_ahead: bool = False

    def __init__(self, work_out: Callable[[str, str, str], Figure]) -> None:
        self._work_out = work_out
        self._found: dict[tuple[str, str, str], Figure | NotCalculated] = {}

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the figure of a cell.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        key = (subject, period, restated(period, as_of))
        found = self._found.get(key)
        if found is None:
            try:
                found = self._work_out(subject, period, as_of)
            except NotCalculated as refused:
                found = refused
            self._found[key] = found
        if isinstance(found, NotCalculated):
            raise found.again()
        return found
