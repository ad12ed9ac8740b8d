"""Formulas turned into functions that compute exactly; nothing is ever passed to `eval`.

An unknown value makes a comparison false and a calculation raise `FactMissing`; a formula asks
with `is known` first where the difference matters.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from premia_plan.language.syntax import (
    Calculated,
    Compared,
    DayOf,
    Every,
    Expression,
    In,
    Known,
    Literal,
    Minus,
    Name,
    Negated,
    Reached,
    Some,
)

Value: TypeAlias = Fraction | date | str | bool


class Scope(Protocol):
    """Where a formula finds its values."""

    def value(self, name: str) -> Value | None:
        """Return a named value, or None while it is unknown."""

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state, or None."""


class FactMissing(LookupError):
    """Raised when a formula calculates with a value that is unknown."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is unknown; it is needed to calculate")


Evaluate: TypeAlias = "Callable[[Scope], Value | None]"

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATIONS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def compile_formula(expression: Expression) -> Evaluate:  # noqa: PLR0911 - one per kind of tree
    """Return the function of a formula whose units were checked."""
    match expression:
        case Literal():
            written = expression.value
            return lambda _scope: written
        case Name(path):
            return lambda scope: scope.value(path)
        case DayOf(state):
            return lambda scope: scope.day_reached(state)
        case Reached(state):
            return lambda scope: scope.day_reached(state) is not None
        case Minus(value):
            inner = _number(value)
            return lambda scope: -inner(scope)
        case Calculated():
            return _calculated(expression)
        case Compared() | In() | Known():
            return _comparison(expression)
        case Negated(part):
            condition = compile_formula(part)
            return lambda scope: not condition(scope)
        case Every(parts):
            conditions = [compile_formula(part) for part in parts]
            return lambda scope: all(condition(scope) for condition in conditions)
        case Some(parts):
            conditions = [compile_formula(part) for part in parts]
            return lambda scope: any(condition(scope) for condition in conditions)


def _number(expression: Expression) -> Callable[[Scope], Fraction]:
    evaluate = compile_formula(expression)
    name = expression.path if isinstance(expression, Name) else "a part of the formula"

    def number(scope: Scope) -> Fraction:
        value = evaluate(scope)
        if not isinstance(value, Fraction):
            raise FactMissing(name)
        return value

    return number


def _calculated(expression: Calculated) -> Callable[[Scope], Fraction]:
    left, right = _number(expression.left), _number(expression.right)
    if expression.operator == "/":
        return lambda scope: _divide(left(scope), right(scope))
    calculate = _CALCULATIONS[expression.operator]
    return lambda scope: calculate(left(scope), right(scope))


def _divide(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise FactMissing("a divisor other than zero")
    return left / right


def _comparison(expression: Compared | In | Known) -> Callable[[Scope], bool]:
    if isinstance(expression, Known):
        evaluate, wanted = compile_formula(expression.value), expression.wanted
        return lambda scope: (evaluate(scope) is not None) is wanted
    if isinstance(expression, In):
        evaluate = compile_formula(expression.value)
        choices = frozenset(choice.value for choice in expression.choices)
        return lambda scope: evaluate(scope) in choices
    left, right = compile_formula(expression.left), compile_formula(expression.right)
    compare = _COMPARISONS[expression.operator]

    def compared(scope: Scope) -> bool:
        first, second = left(scope), right(scope)
        return first is not None and second is not None and compare(first, second)

    return compared
