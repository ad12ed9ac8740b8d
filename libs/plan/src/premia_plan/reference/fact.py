"""A line, activity, bill, payment or credit note as the calculation sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal
from uuid import UUID

from premia_plan.checked import FactKind, prefix_of
from premia_plan.language import Value
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.attribute import value_text
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.reversal import WHOLE, Reversal
from premia_plan.relations import PayeeRef, SourceRef

Ask = Literal["reached", "day of"]


@dataclass(slots=True)
class FactFacts(OrderFacts):
    """A fact other than an order: the scope of formulas about it and its order.

    `days` are those of its own states and, for other states, its order's. `own_values` are the
    values of its own, by their whole names.
    """

    kind: FactKind = "line"
    fact_id: str = ""
    parent: OrderFacts | None = None
    payees: Mapping[str, PayeeRef] = field(default_factory=dict)
    own_days: Mapping[str, date] = field(default_factory=dict)
    own_states: frozenset[str] = frozenset()
    origin: SourceRef | None = None

    @property
    def order_id(self) -> str | None:
        """The id of the fact's order, if it has one."""
        return None if self.parent is None else self.parent.row.order_id

    @property
    def key(self) -> tuple[str, ...]:
        """The order's id, if it has one, and the fact's own."""
        own = self.fact_id if self.kind == "line" else f"{self.kind}:{self.fact_id}"
        return (own,) if self.parent is None else (self.parent.row.order_id, own)

    def payee_in(self, role: str) -> PayeeRef | None:
        """Return who has a role on the fact, or on its order."""
        prefix = prefix_of(self.kind)
        if role.startswith(prefix):
            return self.payees.get(role.removeprefix(prefix))
        return None if self.parent is None else self.parent.payee_in(role)

    def day_reached(self, state: str) -> date | None:
        """Return the day the fact's order first reached a state."""
        return None if self.parent is None else self.parent.days.get(state)

    def _write(self, name: str) -> UUID:
        if name in self.rates and name not in self.values:
            return self.rates.find(name, self).node_id
        asked = self._state_asked(name)
        if asked is not None:
            return self._own_state(*asked)
        if self.parent is not None and not name.startswith(prefix_of(self.kind)):
            return self.parent.node(name)
        return self._in_own_currency(name, partial(self._leaf, name))

    @property
    def prefix(self) -> str:
        """How the names of values of its own start."""
        return prefix_of(self.kind)

    @property
    def fact_kind(self) -> FactKind:
        """What kind of fact it is."""
        return self.kind

    def own_day(self, state: str) -> date | None:
        """Return the day on which it reached a state of its own."""
        return self.own_days.get(state)

    def _leaf(self, name: str, value: Value | None) -> UUID:
        return self.book.node(
            "fact",
            *self.key,
            name,
            kind="fact_value",
            value=self._value_text(name, value),
            unit=self.units.get(name, Unit.TEXT).value,
            detail={"fact": self.kind, "fact_id": self.fact_id, "name": name},
            source=self.origin,
        )

    def _value_text(self, name: str, value: Value | None) -> str:
        unit = self.units.get(name, Unit.TEXT)
        if unit is Unit.MONEY and not isinstance(value, str | bool | date | None):
            return self.book.text(value, unit)
        return value_text(value)

    def _state_asked(self, name: str) -> tuple[Ask, str] | None:
        reached, day_of = f"{self.kind} reached ", f"day of {self.kind} "
        if name.startswith(reached):
            return "reached", name.removeprefix(reached)
        if name.startswith(day_of):
            return "day of", name.removeprefix(day_of)
        return None

    def _own_state(self, ask: Ask, state: str) -> UUID:
        """Return the leaf that says whether, or when, the fact reached a state of its own."""
        day = self.own_days.get(state)
        text = "" if day is None else day.isoformat()
        return self.book.node(
            "fact state",
            *self.key,
            ask,
            state,
            kind="fact_state_open" if day is None else "fact_state_reached",
            value=text if ask == "day of" else "false" if day is None else "true",
            unit="date" if ask == "day of" else "bool",
            detail={"fact": self.kind, "fact_id": self.fact_id, "state": state, "day": text},
            source=self.sources.get(state, self.origin),
        )

    def state_node(self, state: str) -> UUID:
        """Return the leaf of a state of the fact, or of its order."""
        if state in self.own_states:
            return self._own_state("day of", state)
        if self.parent is not None:
            return self.parent.state_node(state)
        return self._own_state("day of", state)

    def reversal_node(self, reversal: Reversal) -> UUID:
        """Return the leaf of what reversed the fact's order, or the fact itself."""
        if self.parent is not None and reversal in self.parent.reversals:
            return self.parent.reversal_node(reversal)
        is_part = {} if reversal.part == WHOLE else {"part": exact_text(reversal.part)}
        return self.book.node(
            "fact reversal",
            *self.key,
            reversal.key,
            kind="fact_reversed" if reversal.state else "fact_reversed_in_part",
            value=reversal.day.isoformat(),
            unit="date",
            detail={
                "fact": self.kind,
                "fact_id": self.fact_id,
                "state": reversal.state,
                "void": reversal.is_void,
                "imputable_to": reversal.imputable_to,
                "cause": reversal.cause,
                **is_part,
            },
            source=reversal.source or self.sources[reversal.state],
        )
