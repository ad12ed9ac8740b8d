"""Formulas of a plan as expressions over a relation's columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from calc_engine.engine.ir import Constant, Expression
from calc_engine.engine.lowering.functions import FUNCTIONS
from calc_engine.engine.lowering.lowered import (
    Gap,
    Lowered,
    Missing,
    RowScope,
    StrictScope,
    chosen,
    guarded,
    is_none,
    without,
)
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    day,
    every,
    is_known,
    is_unknown,
    known_or,
    negated,
    one_of,
    some,
    text,
    whole,
)
from premia_plan.language.syntax import (
    Calculated,
    Call,
    Compared,
    DayOf,
    Divided,
    Every,
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
from premia_plan.language.syntax import Expression as Tree

NO_DIVISOR = "a divisor other than zero"
A_PART = "a part of the formula"


def lower(tree: Tree, scope: RowScope) -> Lowered:
    """Return a formula's tree as expressions over a scope's columns.

    A number that is unknown is among what is missing; an unknown text, day or condition is not.

    Raises:
        NotLowered: if the tree has a node this engine cannot express.
    """
    found = raw(tree, scope)
    if isinstance(found.value, Ratio):
        return _needed(found, tree, scope)
    return found if isinstance(tree, (Name, Reference, DayOf, Reached)) else _tried(found)


def raw(tree: Tree, scope: RowScope) -> Lowered:
    """Return a tree's value, which may be unknown without anything being missed.

    Raises:
        NotLowered: if the tree has a node this engine cannot express.
    """
    rule = _RULES.get(type(tree).__name__)
    if rule is None:
        raise NotLowered(f"formulas with {type(tree).__name__}")
    return rule(tree, scope)


def needed(tree: Tree, scope: RowScope) -> Lowered:
    """Return a tree's value, with its being unknown among what is missing."""
    return _needed(raw(tree, scope), tree, scope)


def tried(tree: Tree, scope: RowScope) -> Lowered:
    """Return a tree's value, unknown where something is missing that does not end it all."""
    return _tried(raw(tree, scope))


def _can_be_none(tree: Tree) -> bool:
    """Say whether a tree can be unknown without anything being missed."""
    match tree:
        case If(_, then, otherwise):
            return _can_be_none(then) or _can_be_none(otherwise)
        case Otherwise(_, instead):
            return _can_be_none(instead)
    return isinstance(tree, (Name, Reference, DayOf))


def _needed(found: Lowered, tree: Tree, scope: RowScope) -> Lowered:
    value = found.value
    own = value.numerator if isinstance(value, Ratio) else value
    if not _can_be_none(tree) or isinstance(own, Constant):
        return found
    if isinstance(tree, (Name, Reference, DayOf)):
        if found.missing:
            return found
        return replace(found, missing=(Gap(is_unknown(own), key_of(tree)),))
    unknown = is_unknown(own)
    asked = [(raw(node, scope).value, key_of(node)) for node in inputs_of(tree)]
    gaps = [Gap(every(unknown, is_none(value)), name) for value, name in asked]
    return replace(found, missing=(*found.missing, *gaps, Gap(unknown, A_PART)))


def _tried(found: Lowered) -> Lowered:
    soft = [gap.condition for gap in found.missing if not gap.stops]
    if not soft:
        return found
    kept: list[Gap] = []
    before: list[Expression] = []
    for gap in found.missing:
        if gap.stops:
            kept.extend(guarded((gap,), negated(some(*before)) if before else TRUE))
        else:
            before.append(gap.condition)
    value = found.value if found.is_clean else without(found.value, some(*soft))
    return Lowered(value, tuple(kept), found.is_clean)


def _literal(tree: Literal, _scope: RowScope) -> Lowered:
    value = tree.value
    if isinstance(value, Fraction):
        return Lowered(Ratio.written(value))
    return Lowered(_plain(value))


def _plain(value: date | str | bool | Fraction) -> Constant:
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, date):
        return day(value)
    return text(str(value))


def _name(tree: Name | Reference, scope: RowScope) -> Lowered:
    name = key_of(tree)
    value = scope.value(name)
    if isinstance(scope, StrictScope) and scope.stops(name):
        return Lowered(value, (Gap(is_none(value), name, stops=True),))
    return Lowered(value)


def _minus(tree: Minus, scope: RowScope) -> Lowered:
    inner = needed(tree.value, scope)
    return Lowered(inner.number.negative(), inner.missing, inner.is_clean)


def _calculated(tree: Calculated, scope: RowScope) -> Lowered:
    left, right = needed(tree.left, scope), needed(tree.right, scope)
    missing, is_clean = (*left.missing, *right.missing), left.is_clean and right.is_clean
    one, two = left.number, right.number
    match tree.operator:
        case "+":
            return Lowered(one + two, missing, is_clean)
        case "-":
            return Lowered(one - two, missing, is_clean)
        case _:
            return Lowered(one * two, missing, is_clean)


def _divided(tree: Divided, scope: RowScope) -> Lowered:
    left, right = needed(tree.left, scope), needed(tree.right, scope)
    missing = (*left.missing, *right.missing)
    divisor = right.number
    if isinstance(divisor.numerator, Constant):
        return Lowered(left.number * divisor.inverse(), missing, left.is_clean and right.is_clean)
    zero = divisor.is_zero()
    one = case([(zero, whole(1))], divisor.numerator)
    quotient = left.number * replace(divisor, numerator=one).inverse()
    if tree.otherwise is None:
        gap = Gap(zero, NO_DIVISOR)
        return Lowered(quotient, (*missing, gap), is_clean=False)
    instead = needed(tree.otherwise, scope)
    value = chosen(known_or(zero, FALSE), instead.number, quotient)
    return Lowered(value, (*missing, *guarded(instead.missing, zero)), is_clean=False)


