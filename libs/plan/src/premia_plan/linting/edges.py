"""The numbers at which a plan changes what it does: starts of bands, keys of rows, comparisons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction

from premia_plan.checked import CheckedPlan, RateTable, Tiers
from premia_plan.language import Formula
from premia_plan.language.syntax import (
    Compared,
    Expression,
    Literal,
    Name,
    Reference,
    inputs_of,
)
from premia_plan.language.syntax.tree import parts_of

NOT_RULES = frozenset({"document", "examples"})
"""Fields of a plan in which nothing is decided."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A number at which something changes, the clause that says so, and the names it stands by."""

    at: Fraction
    path: str
    names: frozenset[str]


def edges_of(plan: CheckedPlan) -> tuple[Edge, ...]:
    """Return every number at which the plan may pay otherwise than just below it, each once."""
    found = (edge for part in rules_of(plan) for edge in _edges(part))
    return tuple(dict.fromkeys(found))


def rules_of(plan: CheckedPlan) -> Iterator[object]:
    """Yield every part of a typed plan that says something: its values of the checked types."""
    for field in fields(plan):
        if field.name not in NOT_RULES:
            yield from _within(getattr(plan, field.name))


def formulas_of(plan: CheckedPlan) -> Iterator[Formula]:
    """Yield every formula of a plan."""
    return (part for part in rules_of(plan) if isinstance(part, Formula))


def _within(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _within(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _within(item)
    elif isinstance(value, Formula):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from _within(getattr(value, field.name))


def _edges(part: object) -> Iterator[Edge]:
    match part:
        case Formula():
            yield from _compared(part)
        case Tiers(looked_up=looked_up, bands=bands):
            names = _names(looked_up.expression)
            yield from (Edge(band.starts, band.path, names) for band in bands)
        case RateTable(keys=keys, rows=rows):
            for row in rows:
                for key, value in zip(keys, row.keys, strict=True):
                    names = _names(key.value.expression)
                    ends = (value,) if isinstance(value, Fraction) else ()
                    yield from (Edge(end, row.path, names) for end in ends)


def _compared(formula: Formula) -> Iterator[Edge]:
    for expression in expressions_of(formula.expression):
        if isinstance(expression, Compared):
            sides = (expression.left, expression.right)
            for side, other in (sides, sides[::-1]):
                if isinstance(side, Literal) and isinstance(side.value, Fraction):
                    yield Edge(side.value, formula.path, _names(other))


def _names(expression: Expression) -> frozenset[str]:
    """Return what an expression looks up, without the words joined to it."""
    found = inputs_of(expression)
    return frozenset(item.path for item in found if isinstance(item, Name | Reference))


def expressions_of(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything inside it."""
    yield expression
    for part in parts_of(expression):
        yield from expressions_of(part)
