"""Quantities as a plan writes them: amounts, percentages, counts, measures, dates and months."""

import re
from collections.abc import Container
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from premia_plan.unit import Unit, UnitUnreadable, quantity_unit, unit_in_words

__all__ = [
    "NUMBER_PATTERN",
    "UNIT_PATTERN",
    "NotAQuantity",
    "Quantity",
    "Unit",
    "UnitUnreadable",
    "exact_text",
    "number",
    "parse_day",
    "percent_text",
    "quantity",
    "unit_in_words",
    "written_quantity",
]

NUMBER_PATTERN = r"(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?"
UNIT_PATTERN = r"[A-Za-z][A-Za-z0-9_²³]*"
_NUMBER = re.compile(rf"(-?{NUMBER_PATTERN})")
_RATE = re.compile(rf"(-?{NUMBER_PATTERN}) ?%")
_MEASURED = re.compile(rf"(-?{NUMBER_PATTERN}) ?({UNIT_PATTERN})(?:/({UNIT_PATTERN}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TIME_UNITS = frozenset({"days", "months"})


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


def quantity(text: str, quantities: Container[str] = ()) -> Quantity:
    """Read an amount, a percentage, a count, days, months, or a measure in a declared unit.

    Raises:
        NotAQuantity: if it is none of them.

    >>> quantity("3 %")
    Quantity(value=Fraction(3, 100), unit=Unit('rate'), currency=None)
    >>> quantity("0.12 EUR/kWh", {"kWh"})
    Quantity(value=Fraction(3, 25), unit=Unit('money/kWh'), currency='EUR')
    """
    found = written_quantity(text)
    for name in found.unit.exponents:
        if name != "money" and name not in _TIME_UNITS and name not in quantities:
            raise NotAQuantity(text)
    return found


def written_quantity(text: str) -> Quantity:
    """Read the same, whatever units are declared; three capitals are a currency.

    Raises:
        NotAQuantity: if it is no number with a unit.

    >>> written_quantity("12 kWh"), written_quantity("1 day").unit
    (Quantity(value=Fraction(12, 1), unit=Unit('kWh'), currency=None), Unit('days'))
    """
    if found := _RATE.fullmatch(text):
        return Quantity(number(found[1]) / 100, Unit.RATE)
    found = _MEASURED.fullmatch(text)
    if found is None:
        return Quantity(number(text), Unit.COUNT)
    try:
        units = [_unit_of(name) for name in found.group(2, 3) if name is not None]
    except UnitUnreadable:
        raise NotAQuantity(text) from None
    unit = units[0] if len(units) == 1 else units[0].over(units[1])
    if unit is None or not unit.exponents or Unit.MONEY in units[1:]:
        raise NotAQuantity(text)
    currency = found[2] if units[0] is Unit.MONEY else None
    return Quantity(number(found[1]), unit, currency)


def _unit_of(name: str) -> Unit:
    return Unit.MONEY if _CURRENCY.fullmatch(name) else quantity_unit(name)


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
