"""Where formulas find their values: the columns of orders, credits and payees."""

from collections.abc import Mapping
from dataclasses import dataclass

from calc_engine.engine.ir import Column, Constant, Expression, Kind
from calc_engine.engine.layout import Arranged, attribute_column
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import case, compare, text
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit

ORDER_TEXTS: Mapping[str, str] = {
    "order.id": "order_id",
    "order.principal": "principal",
    "order.seller": "seller",
    "order.partner": "partner",
    "order.category": "category",
    "order.territory": "territory",
    "reversal.imputable_to": "imputable_to",
    "reversal.cause": "cause",
}


PLAIN_KINDS: Mapping[Unit, Kind] = {
    Unit.TEXT: Kind.TEXT,
    Unit.DATE: Kind.DATE,
    Unit.BOOL: Kind.BOOL,
}
"""The kinds of columns of attributes that are no numbers."""


def state_column(state: str) -> str:
    """Return the column of the day on which an order first reached a state.

    >>> state_column("activated")
    'reached_activated'
    """
    return f"reached_{state}"


def order_column(name: str) -> str:
    """Return the column of one of an order's values.

    >>> order_column("order.kwp"), order_column("order.amount")
    ('a_kwp', 'amount')
    """
    if name in ORDER_TEXTS:
        return ORDER_TEXTS[name]
    word = name.removeprefix("order.")
    return word if word in {"amount", "signed_on"} else attribute_column(word)


@dataclass(frozen=True, slots=True)
class OrderScope:
    """An order's values; those of a day `as_of` leave out states that were reached later."""

    plan: CheckedPlan
    arranged: Arranged
    as_of: Expression | None = None

    def value(self, name: str) -> Value:
        """Return a value of the order or its reversal."""
        column = order_column(name)
        if name in ORDER_TEXTS:
            return Column(column, Kind.TEXT)
        if name == "order.signed_on":
            return Column(column, Kind.DATE)
        attribute = name.removeprefix("order.")
        if name != "order.amount":
            unit = self.plan.order_attributes.get(attribute)
            if unit is None:
                raise NotLowered(f"the value {name} in this place")
            if unit in PLAIN_KINDS:
                return Column(column, PLAIN_KINDS[unit])
        scale = self.arranged.scale("orders", column)
        return Ratio.scaled(Column(column, Kind.WHOLE), scale.denominator, scale.most)

    def day_reached(self, state: str) -> Expression:
        """Return the day of the order's first arrival at a state."""
        reached = Column(state_column(state), Kind.DATE)
        if self.as_of is None or self.as_of == reached:
            return reached
        return case([(compare("<=", reached, self.as_of), reached)], Constant(None, Kind.DATE))


@dataclass(frozen=True, slots=True)
class CreditScope:
    """A credit's values, its order's, and the rates that were looked up for it."""

    order: OrderScope
    places: int
    most: int
    rates: Mapping[str, Ratio]

    def stops(self, name: str) -> bool:
        """Say whether asking for a value that is unknown ends the calculation."""
        return name in self.rates and self.order.plan.tables[name].missing == "exception"

    def value(self, name: str) -> Value:
        """Return a value of the credit, its order, or a table."""
        if name in self.rates:
            return self.rates[name]
        if name == "credit.amount":
            return Ratio.scaled(Column("units", Kind.WHOLE), int(10**self.places), self.most)
        if name == "credit.level":
            return Ratio.scaled(Column("level", Kind.WHOLE), 1, 1_000)
        return self.order.value(name)

    def day_reached(self, state: str) -> Expression:
        """Return the day of the order's first arrival at a state."""
        return self.order.day_reached(state)


@dataclass(frozen=True, slots=True)
class PayeeScope:
    """A payee's attributes in one piece of time, for the condition on who takes part.

    They are the texts that were recorded: a number, a day or a condition is not read from them.
    """

    plan: CheckedPlan
    columns: Mapping[str, Kind]

    def value(self, name: str) -> Value:
        """Return an attribute; one that nobody has is unknown.

        Raises:
            NotLowered: if the plan declares it as something else than text.
        """
        word = name.removeprefix("payee.")
        if self.plan.payee_attributes.get(word, Unit.TEXT) is not Unit.TEXT:
            raise NotLowered(f"participants by {name}, which is no text,")
        column = "payee_id" if word == "id" else attribute_column(word)
        return Column(column, Kind.TEXT) if column in self.columns else text(None)

    def day_reached(self, state: str) -> Expression:
        """Return the unknown day: payees reach no states.

        Raises:
            NotLowered: always, since no plan asks.
        """
        raise NotLowered(f"the state {state} of a payee")
