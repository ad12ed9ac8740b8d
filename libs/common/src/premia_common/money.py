"""Money: an exact amount in one currency, rounded only where a place is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from fractions import Fraction

_TWO = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
    RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
    UAH USD UYU UZS VES WST XCD YER ZAR ZMW
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS: dict[str, int] = {
    currency: digits
    for digits, currencies in ((2, _TWO), (0, _NONE), (3, _THREE))
    for currency in currencies.split()
}
"""Decimals of each currency's minor unit (ISO 4217)."""

LARGEST_EXPONENT = 15
"""Amounts stay below ten quadrillion: more than any ledger holds, exact in every column."""


class UnknownCurrency(ValueError):
    """Raised when the minor unit of a currency is not known."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(
            f"currency {currency!r} is not known; use one of ISO 4217, such as EUR, CHF or JPY"
        )


class AmountTooLarge(ValueError):
    """Raised when an amount is larger than any ledger holds."""

    def __init__(self, amount: object) -> None:
        super().__init__(f"{amount!r} is not an amount: it is larger than any ledger holds")


class CurrencyMismatch(ValueError):
    """Raised when two currencies meet in one sum."""


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency's minor unit has.

    >>> minor_digits("EUR")
    2
    """
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Round to some decimals, half away from zero, exactly.

    >>> round_half_up(Fraction(1, 200), 2), round_half_up(Decimal("-0.005"), 2)
    (Decimal('0.01'), Decimal('-0.01'))
    """
    exact = Fraction(value)
    scale: int = 10**places
    numerator, denominator = abs(exact.numerator) * scale, exact.denominator
    units = (2 * numerator + denominator) // (2 * denominator)
    if exact < 0:
        units = -units
    return Decimal(units).scaleb(-places)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units of its currency.

    >>> Money("1.10", "EUR") + Money("2.05", "EUR")
    Money('3.15', 'EUR')
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | str | int, currency: str) -> None:
        """Take an amount that is already in minor units; round first if it is not.

        Raises:
            ValueError: if the amount is finer than the currency's minor unit or no number.
        """
        if isinstance(amount, float):
            raise TypeError(f"{amount!r} is a float; give a Decimal or text")
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not an amount") from None
        if not value.is_finite():
            raise ValueError(f"{amount!r} is not an amount")
        if value.adjusted() > LARGEST_EXPONENT:
            raise AmountTooLarge(amount)
        digits = minor_digits(currency)
        quantised = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)
        if quantised != value:
            raise ValueError(f"{value} {currency} is finer than its minor unit; round it first")
        object.__setattr__(self, "amount", quantised)
        object.__setattr__(self, "currency", currency)

    def __repr__(self) -> str:
        return f"Money('{self.amount}', '{self.currency}')"

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in a currency.

        >>> Money.zero("EUR")
        Money('0.00', 'EUR')
        """
        return cls(0, currency)

    @classmethod
    def rounded(cls, value: Decimal | Fraction | int, currency: str) -> "Money":
        """Round an exact value to the minor unit, half away from zero.

        >>> Money.rounded(Fraction(2, 3), "EUR")
        Money('0.67', 'EUR')
        """
        return cls(round_half_up(value, minor_digits(currency)), currency)

    def split(
        self, weights: Sequence[Decimal | Fraction | int], *, remainder_to: int
    ) -> tuple["Money", ...]:
        """Split by weights so that the parts add up; leftover cents go to one named part.

        Every part is rounded toward zero, then the part `remainder_to` takes what is left.

        Raises:
            ValueError: if the weights do not add up to more than zero or one is negative.

        >>> Money("100.00", "EUR").split([1, 1, 1], remainder_to=0)
        (Money('33.34', 'EUR'), Money('33.33', 'EUR'), Money('33.33', 'EUR'))
        """
        total = sum((Fraction(weight) for weight in weights), Fraction(0))
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must be zero or more and add up to more than zero")
        units = int(self.amount.scaleb(minor_digits(self.currency)))
        sign = -1 if units < 0 else 1
        parts = [int(abs(units) * Fraction(weight) / total) for weight in weights]
        parts[remainder_to] += abs(units) - sum(parts)
        scale = -minor_digits(self.currency)
        return tuple(Money(Decimal(sign * part).scaleb(scale), self.currency) for part in parts)
