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
from premia_plan.reference.rate_table import Rate, first_shortfall
from premia_plan.reference.standing import Standing
from premia_plan.results import Detail


@dataclass(frozen=True, slots=True)
class Extra:
    """A value that only some credits have, and what gives its node."""

    value: Value
    node: Callable[[], UUID]


@dataclass(slots=True)
class Credit:
    """A payee's share of an order or another fact, or of what a payee below was credited with.

    The scope of formulas about the credit and its order; `level` is 0 unless it is rolled up.
    `made_of` gives the node of the amount it was made of, and `more` those of what else made it.
    `deal` tells which whole it is a share of. `undivided` is that whole, where the pay on it is
    divided and not its amount. `has_place` is false where "first n" leaves it out; `counts_from`
    is the day on which a place was freed for it, before which it is as if it were not there.
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
    operation: str = "split"
    more: Callable[[], tuple[UUID, ...]] | None = None
    extras: dict[str, Extra] = field(default_factory=dict)
    deal: str = ""
    undivided: "Credit | None" = None
    has_place: bool = True
    counts_from: date | None = None
    written: UUID | None = None
    rated: dict[str, Rate] = field(default_factory=dict)

    @property
    def is_negative(self) -> bool:
        """Say whether it is of a negative deal, whose pay is the opposite of its mirror's."""
        if self.amount:
            return self.amount < 0
        whole = self.order.values.get(f"{self.order.prefix}amount")
        return isinstance(whole, Fraction) and whole < 0

    def credit_node(self) -> UUID:
        """Return the credit's node; it is written when it is first asked for."""
        if self.written is None and self.operation == "whole":
            self.written = self.made_of()
        if self.written is None:
            book = self.order.book
            self.written = book.node(
                "credit",
                self.credit_id,
                kind="credit_rolled_up" if self.level else "credit",
                value=book.money(self.units),
                unit="money",
                operation=self.operation,
                payee_id=self.payee_id,
                detail=self.detail,
                children=(self.made_of(), *(() if self.more is None else self.more())),
            )
        return self.written

    def value(self, name: str) -> Value | None:
        """Return a value of the credit or its order, or what a rate table gives for it."""
        if name == "credit.amount":
            return self.amount
        if name == "credit.level":
            return _level(self.level)
        if self.extras and name in self.extras:
            return self.extras[name].value
        if name == "credit.quota":
            return self.amount
        found = self.order.values.get(name)
        if found is None and name in self.order.rates:
            return self.rate(name).value
        return found

    def day_reached(self, state: str) -> date | None:
        """Return the day the order first reached a state."""
        return self.order.day_reached(state)

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
        if name in self.extras:
            return self.extras[name].node()
        if name == "credit.quota":
            return self.credit_node()
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
        """Return why one of the rates among the names counts as zero, if one does.

        A rate that is missing altogether was not needed, or the amount would have been refused.
        """
        return first_shortfall(self.rate, (name for name in names if name in self.order.rates))


@cache
def _level(number: int) -> Fraction:
    return Fraction(number)
