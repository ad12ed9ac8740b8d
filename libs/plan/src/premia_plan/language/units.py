"""The unit of a formula, or why its parts do not go together."""

from collections.abc import Sequence

from premia_common.money import MINOR_DIGITS
from premia_plan.language import unit_mistakes as mistake
from premia_plan.language.functions import FUNCTIONS, SAME, Function, Parameter
from premia_plan.language.joined_names import unit_of_reference
from premia_plan.language.names import Names, nearest, suggested
from premia_plan.language.syntax import (
    Calculated,
    Call,
    Compared,
    DayOf,
    Divided,
    Every,
    Expression,
    FormulaRefused,
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
    parts_of,
)
from premia_plan.language.syntax.tree import ORDER
from premia_plan.language.words import Words
from premia_plan.unit import Unit

MAX_SHOWN = 40
"""A name of more characters is not shown again in a hint."""


def unit_of(expression: Expression, names: Names) -> Unit:
    """Return the unit a formula's result has.

    Raises:
        FormulaRefused: if a name, state or unit is unknown, or units do not go together.
    """
    match expression:
        case Literal() | Name() | Reference() | Reached() | DayOf():
            return _given(expression, names)
        case Minus() | Calculated() | Divided() | Power() | Rounded():
            return _calculation(expression, names)
        case Compared() | In() | Known():
            return _comparison(expression, names)
        case Every() | Some() | Negated():
            return _truth(parts_of(expression), names)
        case If() | Otherwise():
            return _chosen(expression, names)
        case Call():
            return _call(expression, names)


def _chosen(expression: If | Otherwise, names: Names) -> Unit:
    if isinstance(expression, Otherwise):
        return _alike((expression.value, expression.instead), names)
    _truth((expression.condition,), names)
    return _alike((expression.then, expression.otherwise), names)


def _given(expression: Literal | Name | Reference | Reached | DayOf, names: Names) -> Unit:
    match expression:
        case Literal():
            return _literal(expression, names)
        case Name(path):
            return _named(expression, path, names)
        case Reference():
            return unit_of_reference(expression, names)
        case Reached() | DayOf():
            return _state(expression, names)


def _calculation(expression: Minus | Calculated | Divided | Power | Rounded, names: Names) -> Unit:
    match expression:
        case Minus(value):
            return _number(value, "-", names)
        case Calculated():
            return _calculated(expression, names)
        case Divided():
            return _divided(expression, names)
        case Power():
            return _power(expression, names)
        case Rounded():
            return _rounded(expression, names)


def _literal(literal: Literal, names: Names) -> Unit:
    if literal.currency is not None and literal.currency != names.currency:
        if literal.currency not in MINOR_DIGITS:
            raise mistake.currency_unknown(literal, names.currency or "EUR")
        raise mistake.other_currency(literal, names.currency)
    renamed = {}
    for unit in literal.unit.exponents:
        known = "money" if unit == "money" else names.quantity(unit)
        if known is None:
            raise mistake.unit_unknown(literal, unit, names)
        renamed[unit] = known
    return literal.unit.renamed(renamed)


def _named(name: Name, path: str, names: Names) -> Unit:
    unit = names.units.get(path)
    if unit is None:
        message = Words(f"{path} is not known here", f"{path} qui non è noto")
        hint = _meant(path, {*names.units, *names.parameters})
        raise FormulaRefused("name.unknown", name.span, message, hint)
    return unit


def _meant(path: str, known: set[str]) -> Words:
    """Return a hint for a name nobody knows: a near one, or that a text goes in quotation marks."""
    hint = suggested(path, known)
    if "." in path or len(path) > MAX_SHOWN or nearest(path, sorted(known)) is not None:
        return hint
    return Words(
        f'A text goes in quotation marks: "{path}". {hint.en}',
        f'Un testo va tra virgolette: "{path}". {hint.it}',
    )


def _state(asked: Reached | DayOf, names: Names) -> Unit:
    if asked.fact != ORDER and asked.fact not in names.fact_states:
        message = Words(
            f"there is no {asked.fact} with states here",
            f"qui non c'è nessun {asked.fact} con stati",
        )
        facts = [ORDER, *names.fact_states] if names.states else list(names.fact_states)
        raise FormulaRefused("fact.unknown", asked.span, message, suggested(asked.fact, facts))
    states = names.states if asked.fact == ORDER else names.fact_states[asked.fact]
    if asked.state not in states:
        message = Words(
            f"the state {asked.state} is not known here", f"lo stato {asked.state} qui non è noto"
        )
        raise FormulaRefused("state.unknown", asked.span, message, suggested(asked.state, states))
    return Unit.BOOL if isinstance(asked, Reached) else Unit.DATE


def _is_zero(expression: Expression) -> bool:
    """Say whether a part is a plain 0, which goes with numbers of every unit."""
    return (
        isinstance(expression, Literal) and expression.unit is Unit.COUNT and expression.value == 0
    )


def _number(expression: Expression, operator: str, names: Names) -> Unit:
    unit = unit_of(expression, names)
    if not unit.is_number:
        raise mistake.not_a_number(expression, unit, operator)
    return unit


