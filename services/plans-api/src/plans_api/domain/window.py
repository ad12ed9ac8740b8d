"""Days on which something holds, half-open, possibly without an end."""

from dataclasses import dataclass
from datetime import date


class WindowIsEmpty(ValueError):
    """Raised when a window would end before, or on, the day it starts."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` up to, and without, `end`; without an end it never stops.

    >>> date(2026, 2, 1) in Window(date(2026, 1, 1), date(2026, 2, 1))
    False
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise WindowIsEmpty(
                f"valid_to {self.end} must be after valid_from {self.start}; "
                "the first day is in, the last is out"
            )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}" if self.end else f"{self.start} onwards"

    def meets(self, other: "Window") -> "Window | None":
        """Return the days that both have, or None.

        >>> str(Window(date(2026, 1, 1)).meets(Window(date(2025, 1, 1), date(2026, 3, 1))))
        '2026-01-01 to 2026-03-01'
        """
        start = max(self.start, other.start)
        ends = [window.end for window in (self, other) if window.end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Window(start, end)

    def encloses(self, other: "Window") -> bool:
        """Say whether every day of the other is one of these.

        >>> Window(date(2026, 1, 1)).encloses(Window(date(2026, 1, 1), date(2026, 2, 1)))
        True
        """
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)
