"""Results as columns of plain values, with look-ups by key."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


class Rows:
    """One relation of a result."""

    def __init__(self, table: pa.Table) -> None:
        self.count = table.num_rows
        self._columns: dict[str, list[Any]] = {
            name: _values(table.column(name)) for name in table.column_names
        }

    def __getitem__(self, column: str) -> Sequence[Any]:
        return self._columns[column]

    def __contains__(self, column: str) -> bool:
        return column in self._columns

    def by(self, *names: str) -> Mapping[tuple[Any, ...], int]:
        """Return where the row of each key is."""
        keys = zip(*(self._columns[name] for name in names), strict=True)
        return {key: place for place, key in enumerate(keys)}

    def groups(self, *names: str) -> Mapping[tuple[Any, ...], Sequence[int]]:
        """Return where the rows of each key are."""
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for place, key in enumerate(zip(*(self._columns[name] for name in names), strict=True)):
            found[key].append(place)
        return found


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column's values; whole numbers wider than 63 bits come as decimals of no places.

    >>> _values(pa.chunked_array([pa.array([2**70, None], pa.decimal128(38, 0))]))
    [1180591620717411303424, None]
    """
    values: list[Any] = column.to_pylist()
    if pa.types.is_decimal(column.type) and column.type.scale == 0:
        return [None if value is None else int(value) for value in values]
    return values


def month_text(month: int) -> str:
    """Return a month as plans write it.

    >>> month_text(202603)
    '2026-03'
    """
    return f"{month // 100:04d}-{month % 100:02d}"


def restated(month: int, as_of: int) -> str:
    """Return the month of a restatement, or "" at the month's own close.

    >>> restated(202603, 202603), restated(202603, 202605)
    ('', '2026-05')
    """
    return month_text(as_of) if as_of > month else ""
