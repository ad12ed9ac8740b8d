"""Half-open periods and calendar months."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to, and without, `end`.

    >>> date(2026, 2, 1) in Period(date(2026, 1, 1), date(2026, 2, 1))
    False
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period must end after it starts: {self.start} to {self.end}")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def overlaps(self, other: "Period") -> bool:
        """Say whether the two share a day.

        >>> Month(2026, 1).period.overlaps(Month(2026, 2).period)
        False
        """
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2026-03`.

    >>> Month.parse("2026-12").next()
    Month('2027-01')
    """

    year: int
    number: int

    def __repr__(self) -> str:
        return f"Month('{self}')"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `YYYY-MM`.

        Raises:
            ValueError: if the text is not a month.
        """
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a month; write it like 2026-03")
        if not MINYEAR <= int(found[1]) < MAXYEAR:
            raise ValueError(f"{text!r} is outside the calendar; years go from 0001 to 9998")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month a day lies in.

        >>> Month.of(date(2026, 3, 31))
        Month('2026-03')
        """
        return cls(day.year, day.month)

    @property
    def period(self) -> Period:
        """The month's days, half-open.

        >>> Month(2026, 2).period.end
        datetime.date(2026, 3, 1)
        """
        following = self.next()
        return Period(date(self.year, self.number, 1), date(following.year, following.number, 1))

    def next(self, months: int = 1) -> "Month":
        """Return the month so many months later (earlier when negative).

        >>> Month(2026, 1).next(-1)
        Month('2025-12')
        """
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)
