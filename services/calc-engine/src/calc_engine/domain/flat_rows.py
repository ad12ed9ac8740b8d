"""Flat values as rows of texts, and back: one column a field."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
TextRow = tuple[str | None, ...]


def _plain(value: Any) -> Any:
    return value


_WRITTEN: tuple[tuple[type, Callable[[Any], str], Callable[[str], Any]], ...] = (
    (UUID, lambda value: f"{value.int:032x}", lambda text: UUID(int=int(text, 16))),
    (Decimal, lambda value: format(value, "f"), Decimal),
    (int, str, int),
)


class FlatRows(Generic[T]):
    """Writes and reads the values of a dataclass whose fields are texts, numbers and ids.

    A field that may be None says so in its type; None stays None.
    """

    def __init__(self, of: type[T]) -> None:
        self._of = of
        known = fields(of)  # type: ignore[arg-type]  # only dataclasses are asked for
        self.columns = tuple(field.name for field in known)
        self._read = attrgetter(*self.columns)
        self._ways = [_way(field.type) for field in known]

    def written(self, values: Iterable[T]) -> list[TextRow]:
        """Return values as rows."""
        columns = zip(*map(self._read, values), strict=True)
        texts = [
            column
            if write is _plain
            else [None if item is None else write(item) for item in column]
            for column, (write, _) in zip(columns, self._ways, strict=False)
        ]
        return list(zip(*texts, strict=True))

    def read(self, rows: Sequence[TextRow]) -> list[T]:
        """Return rows as values."""
        read = [
            column if way is _plain else [None if text is None else way(text) for text in column]
            for column, (_, way) in zip(zip(*rows, strict=True), self._ways, strict=False)
        ]
        return [self._of(*values) for values in zip(*read, strict=True)]


def _way(named: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return how a field of a type is written and read; texts and literals are as they are."""
    names = {named, *getattr(named, "__args__", ())}
    for kind, write, read in _WRITTEN:
        if kind in names:
            return write, read
    return _plain, _plain
