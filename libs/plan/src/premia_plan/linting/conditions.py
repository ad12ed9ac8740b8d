"""What a condition can come to, whatever the facts.

A comparison of a name with a value written in the formula is followed exactly; everything else
is taken as free to hold or not.  So what is said never to hold never does, while what is said to
be possible may still never happen.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any, TypeAlias

from premia_plan.language import Formula
from premia_plan.language.evaluation import Value
from premia_plan.language.syntax import (
    Compared,
    DayOf,
    Every,
    Expression,
    If,
    In,
    Known,
    Literal,
    Name,
    Negated,
    Reached,
    Reference,
    Some,
    key_of,
    parts_of,
)

MAX_CASES = 20_000
"""A condition with more cases than these is taken as able to hold and not to."""
SOMETHING_ELSE = "\0"
"""A text that no formula writes."""
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
Key: TypeAlias = "str | Expression"
"""An input by its name, or a part of a formula that is taken as free."""
Case: TypeAlias = Mapping[Key, Value | None]


def can_hold(*conditions: Formula, given: Mapping[str, Value] = {}) -> bool:
    """Say whether some conditions can hold at once where some inputs have the values given."""
    return True in outcomes([item.expression for item in conditions], given)


def can_fail(*conditions: Formula) -> bool:
    """Say whether at least one of some conditions can fail to hold."""
    return False in outcomes([item.expression for item in conditions])


def outcomes(trees: Sequence[Expression], given: Mapping[str, Value] = {}) -> frozenset[bool]:
    """Return what conditions, taken together, can come to: true, false, or both."""
    choices: dict[Key, list[Value | None]] = {}
    for tree in trees:
        for key, values in _choices(tree):
            known = choices.setdefault(key, [])
            known.extend(value for value in values if value not in known)
    cases = {key: _values(key, written, given) for key, written in choices.items()}
    if prod(len(values) for values in cases.values()) > MAX_CASES:
        return frozenset({True, False})
    found: set[bool] = set()
    for chosen in product(*cases.values()):
        case = dict(zip(cases, chosen, strict=True))
        found.add(all(_holds(tree, case) for tree in trees))
        if len(found) == 2:
            break
    return frozenset(found)


def _values(
    key: Key, written: list[Value | None], given: Mapping[str, Value]
) -> list[Value | None]:
    if not isinstance(key, str):
        return written
    return [given[key]] if key in given else _with_between(written)


def _choices(tree: Expression) -> Iterator[tuple[Key, list[Value | None]]]:
    """Yield the inputs and free parts of a condition with values that tell its cases apart."""
    match tree:
        case Every() | Some() | Negated() | If():
            for part in parts_of(tree):
                yield from _choices(part)
        case Literal():
            return
        case Compared() | In() | Known() | Name() | Reached():
            exact = _exact(tree)
            yield (tree, [True, False]) if exact is None else exact
        case _:
            yield tree, [True, False]


def _exact(tree: Expression) -> tuple[Key, list[Value | None]] | None:
    """Return the one input that a part asks for and the values it compares it with."""
    match tree:
        case Compared(operator=sign, left=left, right=right) if sign in _COMPARE:
            for side, other in ((left, right), (right, left)):
                if isinstance(side, Name | Reference | DayOf) and isinstance(other, Literal):
                    return key_of(side), [other.value, None]
        case In(value=Name() | Reference() as name, choices=words):
            return key_of(name), [*(word.value for word in words), None]
        case Known(value=Name() | Reference() | DayOf() as name):
            return key_of(name), [SOMETHING_ELSE, None]
        case Name() | Reached():
            return key_of(tree), [True, False]
    return None


def _with_between(values: list[Value | None]) -> list[Value | None]:
    """Add values below, between and above those written, so that every case is there."""
    numbers = sorted(value for value in values if isinstance(value, Fraction))
    days = sorted(value for value in values if isinstance(value, date))
    added: list[Value | None] = list(values)
    if numbers:
        added += [numbers[0] - 1, numbers[-1] + 1]
        added += [(low + high) / 2 for low, high in pairwise(numbers)]
    for day in days:
        added += [day - timedelta(days=1), day + timedelta(days=1)]
    if any(isinstance(value, str) for value in values):
        added.append(SOMETHING_ELSE)
    return list(dict.fromkeys(added))


def _holds(tree: Expression, case: Case) -> bool:  # noqa: PLR0911 - one per kind of part
    match tree:
        case Every(parts):
            return all(_holds(part, case) for part in parts)
        case Some(parts):
            return any(_holds(part, case) for part in parts)
        case Negated(part):
            return not _holds(part, case)
        case If(condition, then, otherwise):
            return _holds(then if _holds(condition, case) else otherwise, case)
        case Literal(value):
            return value is True
    exact = _exact(tree)
    if exact is None:
        return case[tree] is True
    return _answers(tree, case[exact[0]])


def _answers(tree: Expression, value: Value | None) -> bool:
    """Say whether a part that asks for one input holds for a value of it."""
    match tree:
        case Known(wanted=wanted):
            return (value is not None) is wanted
        case In(choices=words):
            return value in [word.value for word in words]
        case Compared(operator=sign, left=left, right=right):
            if isinstance(left, Literal):
                return _compare(_MIRRORED.get(sign, sign), value, left.value)
            return isinstance(right, Literal) and _compare(sign, value, right.value)
    return value is True


def _compare(sign: str, value: Value | None, written: Value) -> bool:
    comparable = isinstance(value, type(written)) or isinstance(written, type(value))
    return value is not None and comparable and _COMPARE[sign](value, written)
