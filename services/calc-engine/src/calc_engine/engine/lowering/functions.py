"""The functions of formulas over columns: numbers, and days with months of unequal length."""

from collections.abc import Callable, Mapping
from functools import reduce

from calc_engine.engine.ir import Expression
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.ratio import Ratio, greatest_of, least_of
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    absolute,
    add,
    add_days,
    case,
    compare,
    day_of_month,
    days_between,
    divide,
    first_day,
    greatest,
    least,
    month_of,
    multiply,
    next_month,
    remainder,
    subtract,
    whole,
)

MOST_DAYS = 4_000_000
MOST_MONTHS = 120_000

_LENGTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def _number(value: Value) -> Ratio:
    if not isinstance(value, Ratio):
        raise NotLowered("functions of numbers over something else")
    return value


def _day(value: Value) -> Expression:
    if isinstance(value, Ratio):
        raise NotLowered("functions of days over numbers")
    return value


def _least(*values: Value) -> Value:
    if all(isinstance(value, Ratio) for value in values):
        return reduce(least_of, map(_number, values))
    return least(*map(_day, values))


def _greatest(*values: Value) -> Value:
    if all(isinstance(value, Ratio) for value in values):
        return reduce(greatest_of, map(_number, values))
    return greatest(*map(_day, values))


def _absolute(value: Value) -> Value:
    found = _number(value)
    return Ratio(absolute(found.numerator), found.denominator, found.most, found.most_below)


def month_count(month: Expression) -> Expression:
    """Return how many months lie before a month written 202603, counted from the year 0."""
    years, number = divide(month, whole(100)), remainder(month, whole(100))
    return subtract(add(multiply(years, whole(12)), number), whole(1))


def month_at(count: Expression) -> Expression:
    """Return the month with so many months before it, written 202603."""
    years, before = divide(count, whole(12)), remainder(count, whole(12))
    return add(multiply(years, whole(100)), add(before, whole(1)))


def last_day_of_month(month: Expression) -> Expression:
    """Return the last day of a month written 202603."""
    return add_days(next_month(first_day(month)), whole(-1))


def months_later(value: Expression, months: Expression) -> Expression:
    """Return the day some months later; a month without that day gives its last day."""
    month = month_at(add(month_count(month_of(value)), months))
    last = last_day_of_month(month)
    number = least(day_of_month(value), day_of_month(last))
    return add_days(first_day(month), subtract(number, whole(1)))


def _months_forward(since: Expression, until: Expression, *, started: bool) -> Expression:
    """Return the months from a day to one that is not before it."""
    months = subtract(month_count(month_of(until)), month_count(month_of(since)))
    last = day_of_month(last_day_of_month(month_of(until)))
    on, own = least(day_of_month(since), last), day_of_month(until)
    if started:
        return case([(compare("<", on, own), add(months, whole(1)))], months)
    return case([(compare("<=", on, own), months)], subtract(months, whole(1)))


def months_between(since: Expression, until: Expression, *, started: bool = False) -> Expression:
    """Return the completed or the started months between two days; negative when turned round."""
    back = subtract(whole(0), _months_forward(until, since, started=started))
    forward = _months_forward(since, until, started=started)
    return case([(compare("<", until, since), back)], forward)


def _months(*, started: bool) -> Callable[..., Value]:
    return lambda since, until: Ratio.scaled(
        months_between(_day(since), _day(until), started=started), 1, MOST_MONTHS
    )


def _first(period: str) -> Callable[..., Value]:
    return lambda value: first_day(_edge(month_of(_day(value)), _LENGTHS[period], last=False))


def _last(period: str) -> Callable[..., Value]:
    return lambda value: last_day_of_month(
        _edge(month_of(_day(value)), _LENGTHS[period], last=True)
    )


def _edge(month: Expression, length: int, *, last: bool) -> Expression:
    """Return the first or the last month of the period of so many months around a month."""
    if length == 1:
        return month
    year, number = divide(month, whole(100)), remainder(month, whole(100))
    before = multiply(divide(subtract(number, whole(1)), whole(length)), whole(length))
    return add(multiply(year, whole(100)), add(before, whole(length if last else 1)))


def period_end(month: Expression, length: int) -> Expression:
    """Return the last month of the period of so many months around a month."""
    return _edge(month, length, last=True)


def period_start(month: Expression, length: int) -> Expression:
    """Return the first month of the period of so many months around a month."""
    return _edge(month, length, last=False)


def _part_of_day(take: Callable[[Expression], Expression], most: int) -> Callable[..., Value]:
    return lambda value: Ratio.scaled(take(_day(value)), 1, most)


def _year(value: Expression) -> Expression:
    return divide(month_of(value), whole(100))


def _quarter(value: Expression) -> Expression:
    return divide(add(remainder(month_of(value), whole(100)), whole(2)), whole(3))


def _date(year: Value, month: Value, number: Value) -> Value:
    own = add(multiply(_number(year).truncated(), whole(100)), _number(month).truncated())
    last = day_of_month(last_day_of_month(own))
    on = least(_number(number).truncated(), last)
    return add_days(first_day(own), subtract(on, whole(1)))


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "min": _least,
    "max": _greatest,
    "abs": _absolute,
    "floor": lambda value: _number(value).floor(),
    "days between": lambda since, until: Ratio.scaled(
        days_between(_day(since), _day(until)), 1, MOST_DAYS
    ),
    "months between": _months(started=False),
    "started months between": _months(started=True),
    "add days": lambda value, days: add_days(_day(value), _number(days).truncated()),
    "add months": lambda value, months: months_later(_day(value), _number(months).truncated()),
    **{f"first day of {period}": _first(period) for period in _LENGTHS},
    **{f"last day of {period}": _last(period) for period in _LENGTHS},
    "year of": _part_of_day(_year, 10_000),
    "quarter of": _part_of_day(_quarter, 4),
    "month of": _part_of_day(lambda value: remainder(month_of(value), whole(100)), 12),
    "day of month": _part_of_day(day_of_month, 31),
    "day": _date,
}
"""How each function of the language is worked out; a function that is not here is not lowered."""
