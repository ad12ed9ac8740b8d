"""A formula's value over a relation's columns, and what of it may be missing."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from calc_engine.engine.ir import Constant, Expression
from calc_engine.engine.ratio import Ratio, either
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    every,
    is_unknown,
    known_or,
    some,
    whole,
)

Value: TypeAlias = "Ratio | Expression"


class Gap(NamedTuple):
    """What keeps a formula from having a value, and how it is called.

    One that `stops` ends the whole calculation, as a missing rate does; another only leaves the
    value unknown where a comparison or `otherwise` asks for it.
    """

    condition: Expression
    name: str
    stops: bool = False


Missing: TypeAlias = tuple[Gap, ...]
"""What makes a result unknown, in the order in which it is noticed."""


class RowScope(Protocol):
    """The columns in which a formula finds its values."""

    def value(self, name: str) -> Value:
        """Return a named value of the row."""

    def day_reached(self, state: str) -> Expression:
        """Return the day on which the row's order first reached a state."""


@runtime_checkable
class StrictScope(RowScope, Protocol):
    """A scope some of whose values cannot be done without once they are asked for."""

    def stops(self, name: str) -> bool:
        """Say whether asking for a value that is unknown ends the calculation."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A formula's value, and what of it may be missing.

    `is_clean` says that the value is unknown by itself wherever something is missing.
    """

    value: Value
    missing: Missing = ()
    is_clean: bool = True

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
        """Whether the condition holds; false where it is unknown.

        Raises:
            NotLowered: if something could end the calculation before it is known.
        """
        if any(gap.stops for gap in self.missing):
            raise NotLowered("conditions in this place that ask for what may be missing")
        return self.holds

    @property
    def holds(self) -> Expression:
        """Whether the condition holds; false where it is unknown, or nothing can be said."""
        return self.plain if self.plain in (TRUE, FALSE) else known_or(self.plain, FALSE)

    @property
    def unknown(self) -> Expression:
        """Whether the value is unknown."""
        conditions = [gap.condition for gap in self.missing]
        return some(*conditions) if conditions else is_none(self.value)

    @property
    def words(self) -> tuple[str, ...]:
        """What may be missing, by its place."""
        return tuple(gap.name for gap in self.missing)

    @property
    def missing_place(self) -> Expression:
        """The place in `missing` of what is noticed first; unknown if nothing is."""
        places = [(gap.condition, whole(place)) for place, gap in enumerate(self.missing)]
        return case(places, whole(None))


def guarded(missing: Missing, guard: Expression) -> Missing:
    """Return what is missing where a condition holds."""
    if guard == TRUE:
        return missing
    return tuple(gap._replace(condition=every(guard, gap.condition)) for gap in missing)


def chosen(condition: Expression, left: Value, right: Value) -> Value:
    """Return one value where a condition holds and another elsewhere."""
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        return chosen_number(condition, left, right)
    if isinstance(left, Ratio) or isinstance(right, Ratio):
        raise NotLowered("formulas that give a number or something else")
    return case([(condition, left)], right)


def chosen_number(condition: Expression, one: Ratio, other: Ratio) -> Ratio:
    """Return one of two numbers, each over its own denominator unless both are written."""
    left, right = _safe(one), _safe(other)
    if left.denominator == right.denominator or (
        left.fixed_denominator is not None and right.fixed_denominator is not None
    ):
        return either(condition, left, right)
    return Ratio(
        case([(condition, left.numerator)], right.numerator),
        case([(condition, left.denominator)], right.denominator),
        max(left.most, right.most),
        max(left.most_below, right.most_below),
    )


def _safe(value: Ratio) -> Ratio:
    """Return a number whose denominator is known even where the number is not."""
    if isinstance(value.denominator, Constant):
        return value
    return replace(value, denominator=known_or(value.denominator, whole(1)))


def is_none(value: Value) -> Expression:
    """Return whether a value is unknown."""
    return is_unknown(value.numerator if isinstance(value, Ratio) else value)


def without(value: Value, condition: Expression) -> Value:
    """Return a value that is unknown where a condition holds."""
    if isinstance(value, Ratio):
        gone = Constant(None, value.numerator.kind)
        return replace(value, numerator=case([(condition, gone)], value.numerator))
    return case([(condition, Constant(None, value.kind))], value)
