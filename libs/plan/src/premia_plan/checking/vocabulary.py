"""What the formulas of one plan may name, place by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from premia_plan.checked import (
    FACT_KINDS,
    SUBJECT_UNITS,
    FactKind,
    FactWords,
    Per,
    StateModel,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.facts import (
    fact_units,
    measures_of_facts,
    read_attributes,
    read_facts,
    read_roles,
    read_state_models,
    read_units,
    releasing_facts,
    states_of,
)
from premia_plan.checking.figures import PERIOD_UNITS, Figures, read_figures
from premia_plan.checking.miswritten import no_unit
from premia_plan.language import Names, Words
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, UnitUnreadable, unit_in_words

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
POSITION_UNITS = {"position.code": Unit.TEXT}
SHARE_IN_PLAN = {"payee.share_in_plan": Unit.RATE}
REVERSAL_UNITS = {
    "reversal.day": Unit.DATE,
    "reversal.imputable_to": Unit.TEXT,
    "reversal.cause": Unit.TEXT,
}
CREDIT_UNITS = {
    "credit.amount": Unit.MONEY,
    "credit.level": Unit.COUNT,
    "credit.quota": Unit.MONEY,
    "credit.share": Unit.RATE,
}


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
    facts: Mapping[FactKind, FactWords] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    models: tuple[StateModel, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    position_attributes: Mapping[str, Unit] = field(default_factory=dict)
    credited: tuple[FactKind, ...] = ()
    """The kinds of facts other than orders that credits and measures are made from."""
    releasing: tuple[FactKind, ...] = ()
    """Those that only release what orders earned."""

    def declare(self, place: Place, name: str, unit: Unit) -> None:
        """Let formulas at a place name something."""
        self.declared.setdefault(place, {})[name] = unit

    def at(self, place: Place) -> Names:
        """Return what sections declared at a place."""
        return self._names(dict(self.declared.get(place, {})))

    def _names(self, units: Mapping[str, Unit], states: frozenset[str] = frozenset()) -> Names:
        return Names(
            units,
            states,
            currency=self.currency,
            quantities=self.quantities,
            parameters=self.parameters,
        )

    def fact(self, kind: FactKind) -> Names:
        """What can be said of a fact, its order and the states both reached, with rates."""
        tables = self.tables_at("order")
        names = self.order_in_time.with_units(tables)
        if kind == "order":
            return names
        return self._with_facts(names, [kind])

    def _with_facts(self, names: Names, kinds: Iterable[FactKind]) -> Names:
        units: dict[str, Unit] = {}
        states = dict(names.fact_states)
        for kind in kinds:
            words = self.facts.get(kind, FactWords())
            units |= fact_units(kind, words)
            states[kind] = words.states
        return replace(names.with_units(units), fact_states=states)

    @property
    def with_own_states(self) -> frozenset[str]:
        """The states of orders and of the facts that credits are made from."""
        own = (self.facts[kind].states for kind in self.credited if kind != "order")
        return frozenset(self.states).union(*own)

    def declare_figure(self, name: str, unit: Unit, over: PeriodKind) -> None:
        """Let formulas about cells name a figure of a kind of period, also with words joined."""
        self.declare("cell", name, unit)
        self.figures.over[name] = over

    def tables_at(self, place: Place) -> dict[str, Unit]:
        """Return the rate tables whose keys are known at a place, with what they give."""
        places = self.figures.places_of
        return {name: unit for name, unit in self.tables.items() if place in places(name)}

    def about(self, per: Per) -> "Vocabulary":
        """Return the same with what formulas may ask of a kind of subject itself."""
        own = {name: u for name, u in SUBJECT_UNITS.items() if name.startswith(f"{per.kind}.")}
        declared = {**self.declared, "cell": {**self.declared.get("cell", {}), **own}}
        return replace(self, declared=declared)

    @property
    def cell(self) -> Names:
        """What can be said of a subject's period: figures, its payee, the period, and rates."""
        units = {**PERIOD_UNITS, **SHARE_IN_PLAN, **self.payee.units, **self.tables_at("cell")}
        return self._joined(self._names({**units, **self.at("cell").units}))

    @property
    def table_key(self) -> Names:
        """What a key of a rate table may be made of: of an order, a credit, or a cell."""
        cells = self
        for per in self.figures.subjects.values():
            cells = cells.about(per)
        units = {**cells.cell.units, **self.credit.units, **self.tables}
        names = self._joined(self._names(units, self.states))
        return self._with_facts(names, self.credited)

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
        roles = {f"order.{role}": Unit.TEXT for role in self.roles}
        return self._names({**ORDER_UNITS, **roles, **own, **self.at("order").units})

    @property
    def order_in_time(self) -> Names:
        """What can be said of an order and the states it reached."""
        return self.order.with_states(self.states)

    @property
    def payee(self) -> Names:
        """What can be said of a payee."""
        own = {f"payee.{name}": unit for name, unit in self.payee_attributes.items()}
        held = {f"position.{name}": unit for name, unit in self.position_attributes.items()}
        units = {**PAYEE_UNITS, **POSITION_UNITS, **own, **held}
        return self._names({**units, **self.at("payee").units})

    @property
    def credit(self) -> Names:
        """What can be said of a credit and its order."""
        names = self.order.with_units({**CREDIT_UNITS, **self.at("credit").units})
        return self._with_facts(names, self.credited)

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
        names = self._joined(self._names(units, self.states))
        return self._with_facts(names, self.credited)

    @property
    def released(self) -> Names:
        """What can be said of the order or fact whose pay is released."""
        return self._with_facts(self.order_in_time, self.credited).with_units(
            self.at("credit").units
        )

    def fact_in_time(self, kind: FactKind) -> Names:
        """What can be said of a fact, its order and the states both reached."""
        names = self.order_in_time
        return names if kind == "order" else self._with_facts(names, [kind])

    def reversal_of(self, kind: FactKind) -> Names:
        """What can be said of the reversal of an order or another fact."""
        return self.fact_in_time(kind).with_units({**REVERSAL_UNITS, **self.at("reversal").units})

    @property
    def reversal(self) -> Names:
        """What can be said of an order's reversal."""
        return self.reversal_of("order")


