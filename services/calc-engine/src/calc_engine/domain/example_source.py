"""What an example is written from, and how its values are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from calc_engine.domain.dated import Validity
from calc_engine.domain.order_attributes import attribute_value
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit
from premia_plan.relations import Attribute, OrderRow, PayeeRef, Relations

Content: TypeAlias = "str | Sequence[Content] | Mapping[str, Content]"
Codes: TypeAlias = Mapping[str, str]
"""The code that people know each payee by; an example names payees by it."""


@dataclass(frozen=True, slots=True)
class ExampleSource:
    """The rows of real facts that an example is written from."""

    plan: CheckedPlan
    relations: Relations
    """Only the orders of the example; everything else may be there."""
    codes: Codes
    day: date
    """On which the hierarchy is looked up: when the order was signed."""
    also: frozenset[str] = frozenset()
    """Payees whom no order of the example names, and who count all the same."""

    @property
    def span(self) -> Validity:
        """The days on which anything happened to the orders, up to the end of the last."""
        known = list(days_of(self.relations.orders))
        return Validity(min(known), date.fromordinal(max(known).toordinal() + 1))

    def code(self, ref: PayeeRef | None) -> str | None:
        """Return the code of somebody whom a row names; None for nobody, and for a stranger."""
        return self.codes.get(ref.payee_id or "") if ref is not None else None

    def roles(self, payees: Mapping[str, PayeeRef], known: Iterable[str]) -> dict[str, Content]:
        """Return who has each role that the plan knows."""
        found = {role: self.code(payees.get(role)) for role in sorted(known)}
        return {role: code for role, code in found.items() if code is not None}

    def attributes(
        self, values: Mapping[str, Attribute], units: Mapping[str, Unit]
    ) -> dict[str, Content]:
        """Return the values that the plan declares, in their units."""
        found: dict[str, Content] = {}
        for name, unit in units.items():
            value = values.get(name)
            if isinstance(value, str):
                value = attribute_value(value, unit)
            if value is not None:
                found[name] = attribute_written(value, unit, self.plan.currency)
        return found

    def money(self, amount: Decimal) -> str:
        """Return an amount of the plan's currency as plans write it."""
        return written(amount, Unit.MONEY, self.plan.currency)


def days_of(orders: Iterable[OrderRow]) -> Iterable[date]:
    """Give every day on which anything happened to some orders or their lines."""
    for row in orders:
        yield row.signed_on
        yield from (state.on for state in row.states)
        for line in row.lines:
            yield from (state.on for state in line.states)
            if line.on is not None:
                yield line.on


def last_day(orders: Iterable[OrderRow]) -> date:
    """Return the last day on which anything happened to some orders."""
    return max(days_of(orders))


def limits(days: Validity) -> dict[str, Content]:
    """Return a row's `from` and `to`, where it has any."""
    known = {"from": days.start, "to": days.end}
    return {name: day.isoformat() for name, day in known.items() if day is not None}


def attribute_written(value: Attribute, unit: Unit, currency: str) -> str:
    """Return an attribute as an example gives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return written(value, unit, currency)
    return value.isoformat() if isinstance(value, date) else value


def written(value: Decimal, unit: Unit, currency: str) -> str:
    """Return a number as plans write it: 1200.50 EUR, 95 %, 4.5 or 12 kWh."""
    if unit is Unit.RATE:
        return f"{short(value * 100)} %"
    if unit is Unit.COUNT:
        return short(value)
    if unit is Unit.MONEY:
        return f"{value:f} {currency}"
    return f"{short(value)} {str(unit.value).replace('money', currency)}"


def short(value: Decimal) -> str:
    """Return a decimal without closing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
