"""Reckoning with days: months of unequal length, periods, and the bounds of the calendar."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from premia_plan.language.arithmetic import NumberTooLarge

PERIODS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""The periods of a calendar year and how many months each has."""


def add_days(day: date, days: Fraction) -> date:
    """Return the day some days later, or earlier; parts of a day are dropped.

    Raises:
        NumberTooLarge: if it lies beyond the calendar.
    """
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        raise NumberTooLarge("the date") from None


def add_months(day: date, months: Fraction | int) -> date:
    """Return the day some months later, or earlier; a month without that day gives its last day.

    Parts of a month are dropped.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 3, 31), -1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))

    Raises:
        NumberTooLarge: if it lies beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    if not date.min.year <= year <= date.max.year:
        raise NumberTooLarge("the date")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def completed_months(since: date, until: date) -> int:
    """Return how many whole months lie between two days; negative when `until` is earlier.

    A month is whole on the same day of the next month, or on its last day where it is shorter.

    >>> completed_months(date(2026, 1, 31), date(2026, 2, 28))
    1
    >>> completed_months(date(2026, 1, 15), date(2026, 3, 14))
    1
    """
    if until < since:
        return -completed_months(until, since)
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1


def started_months(since: date, until: date) -> int:
    """Return how many months have been started between two days: whole months, and a rest as one.

    >>> started_months(date(2026, 1, 15), date(2026, 2, 15))
    1
    >>> started_months(date(2026, 1, 15), date(2026, 2, 16))
    2
    """
    if until < since:
        return -started_months(until, since)
    months = completed_months(since, until)
    return months if add_months(since, months) == until else months + 1


def first_day(day: date, period: str) -> date:
    """Return the first day of the month, quarter, half or year that a day lies in.

    >>> first_day(date(2026, 5, 20), "quarter")
    datetime.date(2026, 4, 1)
    """
    months = PERIODS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def last_day(day: date, period: str) -> date:
    """Return the last day of the month, quarter, half or year that a day lies in.

    >>> last_day(date(2026, 5, 20), "quarter")
    datetime.date(2026, 6, 30)
    """
    first = first_day(day, period)
    month = first.month + PERIODS[period] - 1
    return date(first.year, month, monthrange(first.year, month)[1])


def day_of(year: Fraction, month: Fraction, day: Fraction) -> date:
    """Return a day by its numbers; a month without that day gives its last day.

    >>> day_of(Fraction(2026), Fraction(2), Fraction(31))
    datetime.date(2026, 2, 28)

    Raises:
        NumberTooLarge: if the calendar has no such year, month or day.
    """
    if not (date.min.year <= year <= date.max.year and 1 <= month <= 12 and 1 <= day <= 31):
        raise NumberTooLarge("the date")
    longest = monthrange(int(year), int(month))[1]
    return date(int(year), int(month), min(int(day), longest))