def read_vocabulary(plan: Clause) -> Vocabulary:
    """Gather the names before any formula is read, so that one mistake is told once."""
    attributes = plan.optional("attributes")
    declared = attributes.parts() if attributes is not None else {}
    tables, units = plan.optional("tables"), read_units(plan)
    models = read_state_models(plan.part("settlement").part("states"))
    roles, credited = read_roles(plan), _credited(plan)
    vocabulary = Vocabulary(
        currency=plan.word("currency"),
        order_attributes=read_attributes(declared.get("order"), units),
        payee_attributes=read_attributes(declared.get("payee"), units),
        position_attributes=read_attributes(declared.get("position"), units),
        states=states_of(models, "order"),
        tables={
            name: given_unit(table.part("gives"), units)
            for name, table in (tables.parts() if tables is not None else {}).items()
        },
        quantities=units,
        facts=read_facts(declared, roles, models, units),
        roles=roles["order"],
        models=models,
        parameters=plan.report.values,
        credited=credited,
        releasing=tuple(
            kind for kind in FACT_KINDS if kind in releasing_facts(plan) and kind not in credited
        ),
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
        hint = Words(
            "Write percent, money, count, text, a declared unit, or money per such a unit",
            "Scrivi percent, money, count, text, un'unità dichiarata, o money per tale unità",
        )
        clause.error("unit.unknown", no_unit(error), hint)
        return Unit.COUNT


def _credited(plan: Clause) -> tuple[FactKind, ...]:
    sources = {clause.word("from", "order") for clause in plan.part("credits").parts().values()}
    sources |= {measure.word("of") for measure in measures_of_facts(plan)}
    return tuple(kind for kind in FACT_KINDS if kind in sources and kind != "order")
