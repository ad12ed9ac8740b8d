"""Formulas of a plan as expressions over a relation's columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeAlias

from calc_engine.engine.ir import Constant, Expression, Kind
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
    Compared,
    DayOf,
    Every,
    In,
    Known,
    Literal,
    Minus,
    Name,
    Negated,
    Reached,
    Some,
)
from premia_plan.language.syntax import Expression as Tree

Value: TypeAlias = "Ratio | Expression"
Missing: TypeAlias = tuple[tuple[Expression, str], ...]
"""What makes a result unknown and how it is called, in the order in which it is noticed."""

NO_DIVISOR = "a divisor other than zero"


class RowScope(Protocol):
    """The columns in which a formula finds its values."""

    def value(self, name: str) -> Value:
        """Return a named value of the row."""

    def day_reached(self, state: str) -> Expression:
        """Return the day on which the row's order first reached a state."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A formula's value, and what of it may be missing."""

    value: Value
    missing: Missing = ()

    @property
    def number(self) -> Ratio:
        """The value as a number.

        Raises:
            NotLowered: if it is none.
        """
        if not isinstance(self.value, Ratio):
            raise NotLowered("a number is needed where the formula gives none")
        return self.value

    @property
    def plain(self) -> Expression:
        """The value as a text, a day or a condition.

        Raises:
            NotLowered: if it is a number.
        """
        if isinstance(self.value, Ratio):
            raise NotLowered("the formula gives a number where none is expected")
        return self.value

    @property
    def condition(self) -> Expression:
        """Whether the condition holds; false where it is unknown."""
        return self.plain if self.plain in (TRUE, FALSE) else known_or(self.plain, FALSE)

    @property
    def unknown(self) -> Expression:
        """Whether the value is unknown."""
        value = self.value.numerator if isinstance(self.value, Ratio) else self.value
        conditions = [condition for condition, _ in self.missing]
        return some(*conditions) if conditions else is_unknown(value)

    @property
    def missing_place(self) -> Expression:
        """The place in `missing` of what is noticed first; unknown if nothing is."""
        places = [(condition, whole(place)) for place, (condition, _) in enumerate(self.missing)]
        return case(places, whole(None))


def lower(tree: Tree, scope: RowScope) -> Lowered:
    """Return a formula's tree as expressions over a scope's columns.

    Raises:
        NotLowered: if the tree has a node this engine cannot express.
    """
    rule = _RULES.get(type(tree).__name__)
    if rule is None:
        raise NotLowered(f"formulas with {type(tree).__name__}")
    return rule(tree, scope)


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


def _name(tree: Name, scope: RowScope) -> Lowered:
    value = scope.value(tree.path)
    if isinstance(value, Ratio) and not isinstance(value.numerator, Constant):
        return Lowered(value, ((is_unknown(value.numerator), tree.path),))
    return Lowered(value)


def _minus(tree: Minus, scope: RowScope) -> Lowered:
    inner = lower(tree.value, scope)
    return Lowered(inner.number.negative(), inner.missing)


def _calculated(tree: Calculated, scope: RowScope) -> Lowered:
    left, right = lower(tree.left, scope), lower(tree.right, scope)
    missing = (*left.missing, *right.missing)
    one, two = left.number, right.number
    match tree.operator:
        case "+":
            return Lowered(one + two, missing)
        case "-":
            return Lowered(one - two, missing)
        case "*":
            return Lowered(one * two, missing)
        case _:
            return Lowered(one * two.inverse(), (*missing, (two.is_zero(), NO_DIVISOR)))


def _compared(tree: Compared, scope: RowScope) -> Lowered:
    left, right = lower(tree.left, scope), lower(tree.right, scope)
    if isinstance(left.value, Ratio) or isinstance(right.value, Ratio):
        found = left.number.compared(tree.operator, right.number)
    else:
        found = compare(tree.operator, left.plain, right.plain)
    return Lowered(known_or(found, FALSE))


def _in(tree: In, scope: RowScope) -> Lowered:
    value = lower(tree.value, scope).value
    if isinstance(value, Ratio):
        written = [choice.value for choice in tree.choices]
        choices = [number for number in written if isinstance(number, Fraction)]
        return Lowered(
            known_or(some(*(value.compared("=", Ratio.written(one)) for one in choices)), FALSE)
        )
    return Lowered(
        known_or(one_of(value, [_plain(choice.value) for choice in tree.choices]), FALSE)
    )


def _known(tree: Known, scope: RowScope) -> Lowered:
    unknown = lower(tree.value, scope).unknown
    return Lowered(negated(unknown) if tree.wanted else unknown)


def _reached(tree: Reached, scope: RowScope) -> Lowered:
    return Lowered(is_known(scope.day_reached(tree.state)))


def _day_of(tree: DayOf, scope: RowScope) -> Lowered:
    return Lowered(scope.day_reached(tree.state))


def _every(tree: Every, scope: RowScope) -> Lowered:
    return Lowered(every(*_conditions(tree.parts, scope)))


def _some(tree: Some, scope: RowScope) -> Lowered:
    return Lowered(some(*_conditions(tree.parts, scope)))


def _conditions(parts: Sequence[Tree], scope: RowScope) -> list[Expression]:
    return [lower(part, scope).condition for part in parts]


def _negated(tree: Negated, scope: RowScope) -> Lowered:
    return Lowered(negated(lower(tree.part, scope).condition))


_RULES: dict[str, Callable[..., Lowered]] = {
    "Literal": _literal,
    "Name": _name,
    "Minus": _minus,
    "Calculated": _calculated,
    "Compared": _compared,
    "In": _in,
    "Known": _known,
    "Reached": _reached,
    "DayOf": _day_of,
    "Every": _every,
    "Some": _some,
    "Negated": _negated,
}


def kind_of(value: Value) -> Kind:
    """Return the kind of a value's column."""
    return value.numerator.kind if isinstance(value, Ratio) else value.kind
