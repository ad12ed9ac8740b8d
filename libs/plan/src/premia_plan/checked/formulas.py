"""The formulas within a part of a typed plan."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from premia_plan.language import Formula


def formulas_in(value: object) -> Iterator[Formula]:
    """Return every formula within a part of a typed plan."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from formulas_in(item)
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from formulas_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from formulas_in(getattr(value, field.name))
