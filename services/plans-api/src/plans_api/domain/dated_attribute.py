"""Dated, typed values of payees and positions: target pay, weights, the share of a period."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from plans_api.domain.window import Window
from premia_plan.language import Value

AttributeType: TypeAlias = Literal["money", "percent", "count", "text", "bool", "date"]
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class AttributeNotUsable(ValueError):
    """Raised when an attribute's value does not fit its type, or holds twice on a day."""


@dataclass(frozen=True, slots=True)
class DatedAttribute:
    """A value that holds on some days.

    Text on the wire and here: a plain decimal, a ratio for a percentage (0.8 is 80 %), an ISO
    date, `true` or `false`.  The unit of money is its currency; a count may have one (`kWh`).
    """

    name: str
    type: AttributeType
    value: str
    unit: str | None
    window: Window

    def __post_init__(self) -> None:
        if self.type == "money" and (self.unit is None or not _CURRENCY.fullmatch(self.unit)):
            raise AttributeNotUsable(f"{self.name}: the unit of money is its currency, like EUR")
        if self.type not in ("money", "count") and self.unit is not None:
            raise AttributeNotUsable(f"{self.name}: a {self.type} has no unit; leave it out")
        self.typed()

    def typed(self) -> Value:
        """Return the value as formulas calculate with it.

        Raises:
            AttributeNotUsable: if the text does not fit the type.

        >>> DatedAttribute("share", "percent", "0.8", None, Window(date(2026, 1, 1))).typed()
        Fraction(4, 5)
        """
        if self.type in ("money", "percent", "count"):
            if _DECIMAL.fullmatch(self.value) is None:
                raise AttributeNotUsable(
                    f"{self.name}: {self.value!r} is no plain decimal; write it like 45000.00"
                    + (", a percentage as its ratio: 0.8" if self.type == "percent" else "")
                )
            return Fraction(Decimal(self.value))
        if self.type == "bool":
            if self.value not in ("true", "false"):
                raise AttributeNotUsable(f"{self.name}: write true or false")
            return self.value == "true"
        if self.type == "date":
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                raise AttributeNotUsable(
                    f"{self.name}: {self.value!r} is no day; write it like 2026-03-31"
                ) from None
        return self.value


def must_be_told_apart(attributes: Iterable[DatedAttribute], *, undated: Iterable[str]) -> None:
    """Check that each name has one type, one value a day, and is not given without dates too.

    Raises:
        AttributeNotUsable: naming the attribute and the day.
    """
    taken = set(undated)
    seen: dict[str, list[DatedAttribute]] = {}
    for attribute in attributes:
        if attribute.name in taken:
            raise AttributeNotUsable(
                f"{attribute.name} is given with dates and without; keep one of the two"
            )
        for other in seen.setdefault(attribute.name, []):
            if (other.type, other.unit) != (attribute.type, attribute.unit):
                raise AttributeNotUsable(
                    f"{attribute.name} is a {other.type} and a {attribute.type}, or in two units; "
                    "one name has one type and unit"
                )
            both = other.window.meets(attribute.window)
            if both:
                raise AttributeNotUsable(
                    f"{attribute.name} has two values on {both.start}; end one first"
                )
        seen[attribute.name].append(attribute)
