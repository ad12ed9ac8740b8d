"""The leaves of an explanation that lie in an order: its values, its states, its reversal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from calc_engine.engine.arranged_orders import payee_text
from calc_engine.engine.numbered import Arrival, Numbered
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.rows import Rows
from premia_plan.checked import CheckedPlan
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.attribute import attribute_value, value_text
from premia_plan.relations import OrderRow

Value: TypeAlias = Fraction | date | str | bool | None


class OrderLeaves:
    """Writes the leaves of the orders of one result."""

    def __init__(
        self, plan: CheckedPlan, numbered: Numbered, under_plan: Rows, book: NodeBook
    ) -> None:
        self._plan = plan
        self._numbered = numbered
        self._book = book
        self._rows = under_plan
        self._place = under_plan.by("order_no")
        self._reversing = sorted(plan.storno.when.states) if plan.storno is not None else []
        own = {f"order.{name}": unit for name, unit in plan.order_attributes.items()}
        self._units: Mapping[str, Unit] = {
            "order.amount": Unit.MONEY,
            "order.signed_on": Unit.DATE,
            **own,
        }

    def order(self, order_no: int) -> OrderRow:
        """Return an order by its number."""
        return self._numbered.orders[order_no - 1]

    def by_day(self, order_no: int) -> date:
        """Return the day that puts an order under the plan."""
        day: date = self._rows["by_day"][self._place[order_no,]]
        return day

    def last_month(self, order_no: int) -> int:
        """Return the month of the last thing that happened to an order."""
        month: int = self._rows["last_month"][self._place[order_no,]]
        return month

    def reversal(self, order_no: int) -> tuple[date, str, bool] | None:
        """Return day, state and voidness of an order's reversal, if it was reversed."""
        place = self._place[order_no,]
        day = self._rows["reversed_on"][place]
        if day is None:
            return None
        state = self._reversing[self._rows["reversed_by"][place]]
        return day, state, self._rows["is_void"][place]

    def number(self, order_no: int, column: str) -> int:
        """Return a whole number that is told once per order."""
        found: int = self._rows[column][self._place[order_no,]]
        return found

    def day(self, order_no: int, column: str) -> date | None:
        """Return a day that is told once per order."""
        found: date | None = self._rows[column][self._place[order_no,]]
        return found

    def arrival(self, order_no: int, state: str) -> Arrival:
        """Return the first arrival of an order at a state it reached."""
        return self._numbered.arrivals[order_no - 1][state]

    def day_reached(self, order_no: int, state: str) -> date | None:
        """Return the day of an order's first arrival at a state, if it lies before the end."""
        column = f"reached_{state}"
        arrival = self._numbered.arrivals[order_no - 1].get(state)
        if column in self._rows:
            day: date | None = self._rows[column][self._place[order_no,]]
            return day
        return None if arrival is None else arrival.day

    def value(self, order_no: int, name: str) -> Value:
        """Return a value of an order as recorded."""
        row = self.order(order_no)
        known: dict[str, Value] = {
            "order.id": row.order_id,
            "order.principal": row.principal,
            "order.signed_on": row.signed_on,
            "order.seller": payee_text(row.seller),
            "order.partner": payee_text(row.partner),
            "order.category": row.category or None,
            "order.territory": row.territory or None,
            "order.amount": Fraction(row.amount),
            "reversal.imputable_to": row.imputable_to,
            "reversal.cause": row.cause,
        }
        if name in known:
            return known[name]
        attribute = name.removeprefix("order.")
        unit = self._plan.order_attributes[attribute]
        return attribute_value(row.attributes.get(attribute), unit)

    def value_node(self, order_no: int, name: str) -> UUID:
        """Return the leaf of one of an order's values."""
        row = self.order(order_no)
        value = self.value(order_no, name)
        return self._book.node(
            "order",
            row.order_id,
            name,
            kind="order_value",
            value=self._text(value),
            unit=self._units.get(name, Unit.TEXT).value,
            detail={"order_id": row.order_id, "name": name},
            source=row.source,
        )

    def input_node(self, order_no: int, name: str) -> UUID:
        """Return the leaf of one of an order's values, or of a state it is asked for."""
        for word in ("reached ", "day of "):
            if name.startswith(word):
                return self.state_node(order_no, name.removeprefix(word))
        return self.value_node(order_no, name)

    def scope(self, order_no: int) -> "OrderValues":
        """Return an order's values as formulas about it look them up."""
        return OrderValues(self, order_no)

    def state_node(self, order_no: int, state: str) -> UUID:
        """Return the leaf of a state: the day an order reached it, or empty while it did not."""
        row = self.order(order_no)
        day = self.day_reached(order_no, state)
        if day is None:
            return self._book.node(
                "state",
                row.order_id,
                state,
                kind="state_open",
                value="",
                unit="date",
                detail={"order_id": row.order_id, "state": state},
                source=row.source,
            )
        arrival = self.arrival(order_no, state)
        return self._book.node(
            "state",
            row.order_id,
            state,
            kind="state_reached",
            value=arrival.day.isoformat(),
            unit="date",
            detail={"order_id": row.order_id, "state": state},
            source=arrival.source,
        )

    def reversal_node(self, order_no: int) -> UUID:
        """Return the leaf of what reversed an order.

        Raises:
            LookupError: if the order was not reversed.
        """
        row, found = self.order(order_no), self.reversal(order_no)
        if found is None:
            raise LookupError(f"order {row.order_id} was not reversed")
        day, state, is_void = found
        return self._book.node(
            "reversal",
            row.order_id,
            kind="order_reversed",
            value=day.isoformat(),
            unit="date",
            detail={
                "order_id": row.order_id,
                "state": state,
                "void": is_void,
                "imputable_to": row.imputable_to,
                "cause": row.cause,
            },
            source=self.arrival(order_no, state).source,
        )

    def _text(self, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, Fraction):
            units = value * 10**self._book.places
            whole = units.denominator == 1
            return self._book.money(units.numerator) if whole else exact_text(value)
        return value_text(value)


@dataclass(frozen=True, slots=True)
class OrderValues:
    """The values of an order, as formulas about it look them up."""

    leaves: OrderLeaves
    order_no: int

    def value(self, name: str) -> Value:
        """Return a value of the order as recorded."""
        return self.leaves.value(self.order_no, name)

    def day_reached(self, state: str) -> date | None:
        """Return the day on which the order first reached a state."""
        return self.leaves.day_reached(self.order_no, state)
