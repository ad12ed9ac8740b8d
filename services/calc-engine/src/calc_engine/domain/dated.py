"""Half-open validities, as facts write them: ISO days, no end meaning without limit."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Validity:
    """From a first day, up to and without an end; None is without limit."""

    start: date | None
    end: date | None

    @classmethod
    def of(cls, body: Any) -> "Validity":
        """Read `valid_from` and `valid_to` of a fact's body.

        >>> Validity.of({"valid_from": "2026-01-01", "valid_to": None}).covers(date(2030, 1, 1))
        True
        """
        start, end = body.get("valid_from"), body.get("valid_to")
        return cls(
            date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None
        )

    def covers(self, day: date) -> bool:
        """Say whether a day lies inside.

        >>> Validity(date(2026, 1, 1), date(2026, 2, 1)).covers(date(2026, 2, 1))
        False
        """
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def meet(self, other: "Validity") -> "Validity | None":
        """Return the days that both cover, or None when there is no such day.

        >>> Validity(date(2026, 1, 1), None).meet(Validity(None, date(2026, 1, 1))) is None
        True
        """
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        if start is not None and end is not None and end <= start:
            return None
        return Validity(start, end)
