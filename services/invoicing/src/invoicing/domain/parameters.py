"""Numbers that a law sets, with the day each began to hold and where it is written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


class ParameterNotSet(Exception):
    """Raised when a tax parameter has no value on a day."""

    def __init__(self, name: str, day: date) -> None:
        self.name = name
        self.day = day
        super().__init__(
            f"tax parameter {name} has no value on {day}; add a dated value to the regime's data"
        )


class ParameterInOtherCurrency(Exception):
    """Raised when a tax parameter is an amount of another currency than what is taxed."""

    def __init__(self, parameter: "Parameter", regime: str, currency: str) -> None:
        super().__init__(
            f"regime {regime} needs {parameter.name}, which the law sets in "
            f"{parameter.unit}, and the amounts are in {currency}; state the payee in "
            f"{parameter.unit}, or make the invoice outside Premia"
        )


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter, from a day on until the next value begins."""

    valid_from: date
    value: Decimal
    status: Literal["provisional", "final"]
    reference: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with all its values, oldest first.

    Only the days on which values begin are stored, so there is no gap or overlap between two.
    """

    name: str
    unit: Literal["percent", "EUR"]
    values: tuple[DatedValue, ...]

    def __post_init__(self) -> None:
        starts = [value.valid_from for value in self.values]
        if not starts or starts != sorted(set(starts)):
            raise ValueError(f"the values of {self.name} must begin on rising days")

    def on(self, day: date) -> DatedValue:
        """Return the value that holds on a day.

        Raises:
            ParameterNotSet: if the day is before the first value.

        >>> first = DatedValue(date(2013, 10, 1), Decimal("22"), "final", "DL 76/2013")
        >>> Parameter("vat.standard", "percent", (first,)).on(date(2026, 1, 1)).value
        Decimal('22')
        """
        for value in reversed(self.values):
            if value.valid_from <= day:
                return value
        raise ParameterNotSet(self.name, day)
