"""Periods as text: `2026-03`, `2026-Q1`, `2026-H1` and `2026`.

A period's key says its kind. Keys of one kind sort in time; of two kinds they do not, so compare
their days or their last months. A span `2026-01..2026-05` is a run of months that is none of
these; it has months and days like a period, and no kind.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

from premia_common.periods import Month

PeriodKind: TypeAlias = Literal["month", "quarter", "half", "year"]

_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_TO = ".."
_KEY = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?")


@lru_cache(maxsize=8192)
def _parsed(key: str) -> tuple[PeriodKind, Month]:
    """Return a period's kind and first month."""
    found = _KEY.fullmatch(key)
    if found is None or not 1 <= int(found[1]) < date.max.year:
        raise ValueError(
            f"{key!r} is not a period; write it like 2026-03, 2026-Q1, 2026-H1 or 2026"
        )
    year = int(found[1])
    if found[2]:
        return "quarter", Month(year, 3 * int(found[2]) - 2)
    if found[3]:
        return "half", Month(year, 6 * int(found[3]) - 5)
    if found[4]:
        return "month", Month(year, int(found[4]))
    return "year", Month(year, 1)


def kind_of(key: str) -> PeriodKind:
    """Return what kind of period a key names.

    Raises:
        ValueError: if it names none.

    >>> kind_of("2026-Q1"), kind_of("2026-03"), kind_of("2026")
    ('quarter', 'month', 'year')
    """
    return _parsed(key)[0]


@lru_cache(maxsize=8192)
def month_of(day: date) -> str:
    """Return the month of a day.

    >>> month_of(date(2026, 3, 31))
    '2026-03'
    """
    return f"{day.year:04d}-{day.month:02d}"


def period_of(day: date, kind: PeriodKind) -> str:
    """Return the period of a kind in which a day lies.

    >>> [period_of(date(2026, 8, 5), kind) for kind in ("month", "quarter", "half", "year")]
    ['2026-08', '2026-Q3', '2026-H2', '2026']
    """
    return month_of(day) if kind == "month" else _key(kind, day.year, day.month)


def _key(kind: PeriodKind, year: int, month: int) -> str:
    match kind:
        case "month":
            return f"{year:04d}-{month:02d}"
        case "quarter":
            return f"{year:04d}-Q{(month + 2) // 3}"
        case "half":
            return f"{year:04d}-H{(month + 5) // 6}"
        case "year":
            return f"{year:04d}"


@lru_cache(maxsize=8192)
def months_of(key: str) -> tuple[str, ...]:
    """Return the months of a period, first to last.

    >>> months_of("2026-Q1")
    ('2026-01', '2026-02', '2026-03')
    """
    if _TO in key:
        start, _, end = key.partition(_TO)
        months = [start]
        while months[-1] != end:
            months.append(next_period(months[-1]))
        return tuple(months)
    kind, first = _parsed(key)
    return tuple(str(first.next(number)) for number in range(_MONTHS[kind]))


def span(first: str, last: str) -> str:
    """Return the months from one to another as a key: a period's where they are one.

    >>> span("2026-01", "2026-03"), span("2026-01", "2026-05"), span("2026-07", "2026-07")
    ('2026-Q1', '2026-01..2026-05', '2026-07')
    """
    start, end = Month.parse(first), Month.parse(last)
    count = 12 * (end.year - start.year) + end.number - start.number + 1
    for kind, months in _MONTHS.items():
        if months == count and (start.number - 1) % months == 0:
            return _key(kind, start.year, start.number)
    return f"{first}{_TO}{last}"


def shifted(key: str, months: int) -> str:
    """Return a period or span so many months later (earlier when negative).

    >>> shifted("2026-Q1", -12), shifted("2026-01..2026-02", -1), shifted("2026-Q1", 1)
    ('2025-Q1', '2025-12..2026-01', '2026-02..2026-04')
    """
    own = months_of(key)
    return span(next_period(own[0], months), next_period(own[-1], months))


def enclosing(key: str, kind: PeriodKind) -> str:
    """Return the period of a kind in which a period or span ends.

    >>> enclosing("2026-08", "quarter"), enclosing("2026-Q3", "month")
    ('2026-Q3', '2026-09')
    """
    last = Month.parse(months_of(key)[-1])
    return _key(kind, last.year, last.number)


def so_far(key: str, kind: PeriodKind) -> str:
    """Return the part of the enclosing period of a kind up to the end of a period.

    >>> so_far("2026-05", "quarter"), so_far("2026-03", "quarter"), so_far("2026-Q1", "month")
    ('2026-04..2026-05', '2026-Q1', '2026-03')
    """
    return span(months_of(enclosing(key, kind))[0], months_of(key)[-1])


def last_month(key: str) -> str:
    """Return a period's last month, at whose end it closes.

    >>> last_month("2026-H1"), last_month("2026-02")
    ('2026-06', '2026-02')
    """
    return months_of(key)[-1]


def first_day(key: str) -> date:
    """Return a period's first day.

    >>> first_day("2026-Q2")
    datetime.date(2026, 4, 1)
    """
    return Month.parse(months_of(key)[0]).period.start


def end_day(key: str) -> date:
    """Return the day after a period's last one.

    >>> end_day("2026-Q4")
    datetime.date(2027, 1, 1)
    """
    return Month.parse(months_of(key)[-1]).period.end


def next_period(key: str, count: int = 1) -> str:
    """Return the period of the same kind so many later (earlier when negative).

    >>> next_period("2026-Q4"), next_period("2026-01", -1), next_period("2026-H1", 3)
    ('2027-Q1', '2025-12', '2027-H2')
    """
    kind, first = _parsed(key)
    month = first.next(count * _MONTHS[kind])
    return _key(kind, month.year, month.number)


def previous_period(key: str, count: int = 1) -> str:
    """Return the period of the same kind so many earlier.

    >>> previous_period("2026")
    '2025'
    """
    return next_period(key, -count)


def periods_within(key: str, kind: PeriodKind) -> tuple[str, ...]:
    """Return the periods of a kind that a period touches, in order.

    >>> periods_within("2026-Q3", "month"), periods_within("2026-08", "quarter")
    (('2026-07', '2026-08', '2026-09'), ('2026-Q3',))
    """
    months = (Month.parse(month) for month in months_of(key))
    return tuple(dict.fromkeys(_key(kind, month.year, month.number) for month in months))
