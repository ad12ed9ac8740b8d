"""The part of a period that a payee is in the plan, by the basis that the plan names."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias

from premia_plan.checked.proration import Basis
from premia_plan.period import end_day, first_day, months_of

Stretch: TypeAlias = tuple[date | None, date | None]
"""Days from the first up to, and without, the second; None is without limit."""

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Part:
    """So many days or months out of those of a period."""

    counted: int
    whole: int

    @property
    def is_all(self) -> bool:
        """Say whether nothing is missing; so it is where a period has no working day at all."""
        return self.counted == self.whole

    @property
    def ratio(self) -> Fraction:
        """Return the part as a number from 0 to 1."""
        return Fraction(self.counted, self.whole) if self.whole else Fraction(1)


def part_of(
    period: str,
    held: Sequence[Stretch],
    away: Sequence[Stretch],
    basis: Basis,
    holidays: Collection[date] = (),
) -> Part:
    """Return the part of a period's days or months that lies in some stretches and in no others.

    A completed month is one with every day in; a started month one with any day in. Working days
    are Mondays to Fridays without holidays.

    >>> joined = [(date(2026, 3, 17), None)]
    >>> part_of("2026-03", joined, [], "calendar days")
    Part(counted=15, whole=31)
    >>> part_of("2026-03", joined, [], "working days", {date(2026, 3, 19)})
    Part(counted=10, whole=21)
    >>> part_of("2026-Q1", joined, [], "started months"), part_of(
    ...     "2026-Q1", joined, [], "completed months"
    ... )
    (Part(counted=1, whole=3), Part(counted=0, whole=3))
    """
    if basis in {"calendar days", "working days"}:
        days = [
            day
            for day in days_of(period)
            if basis == "calendar days" or (day.weekday() < _SATURDAY and day not in holidays)
        ]
        return Part(sum(_is_in(day, held, away) for day in days), len(days))
    months = months_of(period)
    counted = [[_is_in(day, held, away) for day in days_of(month)] for month in months]
    whole = all if basis == "completed months" else any
    return Part(sum(map(whole, counted)), len(months))


def days_of(period: str) -> Iterable[date]:
    """Return the days of a period, first to last."""
    start = first_day(period)
    return (start + timedelta(days=count) for count in range((end_day(period) - start).days))


def _is_in(day: date, held: Sequence[Stretch], away: Sequence[Stretch]) -> bool:
    return any(_holds(day, stretch) for stretch in held) and not any(
        _holds(day, stretch) for stretch in away
    )


def _holds(day: date, stretch: Stretch) -> bool:
    start, end = stretch
    return (start is None or start <= day) and (end is None or day < end)
