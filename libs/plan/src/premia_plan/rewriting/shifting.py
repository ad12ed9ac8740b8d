"""Dates and months of a document moved by whole months, wherever they stand by themselves."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from premia_plan.period import kind_of, shifted
from premia_plan.rewriting.scalars import scalar_like, with_edits
from premia_plan.rewriting.spans import Span, Spans, spans_of

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_PERIOD = re.compile(r"\d{4}-(?:Q[1-4]|H[12]|0[1-9]|1[0-2])")
_YEAR = re.compile(r"\d{4}")
_PERIOD_OF = "/month"
"""Where the rows of examples name their period; only there four digits are a year."""


@dataclass(frozen=True, slots=True)
class DatesLeftAlone:
    """A date inside a longer text, such as a formula, or a period that cannot move so far.

    A person decides about it.
    """

    path: str
    text: str


def shift_dates(
    text: str, months: int, *, under: Sequence[str]
) -> tuple[str, tuple[DatesLeftAlone, ...]]:
    """Return a document's text with the dates below some JSON pointers moved by months.

    Days keep their number, or become the last day of a shorter month.  A value or a key that is
    a date or a period moves; a longer text that holds a date is told, not changed, and so is a
    quarter, a half year or a year that would be none any more.

    >>> shift_dates("rows: [{from: 2026-01-31, month: 2026-Q4}]", 3, under=["/rows"])
    ('rows: [{from: 2026-04-30, month: 2027-Q1}]', ())
    """
    spans = spans_of(text)
    edits = []
    left = []
    for path, value, span in _texts(spans, under):
        is_period = _is_period(path, value)
        moved = _period_moved(value, months) if is_period else _day_moved(value, months)
        if moved is not None:
            edits.append((span, scalar_like(span.of(text), moved)))
        elif is_period or _DAY.search(value):
            left.append(DatesLeftAlone(path, value))
    return with_edits(text, edits), tuple(left)


def _texts(spans: Spans, under: Sequence[str]) -> Iterator[tuple[str, str, Span]]:
    for path, value in spans.scalars.items():
        if any(path.startswith(f"{root}/") for root in under):
            yield path, value, spans.nodes[path]
    for path, span in spans.keys.items():
        if any(path.startswith(f"{root}/") for root in under):
            yield path, path.rpartition("/")[2].replace("~1", "/").replace("~0", "~"), span


def _is_period(path: str, value: str) -> bool:
    if _YEAR.fullmatch(value):
        return path.endswith(_PERIOD_OF)
    return _PERIOD.fullmatch(value) is not None


def _period_moved(value: str, months: int) -> str | None:
    moved = shifted(value, months)
    return moved if len(moved) == len(value) and kind_of(moved) == kind_of(value) else None


def _day_moved(value: str, months: int) -> str | None:
    if _DAY.fullmatch(value) is None:
        return None
    day = int(value[8:])
    year, month = _month(int(value[:4]), int(value[5:7]), months)
    return date(year, month, min(day, monthrange(year, month)[1])).isoformat()


def _month(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1
