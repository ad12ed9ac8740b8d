"""Short ways to write expressions, each of a kind that follows from its parts."""

from collections.abc import Mapping, Sequence
from datetime import date

from calc_engine.engine.ir import Constant, Expression, Kind, Operation

COMPARISONS: Mapping[str, str] = {
    "=": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "at_most",
    ">": "more",
    ">=": "at_least",
    "starts with": "starts_with",
    "ends with": "ends_with",
    "contains": "contains",
}
"""The operations of the signs and words with which plans compare."""

TRUE = Constant(value=True, kind=Kind.BOOL)
FALSE = Constant(value=False, kind=Kind.BOOL)


def whole(value: int | None) -> Constant:
    """Return a written whole number, or the unknown one."""
    wide = value is not None and abs(value) >= 1 << 63
    return Constant(value, Kind.WIDE if wide else Kind.WHOLE)


def text(value: str | None) -> Constant:
    """Return a written text, or the unknown one."""
    return Constant(value, Kind.TEXT)


def day(value: date | None) -> Constant:
    """Return a written day, or the unknown one."""
    return Constant(value, Kind.DATE)


def _widest(*values: Expression) -> Kind:
    return Kind.WIDE if any(value.kind is Kind.WIDE for value in values) else values[0].kind


def _written(*values: Expression) -> list[int] | None:
    """Return the numbers where all are written, so that they are worked out at once."""
    numbers = [value.value for value in values if isinstance(value, Constant)]
    known = [number for number in numbers if isinstance(number, int)]
    return known if len(known) == len(values) else None


def add(left: Expression, right: Expression) -> Expression:
    """Return a sum."""
    written = _written(left, right)
    if written is not None:
        return whole(sum(written))
    return Operation("add", (left, right), _widest(left, right))


def subtract(left: Expression, right: Expression) -> Expression:
    """Return a difference."""
    return Operation("subtract", (left, right), _widest(left, right))


def multiply(left: Expression, right: Expression) -> Expression:
    """Return a product; a factor of one is left out."""
    written = _written(left, right)
    if written is not None:
        return whole(written[0] * written[1])
    if right == whole(1):
        return left
    if left == whole(1):
        return right
    return Operation("multiply", (left, right), _widest(left, right))


def divide(left: Expression, right: Expression) -> Expression:
    """Return a whole quotient of numbers that are not negative."""
    return left if right == whole(1) else Operation("divide", (left, right), _widest(left, right))


def remainder(left: Expression, right: Expression) -> Expression:
    """Return what a whole division of numbers that are not negative leaves."""
    return Operation("remainder", (left, right), _widest(left, right))


def common_divisor(left: Expression, right: Expression) -> Expression:
    """Return a whole number that divides two positive ones: the greatest where it is known."""
    return Operation("common_divisor", (left, right), _widest(left, right))


def exclusive_or(left: Expression, right: Expression) -> Expression:
    """Return the bits that are in one of two whole numbers and not in both."""
    return Operation("exclusive_or", (left, right), Kind.WHOLE)


def negative(value: Expression) -> Expression:
    """Return a number with its sign turned."""
    if isinstance(value, Constant) and isinstance(value.value, int):
        return whole(-value.value)
    return Operation("negative", (value,), value.kind)


def absolute(value: Expression) -> Expression:
    """Return a number without its sign."""
    return Operation("absolute", (value,), value.kind)


def compare(operator: str, left: Expression, right: Expression) -> Expression:
    """Return a comparison, unknown when a side is; operator is one of `COMPARISONS`."""
    return Operation(COMPARISONS[operator], (left, right), Kind.BOOL)


def every(*conditions: Expression) -> Expression:
    """Return whether all conditions hold; one that follows from another is left out."""
    parts = tuple(part for part in conditions if part != TRUE and not _follows(part, conditions))
    if not parts:
        return TRUE
    return parts[0] if len(parts) == 1 else Operation("and", parts, Kind.BOOL)


def _follows(part: Expression, conditions: Sequence[Expression]) -> bool:
    """Say whether a condition is a choice one of whose parts is demanded anyway."""
    if not isinstance(part, Operation) or part.name != "or":
        return False
    return any(choice in conditions for choice in part.arguments)