def _common(left: tuple[Expression, Unit], right: tuple[Expression, Unit]) -> Unit | None:
    """Return the unit of both, or None if they differ."""
    if left[1] is right[1] or (_is_zero(right[0]) and left[1].is_number):
        return left[1]
    return right[1] if _is_zero(left[0]) and right[1].is_number else None


def _calculated(expression: Calculated, names: Names) -> Unit:
    sign = expression.operator
    left = (expression.left, _number(expression.left, sign, names))
    right = (expression.right, _number(expression.right, sign, names))
    if sign == "*":
        unit = left[1].times(right[1])
        if unit is None:
            raise mistake.not_multiplied(sign, left, right, expression)
        return unit
    unit = _common(left, right)
    if unit is None:
        raise mistake.not_added(sign, left, right, expression, names.currency)
    return unit


def _divided(expression: Divided, names: Names) -> Unit:
    left = (expression.left, _number(expression.left, "/", names))
    right = (expression.right, _number(expression.right, "/", names))
    unit = left[1].over(right[1])
    if unit is None:
        raise mistake.not_multiplied("/", left, right, expression)
    divisor = expression.right
    if isinstance(divisor, Minus):
        divisor = divisor.value
    if isinstance(divisor, Literal) and divisor.value == 0:
        raise mistake.divisor_zero(divisor)
    if expression.otherwise is None:
        if not isinstance(divisor, Literal):
            raise mistake.divisor_unstated(expression)
        return unit
    instead = (expression.otherwise, _number(expression.otherwise, "else", names))
    if _common((expression, unit), instead) is None:
        raise mistake.not_alike((expression, unit), instead, names.currency)
    return unit


def _power(expression: Power, names: Names) -> Unit:
    unit = _number(expression.value, "^", names)
    power = unit.to_the(expression.exponent)
    if power is None:
        raise mistake.no_power(expression.value, unit, expression)
    return power


def _rounded(expression: Rounded, names: Names) -> Unit:
    unit = _number(expression.value, "round", names)
    place, currency = expression.place, names.currency
    if place is None:
        if currency is not None and MINOR_DIGITS.get(currency) != 2:
            raise mistake.no_cents(expression, currency)
        return unit
    step = _literal(place, names)
    if step is not unit and step is not Unit.COUNT:
        raise mistake.not_alike((expression.value, unit), (place, step), currency)
    return unit


def _comparison(expression: Compared | In | Known, names: Names) -> Unit:
    if isinstance(expression, Known):
        unit_of(expression.value, names)
        return Unit.BOOL
    if isinstance(expression, In):
        value = (expression.value, unit_of(expression.value, names))
        for choice in expression.choices:
            _check_comparable(expression, value, (choice, _literal(choice, names)), names)
        return Unit.BOOL
    left = (expression.left, unit_of(expression.left, names))
    right = (expression.right, unit_of(expression.right, names))
    if expression.operator in {"starts with", "ends with", "contains"}:
        for part, unit in (left, right):
            if unit is not Unit.TEXT:
                raise mistake.not_a_text(part, unit, expression.operator)
        return Unit.BOOL
    common = _check_comparable(expression, left, right, names)
    if expression.operator not in {"=", "!="} and common in {Unit.TEXT, Unit.BOOL}:
        raise mistake.no_order(common, expression)
    return Unit.BOOL


def _check_comparable(
    expression: Compared | In,
    left: tuple[Expression, Unit],
    right: tuple[Expression, Unit],
    names: Names,
) -> Unit:
    """Return the unit of both sides of a comparison."""
    unit = _common(left, right)
    if unit is None:
        raise mistake.not_compared(left, right, expression, names.currency)
    return unit


def _truth(parts: Sequence[Expression], names: Names) -> Unit:
    for part in parts:
        unit = unit_of(part, names)
        if unit is not Unit.BOOL:
            raise mistake.not_a_condition(part, unit)
    return Unit.BOOL


def _alike(parts: Sequence[Expression], names: Names) -> Unit:
    """Return the one unit of all parts."""
    found = (parts[0], unit_of(parts[0], names))
    for part in parts[1:]:
        other = (part, unit_of(part, names))
        unit = _common(found, other)
        if unit is None:
            raise mistake.not_alike(found, other, names.currency)
        found = (part if _is_zero(found[0]) else found[0], unit)
    return found[1]


def _call(call: Call, names: Names) -> Unit:
    function = FUNCTIONS[call.function]
    given, wanted = len(call.arguments), len(function.parameters)
    if given < wanted or (given > wanted and not function.repeats):
        raise mistake.wrong_count(function, given, call)
    if function.parameters[0].takes == SAME:
        unit = _alike(call.arguments, names)
        if not unit.is_number and unit is not Unit.DATE:
            raise mistake.wrong_argument(function, call.arguments[0], unit, ())
        return unit
    units = [
        _argument(function, parameter, argument, names)
        for parameter, argument in zip(function.parameters, call.arguments, strict=True)
    ]
    return function.gives or units[0]


def _argument(function: Function, parameter: Parameter, argument: Expression, names: Names) -> Unit:
    unit = unit_of(argument, names)
    if isinstance(parameter.takes, str):
        if not unit.is_number:
            raise mistake.wrong_argument(function, argument, unit, ())
    elif unit not in parameter.takes:
        raise mistake.wrong_argument(function, argument, unit, parameter.takes)
    return unit
