"""Exact numbers in whole ones: a numerator, a denominator, and how large they can become."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from calc_engine.engine.ir import Constant, Expression, Operation
from calc_engine.engine.values import (
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    greatest,
    least,
    multiply,
    narrow,
    negative,
    remainder,
    some,
    subtract,
    whole,
    wide,
)
from premia_plan.checked.steps import RoundingMode as Mode

WHOLE_MOST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as numerator over a denominator above zero; unknown where the numerator is.

    `most` is the largest size the numerator can have, `most_below` that of the denominator. A
    result that could leave 63 bits is worked out in 127; what leaves those is an error when it
    happens, never a wrong number.
    """

    numerator: Expression
    denominator: Expression
    most: int
    most_below: int

    @classmethod
    def written(cls, value: Fraction) -> "Ratio":
        """Return a written number."""
        numerator, denominator = value.as_integer_ratio()
        return cls(whole(numerator), whole(denominator), abs(numerator), denominator)

    @classmethod
    def scaled(cls, numerator: Expression, denominator: int, most: int) -> "Ratio":
        """Return a column of whole numbers of a fixed scale."""
        return cls(numerator, whole(denominator), most, denominator)

    @property
    def fixed_denominator(self) -> int | None:
        """The denominator where it is the same for every row."""
        below = self.denominator
        return below.value if isinstance(below, Constant) and isinstance(below.value, int) else None

    @property
    def fixed_part(self) -> int:
        """The largest written number that is known to divide every row's denominator."""
        return _factors(self.denominator)[0]

    def over(self, denominator: int) -> Expression:
        """Return the numerator over a denominator that the fixed one divides."""
        fixed = self.fixed_denominator
        if fixed is None or denominator % fixed:
            raise ValueError(f"{fixed} does not divide {denominator}")
        factor = denominator // fixed
        return _product(self.numerator, whole(factor), self.most * factor)

    def __add__(self, other: "Ratio") -> "Ratio":
        left, right, below = _alike(self, other)
        most = left.most + right.most
        return Ratio(
            add(roomy(left.numerator, most), right.numerator), below, most, left.most_below
        )

    def __sub__(self, other: "Ratio") -> "Ratio":
        return self + other.negative()

    def __mul__(self, other: "Ratio") -> "Ratio":
        most, most_below = self.most * other.most, self.most_below * other.most_below
        return Ratio(
            _product(self.numerator, other.numerator, most),
            _denominator(self.denominator, other.denominator, most_below),
            most,
            most_below,
        )

    def inverse(self) -> "Ratio":
        """Return one over the number; only for where it is not zero."""
        sign = case([(compare("<", self.numerator, whole(0)), whole(-1))], whole(1))
        upper = _product(self.denominator, sign, self.most_below)
        return Ratio(upper, absolute(self.numerator), self.most_below, self.most)

    def negative(self) -> "Ratio":
        """Return the number with its sign turned."""
        return Ratio(negative(self.numerator), self.denominator, self.most, self.most_below)

    def compared(self, operator: str, other: "Ratio") -> Expression:
        """Return a comparison, worked out by multiplying crosswise."""
        left, right, _ = _alike(self, other)
        return compare(operator, left.numerator, right.numerator)

    def is_zero(self) -> Expression:
        """Return whether the number is zero."""
        return compare("=", self.numerator, whole(0))

    def rounded(self, places: int) -> Expression:
        """Return the number times ten to the places, rounded half away from zero."""
        scale: int = 10**places
        fixed, moving = _factors(self.denominator)
        common = gcd(scale, fixed)
        scale //= common
        if moving is None and fixed == common:
            return _product(self.numerator, whole(scale), self.most * scale)
        below, most_below = _times(moving, fixed // common), self.most_below // common
        most = 2 * self.most * scale + most_below
        upper = add(multiply(roomy(absolute(self.numerator), most), whole(2 * scale)), below)
        size = narrow(divide(upper, _product(below, whole(2), 2 * most_below)))
        return case([(compare("<", self.numerator, whole(0)), negative(size))], size)

    def rounded_to(self, place: Fraction, mode: Mode) -> "Ratio":
        """Return the multiple of a place nearest to the number; below zero as its opposite."""
        step = Ratio.written(1 / place)
        scaled = Ratio(absolute(self.numerator), self.denominator, self.most, self.most_below)
        steps = scaled * step
        most = 2 * steps.most + 2 * steps.most_below
        size = narrow(_multiples(roomy(steps.numerator, most), steps.denominator, mode))
        signed = case([(compare("<", self.numerator, whole(0)), negative(size))], size)
        fixed = self.fixed_denominator
        count = steps.most // (1 if fixed is None else steps.most_below) + 1
        return Ratio.scaled(signed, 1, min(count, WHOLE_MOST)) * Ratio.written(place)

    def floor(self) -> "Ratio":
        """Return the largest whole number that is not above the number."""
        below = self.denominator
        room = roomy(self.numerator, self.most + self.most_below)
        down = narrow(divide(room, below))
        up = narrow(divide(subtract(add(negative(room), below), whole(1)), below))
        found = case([(compare("<", self.numerator, whole(0)), negative(up))], down)
        fixed = self.fixed_denominator
        count = self.most // (1 if fixed is None else fixed) + 1
        return Ratio.scaled(found, 1, min(count, WHOLE_MOST))

    def truncated(self) -> Expression:
        """Return the whole number that is left when parts are dropped."""
        size = narrow(divide(absolute(self.numerator), self.denominator))
        return case([(compare("<", self.numerator, whole(0)), negative(size))], size)

    def most_rounded(self, places: int) -> int:
        """Return the largest size of the rounded number."""
        scale: int = 10**places
        return self.most * scale // self.fixed_part + 1


def _multiples(upper: Expression, below: Expression, mode: Mode) -> Expression:
    """Return a number that is not negative as a whole one, ties and direction as the mode says."""
    down = divide(upper, below)
    match mode:
        case "down":
            return down
        case "up":
            return divide(subtract(add(upper, below), whole(1)), below)
        case "half_up":
            return divide(add(multiply(upper, whole(2)), below), multiply(below, whole(2)))
    lost = multiply(remainder(upper, below), whole(2))
    odd = compare("=", remainder(down, whole(2)), whole(1))
    goes_up = some(compare(">", lost, below), every(compare("=", lost, below), odd))
    return case([(goes_up, add(down, whole(1)))], down)


def least_of(left: Ratio, right: Ratio) -> Ratio:
    """Return the lesser of two numbers."""
    return _chosen(left, right, least)


def greatest_of(left: Ratio, right: Ratio) -> Ratio:
    """Return the greater of two numbers."""
    return _chosen(left, right, greatest)


Choose: TypeAlias = "Callable[[Expression, Expression], Expression]"


def _chosen(left: Ratio, right: Ratio, choose: Choose) -> Ratio:
    first, second, below = _alike(left, right)
    chosen = choose(first.numerator, second.numerator)
    return Ratio(chosen, below, max(first.most, second.most), first.most_below)


def either(condition: Expression, left: Ratio, right: Ratio) -> Ratio:
    """Return one number where a condition holds and another elsewhere."""
    first, second, below = _alike(left, right)
    kept = case([(condition, first.numerator)], second.numerator)
    return Ratio(kept, below, max(first.most, second.most), first.most_below)


def _alike(left: Ratio, right: Ratio) -> tuple[Ratio, Ratio, Expression]:
    """Return two numbers over one denominator."""
    one, two = left.fixed_denominator, right.fixed_denominator
    if one is not None and two is not None:
        common = lcm(one, two)
        below = whole(common)
        return (
            Ratio(left.over(common), below, left.most * (common // one), common),
            Ratio(right.over(common), below, right.most * (common // two), common),
            below,
        )
    if left.denominator == right.denominator:
        return left, right, left.denominator
    moving, other = (_factors(side.denominator)[1] for side in (left, right))
    if moving is None or other is None or moving == other:
        return _over_common(left, right)
    most_below = left.most_below * right.most_below
    product = _product(left.denominator, right.denominator, most_below)
    most_left, most_right = left.most * right.most_below, right.most * left.most_below
    return (
        Ratio(
            _product(left.numerator, right.denominator, most_left), product, most_left, most_below
        ),
        Ratio(
            _product(right.numerator, left.denominator, most_right), product, most_right, most_below
        ),
        product,
    )


def _over_common(left: Ratio, right: Ratio) -> tuple[Ratio, Ratio, Expression]:
    """Return two numbers over one denominator, where at most one part of it differs by row."""
    factors = [_factors(side.denominator) for side in (left, right)]
    common = lcm(*(fixed for fixed, _ in factors))
    moving = next(part for _, part in factors if part is not None)
    most_below = max(
        side.most_below // fixed * common
        for side, (fixed, part) in zip((left, right), factors, strict=True)
        if part is not None
    )
    below = _times(roomy(moving, most_below), common)
    sides = []
    for side, (fixed, part) in zip((left, right), factors, strict=True):
        factor = common // fixed
        most = side.most * factor
        numerator = _product(side.numerator, whole(factor), most)
        if part is None:
            most *= most_below // common
            numerator = _product(numerator, moving, most)
        sides.append(Ratio(numerator, below, most, most_below))
    return sides[0], sides[1], below


def _factors(denominator: Expression) -> tuple[int, Expression | None]:
    """Return a denominator's written factor, and the other one, which differs from row to row."""
    if isinstance(denominator, Constant) and isinstance(denominator.value, int):
        return denominator.value, None
    match denominator:
        case Operation("multiply", (moving, Constant(value=int(fixed)))):
            return fixed, moving
        case Operation("multiply", (Constant(value=int(fixed)), moving)):
            return fixed, moving
    return 1, denominator


def _denominator(left: Expression, right: Expression, most: int) -> Expression:
    """Return the product of two denominators, its written factor last."""
    (one, moving), (two, other) = _factors(left), _factors(right)
    if moving is None or other is None:
        found = moving or other
        return _times(None if found is None else roomy(found, most), one * two)
    return _product(left, right, most)


def _times(moving: Expression | None, fixed: int) -> Expression:
    return whole(fixed) if moving is None else multiply(moving, whole(fixed))


def _product(left: Expression, right: Expression, most: int) -> Expression:
    if right == whole(1):
        return left
    if left == whole(1):
        return right
    return multiply(roomy(left, most), right)


def roomy(value: Expression, most: int) -> Expression:
    """Return a number of a kind with room for a result of some size."""
    return wide(value) if most > WHOLE_MOST else value
