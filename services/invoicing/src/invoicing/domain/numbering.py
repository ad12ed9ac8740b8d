"""Gapless document numbers per principal, series and year."""

from dataclasses import dataclass

MAX_LENGTH = 16
"""SAP's external reference (XBLNR) takes 16 characters."""
SERIES = "PF"


class NumberTooLong(ValueError):
    """Raised when a number would not fit into the reference field that SAP has for it."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number in a series of a year, the first being 1.

    >>> str(DocumentNumber("PF", 2026, 17))
    'PF-2026-000017'
    """

    series: str
    year: int
    sequence: int

    def __post_init__(self) -> None:
        if self.sequence < 1:
            raise ValueError(f"numbers begin at 1, not {self.sequence}")
        if len(str(self)) > MAX_LENGTH:
            raise NumberTooLong(f"{self} is longer than {MAX_LENGTH} characters; start a series")

    def __str__(self) -> str:
        return f"{self.series}-{self.year:04d}-{self.sequence:06d}"
