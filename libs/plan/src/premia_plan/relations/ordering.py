"""Rows in one order, whatever order they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import ClassVar, Protocol, TypeAlias, TypeVar

Key: TypeAlias = tuple[str, ...]
"""The fields that say which fact a row is about; two rows with one key contradict each other."""


class Keyed(Protocol):
    """A row that declares its key."""

    KEY: ClassVar[Key]


Row = TypeVar("Row", bound=Keyed)


def _text(row: object) -> str:
    """Return the row's content as text, the same for equal rows."""
    return repr([_stable(getattr(row, field.name)) for field in fields(row)])  # type: ignore[arg-type]


def _stable(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((key, _stable(item)) for key, item in value.items())
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, tuple):
        return sorted(repr(_stable(item)) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return _text(value)
    return value


def sorted_once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows in the order of their key, equal ones once, whatever order they came in."""
    if not rows:
        return ()
    key = attrgetter(*rows[0].KEY)
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        found = key(row)
        group = groups.setdefault(found if len(row.KEY) > 1 else (found,), [])
        if row not in group:
            group.append(row)
    ordered: list[Row] = []
    for name in sorted(groups, key=lambda parts: tuple((p is not None, p) for p in parts)):
        group = groups[name]
        ordered.extend(group if len(group) == 1 else sorted(group, key=_text))
    return tuple(ordered)
