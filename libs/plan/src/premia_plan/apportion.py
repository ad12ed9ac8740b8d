"""Splitting whole minor units so that the parts always add up."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias

Leftover: TypeAlias = Literal["largest fraction", "first", "last", "largest amount"]
"""Who takes the units that rounding down leaves over.

One goes to each of the largest lost fractions, in order; or all of them go to the first or the
last that weighs anything, or to the first of those that weigh most.
"""
LARGEST_FRACTION: Leftover = "largest fraction"


def round_units(value: Fraction, places: int) -> int:
    """Return an exact amount in minor units, half away from zero.

    >>> round_units(Fraction("-0.125"), 2)
    -13
    """
    scale: int = 10**places
    scaled = abs(value.numerator) * scale
    units = (2 * scaled + value.denominator) // (2 * value.denominator)
    return -units if value.numerator < 0 else units


def money_text(units: int, places: int) -> str:
    """Return minor units as a decimal.

    >>> money_text(-1205, 2), money_text(7, 0)
    ('-12.05', '7')
    """
    if not places:
        return str(units)
    digits = f"{abs(units):0{places + 1}}"
    sign = "-" if units < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def units_of(text: str, places: int) -> int:
    """Return the minor units of an amount that `money_text` wrote.

    >>> units_of("-12.05", 2)
    -1205
    """
    return round_units(Fraction(text), places)


def add_up(values: Iterable[Fraction]) -> Fraction:
    """Return an exact sum; values with one denominator are added as whole numbers.

    >>> add_up([Fraction(1, 2), Fraction(1, 3), Fraction(1, 2)])
    Fraction(4, 3)
    """
    numerators: dict[int, int] = {}
    for value in values:
        numerator, denominator = value.as_integer_ratio()
        numerators[denominator] = numerators.get(denominator, 0) + numerator
    parts = (Fraction(numerator, denominator) for denominator, numerator in numerators.items())
    return sum(parts, Fraction(0))


def split_units(
    total: int, weights: Sequence[Fraction], leftover: Leftover = LARGEST_FRACTION
) -> list[int]:
    """Split by weights: rounded down, then the leftover units to whom they are due.

    A negative total is split as its absolute value; a weight below zero counts as zero.

    Raises:
        ValueError: if no weight is above zero.

    >>> split_units(-100, [Fraction(1), Fraction(1), Fraction(1)])
    [-34, -33, -33]
    >>> split_units(100, [Fraction(3), Fraction(-1)])
    [100, 0]
    >>> split_units(101, [Fraction(1), Fraction(2), Fraction(3)], "first")
    [18, 33, 50]
    """
    scale = lcm(*(weight.denominator for weight in weights))
    whole_weights = [max(0, weight.numerator) * (scale // weight.denominator) for weight in weights]
    whole = sum(whole_weights)
    if whole == 0:
        raise ValueError("weights of which none is above zero cannot split anything")
    parts, lost = [], []
    for weight in whole_weights:
        part, rest = divmod(abs(total) * weight, whole)
        parts.append(part)
        lost.append(rest)
    left = abs(total) - sum(parts)
    if left:
        for index in _takers(leftover, whole_weights, lost, left):
            parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


def _takers(
    leftover: Leftover, weights: Sequence[int], lost: Sequence[int], left: int
) -> Sequence[int]:
    """Return who takes each of the leftover units."""
    weighing = [index for index, weight in enumerate(weights) if weight > 0]
    match leftover:
        case "first":
            return [weighing[0]] * left
        case "last":
            return [weighing[-1]] * left
        case "largest amount":
            return [max(weighing, key=weights.__getitem__)] * left
        case _:
            return sorted(range(len(lost)), key=lost.__getitem__, reverse=True)[:left]


def are_weights(weights: Iterable[Fraction]) -> bool:
    """Say whether something can be split by weights: one at least is above zero."""
    return any(weight > 0 for weight in weights)


def spread_units(
    total: int, weights: Sequence[Fraction], leftover: Leftover = LARGEST_FRACTION
) -> list[int]:
    """Split by weights, or equally where none is above zero.

    >>> spread_units(101, [Fraction(-3), Fraction(0)])
    [51, 50]
    """
    equal = [Fraction(1)] * len(weights)
    return split_units(total, weights if are_weights(weights) else equal, leftover)


def release_units(total: int, ratios: Sequence[Fraction | None]) -> list[int]:
    """Cut an earning into its release shares; the share without a ratio takes what is left.

    The running total is rounded half away from zero and never passes the whole, so that many
    equal shares stay within a unit of each other and always add up.

    >>> release_units(101, [Fraction(1, 2), None])
    [51, 50]
    >>> release_units(100, [Fraction(1, 6)] * 5 + [None])
    [17, 16, 17, 17, 16, 17]
    """
    whole = abs(total)
    parts, given, numerator, denominator = [], 0, 0, 1
    for ratio in ratios:
        upto = whole
        if ratio is not None:
            numerator = numerator * ratio.denominator + ratio.numerator * denominator
            denominator *= ratio.denominator
            upto = min(whole, (2 * whole * numerator + denominator) // (2 * denominator))
        parts.append(upto - given)
        given = upto
    return parts if total >= 0 else [-part for part in parts]


def taken_units(released: int, ratio: Fraction, before: Fraction = Fraction(0)) -> int:
    """Return what a storno takes back of a released amount, as a positive or negative part.

    `before` is the part that earlier ones took: the running total is rounded, and never passes
    what was released.

    >>> taken_units(101, Fraction(1, 2)), taken_units(-101, Fraction(1))
    (51, -101)
    >>> taken_units(101, Fraction(3, 4), Fraction(1, 2))
    50
    """
    whole = abs(released)
    taken = _part_of(whole, before + ratio) - _part_of(whole, before)
    return taken if released >= 0 else -taken


def _part_of(whole: int, ratio: Fraction) -> int:
    return min(whole, round_units(whole * ratio, 0))
