"""Rows in one order, whatever order they came in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

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
    names = rows[0].KEY
    key: Callable[[Row], Any] = attrgetter(*names)
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        found = key(row)
        group = groups.get(found)
        if group is None:
            groups[found] = [row]
        elif row not in group:
            group.append(row)
    ordered: list[Row] = []
    for name in _in_order(groups, is_single=len(names) == 1):
        group = groups[name]
        ordered.extend(group if len(group) == 1 else sorted(group, key=_text))
    return tuple(ordered)


def _in_order(keys: Iterable[Any], *, is_single: bool) -> list[Any]:
    """Return keys in their order, what is unknown first.

    Keys that are known in full are sorted as they are, which takes a fraction of the time; where
    something unknown would have to be compared, that is refused, and the longer way is gone.
    """
    try:
        return sorted(keys)
    except TypeError:
        return sorted(keys, key=lambda found: _known_parts((found,) if is_single else found))


def _known_parts(parts: Iterable[object]) -> tuple[tuple[bool, object], ...]:
    return tuple((part is not None, part) for part in parts)
