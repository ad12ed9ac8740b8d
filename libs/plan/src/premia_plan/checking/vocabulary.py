"""What the formulas of one plan may name, place by place."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from premia_plan.checking.clause import Clause
from premia_plan.checking.figures import PERIOD_UNITS, Figures, read_figures
from premia_plan.language import Names
from premia_plan.language.names import suggestion
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, UnitUnreadable, unit_in_words
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
REVERSAL_UNITS = {
    "reversal.day": Unit.DATE,
    "reversal.imputable_to": Unit.TEXT,
    "reversal.cause": Unit.TEXT,
}
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
    figures: Figures = field(default_factory=Figures)
    quantities: frozenset[str] = frozenset()

    def declare(self, place: Place, name: str, unit: Unit) -> None:
        """Let formulas at a place name something."""
        self.declared.setdefault(place, {})[name] = unit

    def at(self, place: Place) -> Names:
        """Return what sections declared at a place."""
        return Names(dict(self.declared.get(place, {})), currency=self.currency)

    def declare_figure(self, name: str, unit: Unit, over: PeriodKind) -> None:
        """Let formulas about cells name a figure of a kind of period, also with words joined."""
        self.declare("cell", name, unit)
        self.figures.over[name] = over

    def tables_at(self, place: Place) -> dict[str, Unit]:
        """Return the rate tables whose keys are known at a place, with what they give."""
        places = self.figures.places_of
        return {name: unit for name, unit in self.tables.items() if place in places(name)}

    @property
    def cell(self) -> Names:
        """What can be said of a subject's period: figures, its payee, the period, and rates."""
        units = {**PERIOD_UNITS, **self.payee.units, **self.tables_at("cell")}
        return self._joined(Names({**units, **self.at("cell").units}, currency=self.currency))

    @property
    def table_key(self) -> Names:
        """What a key of a rate table may be made of: of an order, a credit, or a cell."""
        units = {**self.cell.units, **self.credit.units}
        return self._joined(Names(units, self.states, currency=self.currency))

    def _joined(self, names: Names) -> Names:
        figures = self.figures
        return replace(
            names,
            figures=frozenset(figures.over),
            components=figures.components,
            hierarchies=figures.hierarchies,
            populations=figures.populations,
        )

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
    def counted_credit(self) -> Names:
        """What a measure may count of a credit: it, its order, and what rate tables give for it."""
        tables = {
            name: unit for name, unit in self.tables.items() if self.figures.is_of_credits(name)
        }
        return self.credit.with_units(tables).with_states(self.states)

    @property
    def rated_credit(self) -> Names:
        """What can be said of a credit, with rates and the figures of its payee's period."""
        units = {**self.cell.units, **self.credit.units, **self.tables_at("credit")}
        return self._joined(Names(units, self.states, currency=self.currency))

    @property
    def reversal(self) -> Names:
        """What can be said of an order's reversal."""
        return self.order_in_time.with_units({**REVERSAL_UNITS, **self.at("reversal").units})


def read_vocabulary(plan: Clause) -> Vocabulary:
    """Gather the names before any formula is read, so that one mistake is told once."""
    attributes = plan.optional("attributes")
    declared = attributes.parts() if attributes is not None else {}
    tables = plan.optional("tables")
    vocabulary = Vocabulary(
        currency=plan.word("currency"),
        order_attributes=_units(declared.get("order")),
        payee_attributes=_units(declared.get("payee")),
        states=_read_states(plan.part("settlement").part("states")),
        tables={
            name: given_unit(table.part("gives"))
            for name, table in (tables.parts() if tables is not None else {}).items()
        },
    )
    read_figures(plan, vocabulary.figures)
    return vocabulary


def given_unit(clause: Clause, quantities: Iterable[str] = ()) -> Unit:
    """Return the unit of what is given: money, a percentage, a count, a text, money per kWh.

    A multiplier of another table gives a rate like it.
    """
    if clause.text.startswith("multiplier of "):
        return Unit.RATE
    found = GIVES.get(clause.text)
    if found is not None:
        return found
    try:
        return unit_in_words(clause.text, quantities)
    except UnitUnreadable as error:
        hint = "Write percent, money, count, text, a declared unit, or money per such a unit"
        clause.error("unit.unknown", str(error), hint)
        return Unit.COUNT


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
