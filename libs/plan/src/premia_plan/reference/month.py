"""Months as text, worked out once per day."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8192)
def month_of(day: date) -> str:
    """Return the month of a day.

    >>> month_of(date(2026, 3, 31))
    '2026-03'
    """
    return f"{day.year:04d}-{day.month:02d}"