def _power(tree: Power, scope: RowScope) -> Lowered:
    inner = needed(tree.value, scope)
    product = Ratio.written(Fraction(1))
    for _ in range(tree.exponent):
        product = product * inner.number
    return Lowered(product, inner.missing, is_clean=inner.is_clean and tree.exponent > 0)


def _compared(tree: Compared, scope: RowScope) -> Lowered:
    left, right = tried(tree.left, scope), tried(tree.right, scope)
    if isinstance(left.value, Ratio) or isinstance(right.value, Ratio):
        found = left.number.compared(tree.operator, right.number)
    else:
        found = compare(tree.operator, left.plain, right.plain)
    return Lowered(known_or(found, FALSE), (*left.missing, *right.missing), is_clean=False)


def _in(tree: In, scope: RowScope) -> Lowered:
    inner = tried(tree.value, scope)
    value = inner.value
    if isinstance(value, Ratio):
        written = [choice.value for choice in tree.choices]
        choices = [number for number in written if isinstance(number, Fraction)]
        found = some(*(value.compared("=", Ratio.written(one)) for one in choices))
    else:
        found = one_of(value, [_plain(choice.value) for choice in tree.choices])
    return Lowered(known_or(found, FALSE), inner.missing, is_clean=False)


def _known(tree: Known, scope: RowScope) -> Lowered:
    inner = tried(tree.value, scope)
    unknown = is_none(inner.value)
    return Lowered(negated(unknown) if tree.wanted else unknown, inner.missing, is_clean=False)


def _reached(tree: Reached, scope: RowScope) -> Lowered:
    if tree.key.startswith("reached "):
        return Lowered(is_known(scope.day_reached(tree.state)))
    return Lowered(scope.value(tree.key))


def _day_of(tree: DayOf, scope: RowScope) -> Lowered:
    if tree.key == f"day of {tree.state}":
        return Lowered(scope.day_reached(tree.state))
    return Lowered(scope.value(tree.key))


def _every(tree: Every, scope: RowScope) -> Lowered:
    holds, missing = _in_turn(tree.parts, scope, lambda before: before)
    return Lowered(every(*holds), missing, is_clean=False)


def _some(tree: Some, scope: RowScope) -> Lowered:
    holds, missing = _in_turn(tree.parts, scope, negated)
    return Lowered(some(*holds), missing, is_clean=False)


def _in_turn(
    parts: Sequence[Tree], scope: RowScope, goes_on: Callable[[Expression], Expression]
) -> tuple[list[Expression], Missing]:
    """Return conditions that are asked until one decides, and what may be missing on the way."""
    holds: list[Expression] = []
    missing: list[Gap] = []
    for part in parts:
        found = tried(part, scope)
        missing.extend(guarded(found.missing, every(*map(goes_on, holds))))
        holds.append(found.holds)
    return holds, tuple(missing)


def _negated(tree: Negated, scope: RowScope) -> Lowered:
    inner = tried(tree.part, scope)
    return Lowered(negated(inner.holds), inner.missing, is_clean=False)


def _if(tree: If, scope: RowScope) -> Lowered:
    condition = tried(tree.condition, scope)
    holds = condition.holds
    then, otherwise = raw(tree.then, scope), raw(tree.otherwise, scope)
    missing = (
        *condition.missing,
        *guarded(then.missing, holds),
        *guarded(otherwise.missing, negated(holds)),
    )
    return Lowered(chosen(holds, then.value, otherwise.value), missing, is_clean=False)


def _otherwise(tree: Otherwise, scope: RowScope) -> Lowered:
    value, instead = tried(tree.value, scope), raw(tree.instead, scope)
    unknown = is_none(value.value)
    missing = (*value.missing, *guarded(instead.missing, unknown))
    return Lowered(chosen(unknown, instead.value, value.value), missing, is_clean=False)


def _rounded(tree: Rounded, scope: RowScope) -> Lowered:
    inner = needed(tree.value, scope)
    place = Fraction(1, 100)
    if tree.place is not None and isinstance(tree.place.value, Fraction):
        place = tree.place.value
    return Lowered(inner.number.rounded_to(place, tree.mode), inner.missing, inner.is_clean)


def _called(tree: Call, scope: RowScope) -> Lowered:
    rule = FUNCTIONS.get(tree.function)
    if rule is None:
        raise NotLowered(f"the function {tree.function}")
    arguments = [needed(part, scope) for part in tree.arguments]
    missing = tuple(gap for argument in arguments for gap in argument.missing)
    return Lowered(rule(*(argument.value for argument in arguments)), missing, is_clean=False)


_RULES: dict[str, Callable[..., Lowered]] = {
    "Literal": _literal,
    "Name": _name,
    "Reference": _name,
    "Minus": _minus,
    "Calculated": _calculated,
    "Divided": _divided,
    "Power": _power,
    "Compared": _compared,
    "In": _in,
    "Known": _known,
    "Reached": _reached,
    "DayOf": _day_of,
    "Every": _every,
    "Some": _some,
    "Negated": _negated,
    "If": _if,
    "Otherwise": _otherwise,
    "Rounded": _rounded,
    "Call": _called,
}
