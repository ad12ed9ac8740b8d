"""An order as the calculation sees it: its values, and the day of each state it reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import UUID

from premia_plan.checked import FactKind
from premia_plan.language import Value
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.arrivals import AsOf
from premia_plan.reference.attribute import value_text
from premia_plan.reference.book import Book
from premia_plan.reference.exchange import Conversion, converted_node
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.reversal import WHOLE, Reversal, about, nothing_left, part_left
from premia_plan.reference.scope import state_in
from premia_plan.relations import OrderRow, PayeeRef, SourceRef


@dataclass(slots=True)
class OrderFacts:
    """One order under the plan: the scope of formulas about it.

    `last_month` is the month of the latest of `by_day` and the days of its states.
    """

    row: OrderRow
    values: dict[str, Value | None]
    days: dict[str, date]
    sources: dict[str, SourceRef]
    units: Mapping[str, Unit]
    by_day: date
    book: Book
    rates: Rates
    last_month: str = ""
    reversals: tuple[Reversal, ...] = ()
    nodes: dict[str, UUID] = field(default_factory=dict)
    conversion: Conversion | None = None
    is_carried: bool = False
    """Whether it belongs to the version before, and counts here without being paid."""

    def convert(self, conversion: Conversion) -> None:
        """Let every amount of its own count at the rate for pay."""
        self.conversion = conversion
        for name, unit in self.units.items():
            value = self.values.get(name)
            if name.startswith(self.prefix) and _is_money(unit) and isinstance(value, Fraction):
                self.values[name] = value * conversion.pay.value

    @property
    def prefix(self) -> str:
        """How the names of values of its own start."""
        return "order."

    @property
    def fact_kind(self) -> FactKind:
        """What kind of fact it is."""
        return "order"

    def own_day(self, state: str) -> date | None:  # noqa: ARG002 - an order's states are `days`
        """Return None: states of facts' own are those of other facts."""
        return None

    def _in_own_currency(self, name: str, leaf: Callable[[Value | None], UUID]) -> UUID:
        """Return the node of a value: `leaf` writes it as given, then it is converted."""
        value, conversion = self.values.get(name), self.conversion
        is_money = _is_money(self.units.get(name, Unit.TEXT))
        if conversion is None or not is_money or not isinstance(value, Fraction):
            return leaf(value)
        rate, key = conversion.pay, (*self.key, name)
        detail = {"order_id": self.row.order_id, "name": name}
        text = _text(value, self.book)
        given = leaf(value / rate.value)
        return converted_node(key, given, rate, value=text, detail=detail, book=self.book)

    @property
    def pay_rate(self) -> Fraction:
        """How much of the plan's currency a unit of the order's own counts for."""
        return Fraction(1) if self.conversion is None else self.conversion.pay.value

    @property
    def order_id(self) -> str | None:
        """The id of the order that its pay is for; None for a fact without an order."""
        return self.row.order_id

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from other orders and facts; ids of its credits start with it."""
        return (self.row.order_id,)

    def payee_in(self, role: str) -> PayeeRef | None:
        """Return who has a role, such as `order.seller`."""
        name = role.removeprefix("order.")
        match name:
            case "seller":
                return self.row.seller
            case "partner":
                return self.row.partner
        return self.row.payees.get(name)

    def value(self, name: str) -> Value | None:
        """Return a value of the order or its reversal, or what a rate table gives for it."""
        found = self.values.get(name)
        if found is None and name in self.rates:
            return self.rates.find(name, self).value
        return found

    def day_reached(self, state: str) -> date | None:
        """Return the business day of the first arrival at a state."""
        return self.days.get(state)

    def node(self, name: str) -> UUID:
        """Return the leaf of one of the order's values or states, or of a rate."""
        found = self.nodes.get(name)
        if found is None:
            found = self.nodes[name] = self._write(name)
        return found

    def _write(self, name: str) -> UUID:
        state = state_in(name)
        if state is not None:
            return self.state_node(state)
        if name not in self.values and name in self.rates:
            return self.rates.find(name, self).node_id
        return self._in_own_currency(name, partial(self._leaf, name))

    def _leaf(self, name: str, value: Value | None) -> UUID:
        return self.book.node(
            "order",
            self.row.order_id,
            name,
            kind="order_value",
            value=_text(value, self.book),
            unit=self.units.get(name, Unit.TEXT).value,
            detail={"order_id": self.row.order_id, "name": name},
            source=self.row.source,
        )

    def state_node(self, state: str) -> UUID:
        """Return the leaf of a state: the day it was reached, or empty while it was not."""
        key = f"state {state}"
        found = self.nodes.get(key)
        if found is None:
            day = self.days.get(state)
            found = self.nodes[key] = self.book.node(
                "state",
                self.row.order_id,
                state,
                kind="state_open" if day is None else "state_reached",
                value="" if day is None else day.isoformat(),
                unit="date",
                detail={"order_id": self.row.order_id, "state": state},
                source=self.sources.get(state, self.row.source),
            )
        return found

    def reversal_of(self, component: str) -> Reversal | None:
        """Return the reversal of the whole order that a component knows, or its first in part."""
        known = tuple(about(self.reversals, component))
        return next((item for item in known if item.part == WHOLE), known[0] if known else None)

    def part_left(self, month: str, component: str = "") -> Fraction:
        """Return the part of the order that still counts at the end of a month.

        A component knows only of reversals by rules that name it.
        """
        return part_left(about(self.reversals, component), month)

    @property
    def gone_on(self) -> date | None:
        """The first day on which nothing of the order counts, if there was one."""
        for index, item in enumerate(self.reversals):
            if nothing_left(self.reversals[: index + 1], item.effective_on):
                return item.effective_on
        return None

    def reversal_months(self, component: str = "") -> frozenset[str]:
        """Return the months in which the part that counts changes, perhaps for one component."""
        known = about(self.reversals, component)
        return frozenset(month for item in known for month in item.months)

    def reversal_node(self, reversal: Reversal) -> UUID:
        """Return the leaf of what reversed the order, or a part of it."""
        name = f"reversal {reversal.key}"
        found = self.nodes.get(name)
        if found is None:
            is_part = {} if reversal.part == WHOLE else {"part": exact_text(reversal.part)}
            found = self.nodes[name] = self.book.node(
                "reversal",
                self.row.order_id,
                *([reversal.key] if reversal.key else []),
                kind="order_reversed" if reversal.state else "order_reversed_in_part",
                value=reversal.day.isoformat(),
                unit="date",
                detail={
                    "order_id": self.row.order_id,
                    "state": reversal.state,
                    "void": reversal.is_void,
                    "imputable_to": reversal.imputable_to,
                    "cause": reversal.cause,
                    **is_part,
                },
                source=reversal.source or self.sources[reversal.state],
            )
        return found

    def left_node(self, left: Fraction) -> UUID:
        """Return the leaf of the part of the order that reversals left."""
        text = exact_text(left)
        return self.book.node(
            "part left",
            self.row.order_id,
            text,
            kind="part_left",
            value=text,
            unit=Unit.RATE.value,
            detail={"order_id": self.row.order_id},
            source=self.reversals[0].source or self.row.source,
        )

    def then(self, day: date) -> AsOf:
        """Return the order as it stood at the end of a day."""
        return AsOf.of(self, day)

    def restored_node(self, reversal: Reversal) -> UUID:
        """Return the leaf of what restored the order after a reversal."""
        day = reversal.restored_on
        states = sorted(state for state, reached in self.days.items() if reached == day)
        return self.state_node(states[0])

    def node_then(self, name: str, reversal: Reversal) -> UUID:
        """Return the leaf of a value as it was at a reversal, or of the reversal itself."""
        if name.startswith("reversal."):
            return self._reversal_value(name, reversal)
        state = state_in(name)
        reached = None if state is None else self.days.get(state)
        if state is None or reached is None or reached <= reversal.day:
            return self.node(name)
        return self.book.node(
            "state then",
            self.row.order_id,
            state,
            reversal.key,
            kind="state_open",
            value="",
            unit="date",
            detail={"order_id": self.row.order_id, "state": state},
            source=self.row.source,
        )

    def _reversal_value(self, name: str, reversal: Reversal) -> UUID:
        words: dict[str, str] = {
            "reversal.day": reversal.day.isoformat(),
            "reversal.imputable_to": reversal.imputable_to or "",
            "reversal.cause": reversal.cause or "",
        }
        return self.book.node(
            "reversal value",
            self.row.order_id,
            reversal.key,
            name,
            kind="order_value",
            value=words[name],
            unit="date" if name == "reversal.day" else "text",
            detail={"order_id": self.row.order_id, "name": name},
            source=reversal.source or self.row.source,
        )


def _text(value: Value | None, book: Book) -> str:
    """Return a value as text, with the currency's decimals where it has no finer ones.

    An unknown value is empty.
    """
    if value is None:
        return ""
    if not isinstance(value, Fraction):
        return value_text(value)
    units, finer = divmod(value.numerator * 10**book.places, value.denominator)
    return exact_text(value) if finer else book.money(units)


def _is_money(unit: Unit) -> bool:
    """Say whether a value is an amount of money, also per something."""
    return unit.value.partition("/")[0] == Unit.MONEY.value
