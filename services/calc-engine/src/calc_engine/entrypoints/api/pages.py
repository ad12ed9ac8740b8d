"""Pages of what is read whole: an answer, a file, a batch."""

from collections.abc import Sequence
from typing import TypeVar

from premia_runtime.dependencies import PageRequest

Row = TypeVar("Row")


def part_of(rows: Sequence[Row], page: PageRequest) -> tuple[Sequence[Row], int | None]:
    """Return a page of the rows, and where the next one begins."""
    start = int(page.after[0]) if page.after else 0
    end = start + page.limit
    return rows[start:end], end if end < len(rows) else None
