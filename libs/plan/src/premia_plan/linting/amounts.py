"""Amounts for reading."""

from decimal import Decimal
from fractions import Fraction

from premia_common.money import minor_digits


def amount_text(value: Fraction | Decimal, currency: str) -> str:
    """Return an amount to the cent, as plans write it.

    >>> amount_text(Fraction(2501, 2), "EUR")
    '1 250.50 EUR'
    """
    number = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    return f"{number:,.{minor_digits(currency)}f} {currency}".replace(",", " ")
