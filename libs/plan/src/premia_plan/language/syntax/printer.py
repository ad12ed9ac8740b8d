"""From the tree of a formula back to text."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from premia_plan.language.syntax.tree import (
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
)
from premia_plan.quantities import exact_text
from premia_plan.unit import Unit

_CHOICE, _SOME, _EVERY, _NEGATED, _COMPARED, _SUM, _PRODUCT, _UNARY, _FALLBACK, _POWER, _ATOM = (
    range(11)
)
"""How strongly each kind of expression holds together, the weakest first."""

_ESCAPES: Final = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"})


def text_of(expression: Expression) -> str:
    """Return a formula with as few brackets as it needs; read again, it is the same tree.

    >>> from premia_plan.language.syntax import read_expression
    >>> text_of(read_expression("((a)+ b) *3 %"))
    '(a + b) * 3 %'
    """
    return _written(expression)[0]


def literal_text(literal: Literal) -> str:
    """Return a value as one writes it in a formula."""
    value = literal.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    if literal.unit is Unit.RATE:
        return f"{exact_text(value * 100)} %"
    if literal.unit is Unit.COUNT:
        return exact_text(value)
    unit = str(literal.unit)
    if literal.currency is not None:
        unit = literal.currency + unit.removeprefix("money")
    return f"{exact_text(value)} {unit}"


def _within(expression: Expression, least: int) -> str:
    """Return a part, in brackets where it binds less than its place asks for."""
    text, binds = _written(expression)
    return text if binds >= least else f"({text})"


def _joined(parts: Sequence[Expression], word: str, least: int) -> str:
    return word.join(_within(part, least) for part in parts)


def _written(expression: Expression) -> tuple[str, int]:  # noqa: PLR0911 - one per kind of tree
    """Return the text of an expression, and how strongly it holds together."""
    match expression:
        case Literal():
            return literal_text(expression), _ATOM
        case Name(path):
            return path, _ATOM
        case Reference() | DayOf():
            return expression.key, _ATOM
        case Call(function, arguments):
            return f"{function}({_joined(arguments, ', ', _CHOICE)})", _ATOM
        case Rounded():
            return _rounding(expression), _ATOM
        case If(condition, then, otherwise):
            parts = [_within(part, _CHOICE) for part in (condition, then, otherwise)]
            return "if {} then {} else {}".format(*parts), _CHOICE
        case Some(parts):
            return _joined(parts, " or ", _EVERY), _SOME
        case Every(parts):
            return _joined(parts, " and ", _NEGATED), _EVERY
        case Negated(part):
            return f"not {_within(part, _NEGATED)}", _NEGATED
        case Reached() | Compared() | Known() | In():
            return _condition(expression), _COMPARED
        case Minus() | Calculated() | Divided() | Power() | Otherwise():
            return _calculation(expression)


def _condition(expression: Reached | Compared | Known | In) -> str:
    match expression:
        case Reached(state, fact):
            return f"{fact} reached {state}"
        case Compared(operator, left, right):
            return f"{_within(left, _SUM)} {operator} {_within(right, _SUM)}"
        case Known(value, wanted):
            return f"{_within(value, _SUM)} is {'' if wanted else 'not '}known"
        case In(value, choices):
            listed = ", ".join(literal_text(choice) for choice in choices)
            return f"{_within(value, _SUM)} in [{listed}]"


def _calculation(expression: Minus | Calculated | Divided | Power | Otherwise) -> tuple[str, int]:
    match expression:
        case Minus(value):
            return f"-{_within(value, _UNARY)}", _UNARY
        case Calculated("*", left, right):
            return f"{_within(left, _PRODUCT)} * {_within(right, _UNARY)}", _PRODUCT
        case Calculated(operator, left, right):
            return f"{_within(left, _SUM)} {operator} {_within(right, _PRODUCT)}", _SUM
        case Divided():
            return _division(expression)
        case Power(value, exponent):
            return f"{_within(value, _ATOM)} ^ {exponent}", _POWER
        case Otherwise(value, instead):
            asked = _bracketed_numeral(value) or _within(value, _POWER)
            return f"{asked} otherwise {_within(instead, _UNARY)}", _FALLBACK


def _division(expression: Divided) -> tuple[str, int]:
    left = _within(expression.left, _PRODUCT)
    if expression.otherwise is not None:
        right = _bracketed_numeral(expression.right) or _within(expression.right, _UNARY)
        return f"{left} / {right} else {_within(expression.otherwise, _UNARY)}", _PRODUCT
    text = f"{left} / {_within(expression.right, _UNARY)}"
    if _bracketed_numeral(expression.right) is not None:
        return text, _PRODUCT
    return f"({text})", _ATOM


def _bracketed_numeral(expression: Expression) -> str | None:
    """Return a written number in brackets, for places where a bare one would be read otherwise."""
    if isinstance(expression, Literal) and isinstance(expression.value, Fraction):
        return f"({literal_text(expression)})"
    return None


def _rounding(expression: Rounded) -> str:
    place = "cent" if expression.place is None else literal_text(expression.place)
    mode = "" if expression.mode == "half_up" else f", {expression.mode}"
    return f"round({_within(expression.value, _CHOICE)}, to: {place}{mode})"
