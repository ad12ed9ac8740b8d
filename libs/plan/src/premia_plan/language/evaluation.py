"""Formulas turned into functions that compute exactly; nothing is ever passed to `eval`.

An unknown value makes a comparison false and a calculation unknown; a formula asks with `is known`
or `otherwise` where the difference matters.  Every function here ends, and gives a value of the
formula's unit, None for an unknown one, or one of two errors: `FactMissing`, which names what was
missing, and `NumberTooLarge`.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from premia_plan.language.arithmetic import CENT, bounded, rounded
from premia_plan.language.functions import FUNCTIONS
from premia_plan.language.syntax import (
    Calculated,
    Call,
    Compared,
    DayOf,
    Divided,
    Every,
    Expression,
    If,
    In,
    Known,
    Literal,
    Minus,
    Name,
    Negated,
    Otherwise,
    Power,
    Reached,
    Reference,
    Rounded,
    Some,
    inputs_of,
    key_of,
)
from premia_plan.language.syntax.tree import ORDER

Value: TypeAlias = Fraction | date | str | bool


class Scope(Protocol):
    """Where a formula finds its values."""

    def value(self, name: str) -> Value | None:
        """Return a named value, or None while it is unknown.

        Beside names these are asked for: references (`previous year of activated_value`), and for
        facts other than the order `line reached delivered` and `day of line delivered`.
        """

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state, or None."""


class FactMissing(LookupError):
    """Raised when a formula calculates with a value that is unknown."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is unknown; it is needed to calculate")


Evaluate: TypeAlias = Callable[[Scope], Value | None]
_Number: TypeAlias = Callable[[Scope], Fraction]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "starts with": str.startswith,
    "ends with": str.endswith,
    "contains": operator.contains,
}
_CALCULATIONS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def compile_formula(expression: Expression) -> Evaluate:  # noqa: PLR0911 - one per kind of tree
    """Return the function of a formula whose units were checked."""
    match expression:
        case Literal():
            written = expression.value
            return lambda _scope: written
        case Name(path):
            return lambda scope: scope.value(path)
        case Reference() | DayOf() | Reached():
            return _looked_up(expression)
        case Minus() | Calculated() | Divided() | Power() | Rounded():
            return _calculated(expression)
        case Call(function, arguments):
            return _called(FUNCTIONS[function].compute, [_needed(part) for part in arguments])
        case Compared() | In() | Known():
            return _comparison(expression)
        case Every() | Some() | Negated():
            return _joined(expression)
        case If(condition, then, otherwise):
            return _choice(_tried(condition), compile_formula(then), compile_formula(otherwise))
        case Otherwise(value, instead):
            return _fallback(_tried(value), compile_formula(instead))


def first_unknown(expression: Expression, scope: Scope) -> str:
    """Return the first value an expression looks up that is unknown."""
    for node in inputs_of(expression):
        if compile_formula(node)(scope) is None:
            return key_of(node)
    return "a part of the formula"


def _looked_up(node: Reference | DayOf | Reached) -> Evaluate:
    key = node.key
    if isinstance(node, Reference):
        return lambda scope: scope.value(key)
    state, of_order = node.state, node.fact == ORDER
    if isinstance(node, DayOf):
        return (lambda scope: scope.day_reached(state)) if of_order else (lambda s: s.value(key))
    if of_order:
        return lambda scope: scope.day_reached(state) is not None
    return lambda scope: scope.value(key) is True


def _needed(expression: Expression) -> Callable[[Scope], Any]:
    """Return a function that gives a known value or says what is missing."""
    evaluate = compile_formula(expression)
    if isinstance(expression, Literal):
        return evaluate

    def needed(scope: Scope) -> Value:
        value = evaluate(scope)
        if value is None:
            raise FactMissing(first_unknown(expression, scope))
        return value

    return needed


def _tried(expression: Expression) -> Evaluate:
    """Return a function that gives a value, or None where it is unknown."""
    evaluate = compile_formula(expression)
    if isinstance(expression, Literal | Name | Reference | DayOf | Reached):
        return evaluate

    def tried(scope: Scope) -> Value | None:
        try:
            return evaluate(scope)
        except FactMissing:
            return None

    return tried


def _number(expression: Expression) -> _Number:
    number: _Number = _needed(expression)
    return number


def _calculated(expression: Minus | Calculated | Divided | Power | Rounded) -> _Number:
    match expression:
        case Minus(value):
            inner = _number(value)
            return lambda scope: -inner(scope)
        case Calculated(sign, left, right):
            first, second, calculate = _number(left), _number(right), _CALCULATIONS[sign]
            return lambda scope: bounded(calculate(first(scope), second(scope)))
        case Divided(left, right, otherwise):
            instead = None if otherwise is None else _number(otherwise)
            return _divided(_number(left), _number(right), instead)
        case Power(value, exponent):
            base = _number(value)
            return lambda scope: bounded(base(scope) ** exponent)
        case Rounded(value, place, mode):
            exact = _number(value)
            step = CENT if place is None or not isinstance(place.value, Fraction) else place.value
            return lambda scope: rounded(exact(scope), step, mode)


def _divided(left: _Number, right: _Number, instead: _Number | None) -> _Number:
    def divided(scope: Scope) -> Fraction:
        dividend, divisor = left(scope), right(scope)
        if divisor != 0:
            return bounded(dividend / divisor)
        if instead is None:
            raise FactMissing("a divisor other than zero")
        return instead(scope)

    return divided


def _called(compute: Callable[..., Any], arguments: Sequence[Callable[[Scope], Any]]) -> Evaluate:
    def called(scope: Scope) -> Value:
        value: Value = compute(*(argument(scope) for argument in arguments))
        return value

    return called


def _choice(condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    return lambda scope: then(scope) if condition(scope) else otherwise(scope)


def _fallback(value: Evaluate, instead: Evaluate) -> Evaluate:
    def fallback(scope: Scope) -> Value | None:
        found = value(scope)
        return instead(scope) if found is None else found

    return fallback


def _joined(expression: Every | Some | Negated) -> Callable[[Scope], bool]:
    if isinstance(expression, Negated):
        condition = _tried(expression.part)
        return lambda scope: not condition(scope)
    conditions = [_tried(part) for part in expression.parts]
    if isinstance(expression, Every):
        return lambda scope: all(condition(scope) for condition in conditions)
    return lambda scope: any(condition(scope) for condition in conditions)


def _comparison(expression: Compared | In | Known) -> Callable[[Scope], bool]:
    if isinstance(expression, Known):
        evaluate, wanted = _tried(expression.value), expression.wanted
        return lambda scope: (evaluate(scope) is not None) is wanted
    if isinstance(expression, In):
        evaluate = _tried(expression.value)
        choices = frozenset(choice.value for choice in expression.choices)
        return lambda scope: evaluate(scope) in choices
    left, right = _tried(expression.left), _tried(expression.right)
    compare = _COMPARISONS[expression.operator]

    def compared(scope: Scope) -> bool:
        first, second = left(scope), right(scope)
        return first is not None and second is not None and compare(first, second)

    return compared