def some(*conditions: Expression) -> Expression:
    """Return whether at least one condition holds."""
    parts = tuple(part for part in conditions if part != FALSE)
    if not parts:
        return FALSE
    return parts[0] if len(parts) == 1 else Operation("or", parts, Kind.BOOL)


def negated(condition: Expression) -> Expression:
    """Return whether a condition does not hold."""
    return Operation("not", (condition,), Kind.BOOL)


def is_unknown(value: Expression) -> Expression:
    """Return whether a value is unknown."""
    return Operation("is_unknown", (value,), Kind.BOOL)


def is_known(value: Expression) -> Expression:
    """Return whether a value is known."""
    return negated(is_unknown(value))


def known_or(value: Expression, otherwise: Expression) -> Expression:
    """Return a value, or another where it is unknown."""
    if is_never_unknown(value):
        return value
    return Operation("coalesce", (value, otherwise), _widest(value, otherwise))


def is_never_unknown(value: Expression) -> bool:
    """Say whether a value is known whatever the columns hold."""
    match value:
        case Constant():
            return value.value is not None
        case Operation("is_unknown"):
            return True
        case Operation("not" | "and" | "or"):
            return all(map(is_never_unknown, value.arguments))
        case Operation("coalesce"):
            return any(map(is_never_unknown, value.arguments))
    return False


def case(branches: Sequence[tuple[Expression, Expression]], otherwise: Expression) -> Expression:
    """Return the value of the first branch whose condition holds."""
    if not branches:
        return otherwise
    kind = _widest(*(value for _, value in branches), otherwise)
    flat = tuple(part for branch in branches for part in branch)
    return Operation("case", (*flat, otherwise), kind)


def least(*values: Expression) -> Expression:
    """Return the least of some known values."""
    return values[0] if len(values) == 1 else Operation("least", values, _widest(*values))


def greatest(*values: Expression) -> Expression:
    """Return the greatest of some known values."""
    return values[0] if len(values) == 1 else Operation("greatest", values, _widest(*values))


def one_of(value: Expression, choices: Sequence[Constant]) -> Expression:
    """Return whether a value is one of a few; unknown when the value is."""
    return Operation("in", (value, *choices), Kind.BOOL)


def month_of(value: Expression) -> Expression:
    """Return a day's month as 202603."""
    return Operation("month_of", (value,), Kind.WHOLE)


def days_between(first: Expression, second: Expression) -> Expression:
    """Return the days from the first day to the second."""
    return Operation("days_between", (first, second), Kind.WHOLE)


def next_day(value: Expression) -> Expression:
    """Return the day after a day."""
    return Operation("next_day", (value,), Kind.DATE)


def first_day(month: Expression) -> Expression:
    """Return the first day of a month written 202603."""
    return Operation("first_day", (month,), Kind.DATE)


def next_month(value: Expression) -> Expression:
    """Return the same day a month later."""
    return Operation("next_month", (value,), Kind.DATE)


def add_days(value: Expression, days: Expression) -> Expression:
    """Return the day some days later, or earlier."""
    return Operation("add_days", (value, days), Kind.DATE)


def day_of_month(value: Expression) -> Expression:
    """Return a day's number in its month."""
    return Operation("day_of_month", (value,), Kind.WHOLE)


def joined(*parts: Expression) -> Expression:
    """Return texts and whole numbers written one after the other."""
    return Operation("concat", parts, Kind.TEXT)


def narrow(value: Expression) -> Expression:
    """Return a wide number as a whole one; an error where it does not fit."""
    if value.kind is Kind.WHOLE:
        return value
    return Operation("narrow", (value,), Kind.WHOLE)


def wide(value: Expression) -> Expression:
    """Return a whole number with room for larger ones."""
    if isinstance(value, Constant) and isinstance(value.value, int):
        return Constant(value.value, Kind.WIDE)
    return value if value.kind is Kind.WIDE else Operation("wide", (value,), Kind.WIDE)
