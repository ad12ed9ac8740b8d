"""A credit: a payee's share of an order, and the scope of formulas about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from uuid import UUID

from premia_plan.language import Value
from premia_plan.reasons import Reason
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.payee import Standing
from premia_plan.reference.rate_table import Rate
from premia_plan.results import Detail


@dataclass(slots=True)
class Credit:
    """A payee's share of an order (level 0), or of what a payee below was credited with.

    The scope of formulas about the credit and its order. `made_of` gives the node of the amount
    it was made of.
    """

    credit_id: str
    order: OrderFacts
    payee_id: str | None
    level: int
    units: int
    amount: Fraction
    standing: Standing
    clause: str
    detail: Mapping[str, Detail]
    made_of: Callable[[], UUID]
    written: UUID | None = None
    rated: dict[str, Rate] = field(default_factory=dict)

    def credit_node(self) -> UUID:
        """Return the credit's node; it is written when it is first asked for."""
        if self.written is None:
            book = self.order.book
            self.written = book.node(
                "credit",
                self.credit_id,
                kind="credit_rolled_up" if self.level else "credit",
                value=book.money(self.units),
                unit="money",
                operation="same" if self.level else "split",
                payee_id=self.payee_id,
                detail=self.detail,
                children=(self.made_of(),),
            )
        return self.written

    def value(self, name: str) -> Value | None:
        """Return a value of the credit or its order, or what a rate table gives for it."""
        if name == "credit.amount":
            return self.amount
        if name == "credit.level":
            return _level(self.level)
        found = self.order.values.get(name)
        if found is None and name in self.order.rates:
            return self.rate(name).value
        return found

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.order.days.get(state)

    def node(self, name: str) -> UUID:
        """Return the node of a value of the credit or its order, or of a rate."""
        if name == "credit.amount":
            return self.credit_node()
        if name == "credit.level":
            return self.order.book.node(
                "level",
                self.credit_id,
                kind="credit_level",
                value=str(self.level),
                unit="count",
                detail={"clause": self.clause, "credit_id": self.credit_id},
            )
        if name in self.order.rates:
            return self.rate(name).node_id
        return self.order.node(name)

    def rate(self, table: str) -> Rate:
        """Return what a rate table gives for the credit.

        Raises:
            NotCalculated: if no row fits and the table says that is an exception.
        """
        found = self.rated.get(table)
        if found is None:
            found = self.rated[table] = self.order.rates.find(table, self)
        return found

    def shortfall(self, names: Iterable[str]) -> Reason | None:
        """Return why one of the rates among the names counts as zero, if one does."""
        rates = [self.rate(name) for name in names if name in self.order.rates]
        return next((rate.shortfall for rate in rates if rate.shortfall is not None), None)


@cache
def _level(number: int) -> Fraction:
    return Fraction(number)
