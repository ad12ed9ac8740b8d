"""What the language of formulas lets one write, read off the types of its tree, and where a plan does.

Each kind of part of a formula is a production; a part whose field takes one of a few words (an
operator, a function's name) is one production for each word:

    formula is known            a kind of part
    formula calculated *        a kind of part with one of its words
    formula literal money       a literal, by what it is
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from premia_plan.checked import CheckedPlan
from premia_plan.language import Formula, Names, read_formula

LITERAL = "Literal"
LITERALS = ("money", "rate", "count", "date", "text", "bool", "quantity")
"""What a value written in a formula is; a quantity has a unit of its own, such as kWh."""


def formula_productions() -> frozenset[str]:
    """Return every production of formulas."""
    found = {f"formula literal {unit}" for unit in LITERALS}
    for kind in _kinds():
        if kind.__name__ == LITERAL:
            continue
        hints = [hint for hint in get_type_hints(kind).values() if _words(hint)]
        name = _name(kind)
        found |= {f"{name} {word}" for hint in hints for word in _words(hint)}
        if not any(get_origin(hint) is Literal for hint in hints):
            found.add(name)
    return frozenset(found)


def formula_uses(plan: CheckedPlan) -> dict[str, frozenset[str]]:
    """Return the productions the formulas of a plan use, each with the pointers of the formulas."""
    places: dict[str, set[str]] = defaultdict(set)
    for formula in _formulas(plan, set()):
        for part in _parts(formula.expression):
            for name in _uses(part):
                places[name].add(formula.path)
    return {name: frozenset(at) for name, at in places.items()}


def _kinds() -> list[type]:
    """Return the kinds of parts: the data types of the module in which a formula's tree is."""
    tree = sys.modules[type(read_formula("1", "", Names({})).expression).__module__]
    found = [item for item in vars(tree).values() if isinstance(item, type) and is_dataclass(item)]
    return [kind for kind in found if kind.__module__ == tree.__name__]


def _words(hint: object) -> tuple[str, ...]:
    """Return the words a field may hold, if its type lists them."""
    if get_origin(hint) is Literal:
        return tuple(str(word) for word in get_args(hint))
    if get_origin(hint) in (Union, UnionType, tuple):
        return tuple(word for member in get_args(hint) for word in _words(member))
    return ()


def _name(kind: type) -> str:
    return "formula " + re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()


def _uses(part: object) -> Iterator[str]:
    kind = type(part)
    name = _name(kind)
    if kind.__name__ == LITERAL:
        unit = str(part.unit)  # type: ignore[attr-defined]
        yield f"{name} {unit if unit in LITERALS else 'quantity'}"
        return
    hints = get_type_hints(kind)
    named = [item.name for item in fields(kind) if _words(hints[item.name])]  # type: ignore[arg-type]
    written = [word for field in named for word in _written(getattr(part, field))]
    yield from (f"{name} {word}" for word in written)
    if not written:
        yield name


def _written(value: object) -> tuple[object, ...]:
    """Return the words a field holds: none, one, or several."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _parts(expression: object) -> Iterator[object]:
    """Yield every part of a tree."""
    if isinstance(expression, tuple):
        for item in expression:
            yield from _parts(item)
    elif is_dataclass(expression) and type(expression).__module__.startswith(
        "premia_plan.language"
    ):
        yield expression
        for item in fields(expression):
            yield from _parts(getattr(expression, item.name))


def _formulas(value: object, seen: set[int]) -> Iterator[Formula]:
    """Yield the formulas of a typed plan, wherever they stand."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _formulas(item, seen)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _formulas(item, seen)
    elif is_dataclass(value) and type(value).__module__.startswith("premia_plan.checked"):
        if id(value) in seen:
            return
        seen.add(id(value))
        for item in fields(value):
            yield from _formulas(getattr(value, item.name), seen)
