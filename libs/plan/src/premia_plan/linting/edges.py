"""The numbers at which a plan changes what it does: starts of bands, keys of rows, comparisons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction

from premia_plan.checked import CheckedPlan
from premia_plan.language import Formula
from premia_plan.language.syntax import Compared, Expression, Literal
from premia_plan.language.syntax.tree import parts_of

NOT_RULES = frozenset({"document", "examples"})
"""Fields of a plan in which nothing is decided."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A number at which something changes, and the clause that says so."""

    at: Fraction
    path: str


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
    if isinstance(part, Formula):
        for expression in expressions_of(part.expression):
            if isinstance(expression, Compared):
                for side in (expression.left, expression.right):
                    if isinstance(side, Literal) and isinstance(side.value, Fraction):
                        yield Edge(side.value, part.path)
        return
    path = getattr(part, "path", None)
    if not isinstance(path, str):
        return
    for name in ("starts", "at"):
        start = getattr(part, name, None)
        if isinstance(start, Fraction):
            yield Edge(start, path)
    keys = getattr(part, "keys", None)
    for key in keys if isinstance(keys, tuple) else ():
        if isinstance(key, Fraction):
            yield Edge(key, path)


def expressions_of(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything inside it."""
    yield expression
    for part in parts_of(expression):
        yield from expressions_of(part)
