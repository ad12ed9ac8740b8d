"""The unit of a formula, or why its parts do not go together."""

from collections.abc import Mapping

from premia_plan.language.names import Names, suggestion
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
from premia_plan.quantities import Unit

NUMBERS = frozenset({Unit.MONEY, Unit.RATE, Unit.COUNT})

_PRODUCTS: Mapping[tuple[Unit, Unit], Unit] = {
    (Unit.MONEY, Unit.RATE): Unit.MONEY,
    (Unit.MONEY, Unit.COUNT): Unit.MONEY,
    (Unit.RATE, Unit.MONEY): Unit.MONEY,
    (Unit.COUNT, Unit.MONEY): Unit.MONEY,
    (Unit.RATE, Unit.RATE): Unit.RATE,
    (Unit.RATE, Unit.COUNT): Unit.RATE,
    (Unit.COUNT, Unit.RATE): Unit.RATE,
    (Unit.COUNT, Unit.COUNT): Unit.COUNT,
}
_QUOTIENTS: Mapping[tuple[Unit, Unit], Unit] = {
    (Unit.MONEY, Unit.MONEY): Unit.RATE,
    (Unit.MONEY, Unit.COUNT): Unit.MONEY,
    (Unit.MONEY, Unit.RATE): Unit.MONEY,
    (Unit.RATE, Unit.RATE): Unit.RATE,
    (Unit.RATE, Unit.COUNT): Unit.RATE,
    (Unit.COUNT, Unit.COUNT): Unit.COUNT,
    (Unit.COUNT, Unit.RATE): Unit.COUNT,
}


class UnitMistake(ValueError):
    """Raised when a formula names something unknown or mixes units."""

    def __init__(self, code: str, problem: str, hint: str) -> None:
        self.code = code
        self.problem = problem
        self.hint = hint
        super().__init__(f"{problem}. {hint}")


def unit_of(expression: Expression, names: Names) -> Unit:  # noqa: PLR0911 - one per kind of tree
    """Return the unit a formula's result has.

    Raises:
        UnitMistake: if a name or state is unknown, or units do not go together.
    """
    match expression:
        case Literal():
            return _literal(expression, names)
        case Name(path):
            if path not in names.units:
                hint = suggestion(path, names.units)
                raise UnitMistake("name.unknown", f"{path} is not known here", hint)
            return names.units[path]
        case Reached(state) | DayOf(state):
            return _state(expression, state, names)
        case Minus(value):
            return _number(unit_of(value, names), "-")
        case Calculated():
            return _calculated(expression, names)
        case Compared() | In() | Known():
            return _comparison(expression, names)
        case Negated(part):
            return _truth((part,), names)
        case Every(parts) | Some(parts):
            return _truth(parts, names)


def _literal(literal: Literal, names: Names) -> Unit:
    if literal.currency is not None and literal.currency != names.currency:
        problem = f"{literal.currency} is not the plan's currency"
        raise UnitMistake("unit.currency", problem, f"Write the amount in {names.currency}")
    return literal.unit


def _state(expression: Reached | DayOf, state: str, names: Names) -> Unit:
    if state not in names.states:
        hint = suggestion(state, names.states)
        raise UnitMistake("state.unknown", f"the state {state} is not known here", hint)
    return Unit.BOOL if isinstance(expression, Reached) else Unit.DATE


def _number(unit: Unit, operator: str) -> Unit:
    if unit not in NUMBERS:
        hint = "Only amounts, percentages and counts can be calculated with"
        raise UnitMistake("unit.not_a_number", f"{operator} cannot be used on {unit}", hint)
    return unit


def _calculated(expression: Calculated, names: Names) -> Unit:
    left = _number(unit_of(expression.left, names), expression.operator)
    right = _number(unit_of(expression.right, names), expression.operator)
    if expression.operator in "+-":
        if left is not right:
            problem = f"{left} {expression.operator} {right} has no meaning"
            raise UnitMistake("unit.mixed", problem, "Both sides must have the same unit")
        return left
    table = _PRODUCTS if expression.operator == "*" else _QUOTIENTS
    unit = table.get((left, right))
    if unit is None:
        problem = f"{left} {expression.operator} {right} has no meaning"
        raise UnitMistake("unit.mixed", problem, "Multiply or divide an amount by a rate or count")
    return unit


def _comparison(expression: Compared | In | Known, names: Names) -> Unit:
    if isinstance(expression, Known):
        unit_of(expression.value, names)
        return Unit.BOOL
    if isinstance(expression, In):
        unit = unit_of(expression.value, names)
        others = {unit_of(choice, names) for choice in expression.choices}
        ordered = False
    else:
        unit = unit_of(expression.left, names)
        others = {unit_of(expression.right, names)}
        ordered = expression.operator not in {"=", "!="}
    if others != {unit}:
        problem = f"{unit} cannot be compared with {', '.join(sorted(others))}"
        raise UnitMistake("unit.mixed", problem, "Both sides must have the same unit")
    if ordered and unit in {Unit.TEXT, Unit.BOOL}:
        raise UnitMistake("unit.no_order", f"{unit} has no order", "Use = or != or in")
    return Unit.BOOL


def _truth(parts: tuple[Expression, ...], names: Names) -> Unit:
    for part in parts:
        unit = unit_of(part, names)
        if unit is not Unit.BOOL:
            hint = "and, or and not join conditions; compare the value with something"
            raise UnitMistake("unit.not_a_condition", f"{unit} is not a condition", hint)
    return Unit.BOOL
