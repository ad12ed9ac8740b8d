"""What the formulas of one plan may name, place by place."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from premia_plan.checking.clause import Clause
from premia_plan.language import Names
from premia_plan.language.names import suggestion
from premia_plan.quantities import Unit
from premia_plan.state_models import STATE_MODELS

GIVES = {"percent": Unit.RATE, "money": Unit.MONEY, "count": Unit.COUNT, "text": Unit.TEXT}
ORDER_UNITS = {
    "order.id": Unit.TEXT,
    "order.principal": Unit.TEXT,
    "order.signed_on": Unit.DATE,
    "order.seller": Unit.TEXT,
    "order.partner": Unit.TEXT,
    "order.category": Unit.TEXT,
    "order.territory": Unit.TEXT,
    "order.amount": Unit.MONEY,
}
PAYEE_UNITS = {"payee.id": Unit.TEXT, "payee.kind": Unit.TEXT, "payee.channel": Unit.TEXT}
REVERSAL_UNITS = {"reversal.imputable_to": Unit.TEXT, "reversal.cause": Unit.TEXT}
CREDIT_UNITS = {"credit.amount": Unit.MONEY, "credit.level": Unit.COUNT}


Place: TypeAlias = Literal["order", "credit", "cell", "payee", "reversal"]
"""Where a formula stands; what is known there is another matter in each."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a plan, with the units they have: the one registry that sections extend.

    A section `declare`s what formulas may name from then on, at the place where it is known.
    """

    currency: str
    order_attributes: dict[str, Unit]
    payee_attributes: dict[str, Unit]
    states: frozenset[str]
    tables: dict[str, Unit]
    declared: dict[Place, dict[str, Unit]] = field(default_factory=dict)

    def declare(self, place: Place, name: str, unit: Unit) -> None:
        """Let formulas at a place name something."""
        self.declared.setdefault(place, {})[name] = unit

    def at(self, place: Place) -> Names:
        """Return what sections declared at a place."""
        return Names(dict(self.declared.get(place, {})), currency=self.currency)

    @property
    def cell(self) -> Names:
        """What can be said of a subject's period: measures, targets, attainments, components."""
        return self.at("cell")

    @property
    def order(self) -> Names:
        """What can be said of an order."""
        own = {f"order.{name}": unit for name, unit in self.order_attributes.items()}
        return Names({**ORDER_UNITS, **own, **self.at("order").units}, currency=self.currency)

    @property
    def order_in_time(self) -> Names:
        """What can be said of an order and the states it reached."""
        return self.order.with_states(self.states)

    @property
    def payee(self) -> Names:
        """What can be said of a payee."""
        own = {f"payee.{name}": unit for name, unit in self.payee_attributes.items()}
        return Names({**PAYEE_UNITS, **own, **self.at("payee").units}, currency=self.currency)

    @property
    def credit(self) -> Names:
        """What can be said of a credit and its order."""
        return self.order.with_units({**CREDIT_UNITS, **self.at("credit").units})

    @property
    def rated_credit(self) -> Names:
        """The same, with what the rate tables give."""
        return self.credit.with_units(self.tables)

    @property
    def reversal(self) -> Names:
        """What can be said of an order's reversal."""
        return self.order_in_time.with_units({**REVERSAL_UNITS, **self.at("reversal").units})


def read_vocabulary(plan: Clause) -> Vocabulary:
    """Gather the names before any formula is read, so that one mistake is told once."""
    attributes = plan.optional("attributes")
    declared = attributes.parts() if attributes is not None else {}
    tables = plan.optional("tables")
    return Vocabulary(
        currency=plan.word("currency"),
        order_attributes=_units(declared.get("order")),
        payee_attributes=_units(declared.get("payee")),
        states=_read_states(plan.part("settlement").part("states")),
        tables={
            name: GIVES[table.word("gives")]
            for name, table in (tables.parts() if tables is not None else {}).items()
        },
    )


def _units(declared: Clause | None) -> dict[str, Unit]:
    if declared is None:
        return {}
    return {name: GIVES[clause.text] for name, clause in declared.parts().items()}


def _read_states(clause: Clause) -> frozenset[str]:
    names = clause.optional("names")
    if names is not None:
        return frozenset(entry.text for entry in names.entries())
    model = clause.part("model")
    if model.text not in STATE_MODELS:
        hint = f"{suggestion(model.text, STATE_MODELS)} Or list the states under names"
        model.error("state_model.unknown", f"the state model {model.text} is not known", hint)
        return frozenset()
    return STATE_MODELS[model.text]
