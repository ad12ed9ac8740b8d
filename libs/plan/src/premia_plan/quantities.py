"""Quantities as a plan writes them: amounts, percentages, counts, dates and months."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

NUMBER_PATTERN = r"(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?"
_NUMBER = re.compile(rf"(-?{NUMBER_PATTERN})")
_MONEY = re.compile(rf"(-?{NUMBER_PATTERN}) ?([A-Z]{{3}})")
_RATE = re.compile(rf"(-?{NUMBER_PATTERN}) ?%")


class Unit(StrEnum):
    """What a value is; values of different units do not add up."""

    MONEY = "money"
    RATE = "rate"
    COUNT = "count"
    DATE = "date"
    TEXT = "text"
    BOOL = "bool"


class Quantity(NamedTuple):
    """A number with its unit; a percentage is its ratio."""

    value: Fraction
    unit: Unit
    currency: str | None = None


class NotAQuantity(ValueError):
    """Raised when a text is not a number with a unit as plans write it."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not a number; write it like 1 200.50 EUR, 3 % or 12")


def number(text: str) -> Fraction:
    """Read digits with an optional decimal point and blanks between thousands.

    >>> number("1 200.50")
    Fraction(2401, 2)
    """
    if _NUMBER.fullmatch(text) is None:
        raise NotAQuantity(text)
    return Fraction(text.replace(" ", ""))


def quantity(text: str) -> Quantity:
    """Read an amount, a percentage or a count.

    Raises:
        NotAQuantity: if it is none of them.

    >>> quantity("3 %")
    Quantity(value=Fraction(3, 100), unit=<Unit.RATE: 'rate'>, currency=None)
    """
    if found := _MONEY.fullmatch(text):
        return Quantity(number(found[1]), Unit.MONEY, found[2])
    if found := _RATE.fullmatch(text):
        return Quantity(number(found[1]) / 100, Unit.RATE)
    return Quantity(number(text), Unit.COUNT)


def exact_text(value: Fraction | Decimal | int) -> str:
    """Return a number as exact text: a decimal where one ends, else `n/d`.

    >>> exact_text(Fraction(3, 100)), exact_text(Fraction(1, 3)), exact_text(Decimal("23.40"))
    ('0.03', '1/3', '23.40')
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    fraction = Fraction(value)
    numerator, denominator = fraction.numerator, fraction.denominator
    if denominator == 1:
        return str(numerator)
    places, rest = 0, denominator
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return f"{numerator}/{denominator}"
    digits = str(abs(numerator) * 10**places // denominator).rjust(places + 1, "0")
    return f"{'-' if numerator < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def percent_text(ratio: Fraction) -> str:
    """Return a ratio as a percentage of at most four decimals, for reading only.

    >>> percent_text(Fraction(1, 3)), percent_text(Fraction(3, 100))
    ('33.3333 %', '3 %')
    """
    scaled = Fraction(round(ratio * 1_000_000), 10_000)
    return f"{exact_text(scaled)} %"


def parse_day(text: str) -> date:
    """Read a day written 2026-03-31.

    Raises:
        ValueError: if it is not a day of the calendar.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is None:
        raise ValueError(f"{text!r} is not a date; write it like 2026-03-31")
    return date.fromisoformat(text)
