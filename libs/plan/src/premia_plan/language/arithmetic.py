"""Exact arithmetic of bounded cost: no number grows beyond what a plan could mean."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, Literal, TypeAlias

Mode: TypeAlias = Literal["half_up", "half_even", "up", "down"]

LARGEST_BITS: Final = 4096
"""How long a numerator or denominator may get: some 1,200 digits."""

CENT: Final = Fraction(1, 100)


class NumberTooLarge(ArithmeticError):
    """Raised when a calculation leaves the numbers, or the days, that plans calculate with."""

    def __init__(self, what: str = "the number") -> None:
        super().__init__(
            f"{what} is too large to be calculated with. Look for a power or a product of very "
            "large numbers in the formula"
        )


def bounded(value: Fraction) -> Fraction:
    """Return a number, if it is not too long to be calculated with.

    Raises:
        NumberTooLarge: if it is.
    """
    if value.numerator.bit_length() > LARGEST_BITS or value.denominator.bit_length() > LARGEST_BITS:
        raise NumberTooLarge
    return value


def _half_up(units: Fraction) -> int:
    return (2 * units.numerator + units.denominator) // (2 * units.denominator)


def _up(units: Fraction) -> int:
    return -(-units.numerator // units.denominator)


ROUNDINGS: Final[Mapping[Mode, Callable[[Fraction], int]]] = {
    "half_up": _half_up,
    "half_even": round,
    "up": _up,
    "down": int,
}
"""How each mode rounds a number that is not negative; a negative one is rounded as its opposite."""


def rounded(value: Fraction, place: Fraction, mode: Mode) -> Fraction:
    """Return the multiple of a place nearest to a number, ties and direction as the mode says.

    >>> rounded(Fraction(-5, 1000), CENT, "half_up"), rounded(Fraction(19, 1000), CENT, "down")
    (Fraction(-1, 100), Fraction(1, 100))
    """
    units = ROUNDINGS[mode](abs(value) / place)
    return bounded((-units if value < 0 else units) * place)
