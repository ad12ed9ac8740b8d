"""What a plan says of facts: their attributes, units, roles and state models."""

from collections.abc import Mapping
from typing import Final, Literal, cast

from premia_plan.checked import FACT_KINDS, FactKind, FactWords, StateModel, prefix_of
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import no_unit
from premia_plan.checking.nouns import fact_words
from premia_plan.checking.unknown import unknown_state
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit, UnitUnreadable, unit_in_words
from premia_plan.state_models import STATE_MODELS

_WORDS: Final = {
    "percent": Unit.RATE,
    "money": Unit.MONEY,
    "count": Unit.COUNT,
    "text": Unit.TEXT,
    "date": Unit.DATE,
    "bool": Unit.BOOL,
}
_LINE: Final = {
    "id": Unit.TEXT,
    "day": Unit.DATE,
    "category": Unit.TEXT,
    "amount": Unit.MONEY,
    "quantity": Unit.COUNT,
}
_OTHER: Final = {**_LINE, "territory": Unit.TEXT, "tax": Unit.MONEY}


def own_units(kind: FactKind) -> Mapping[str, Unit]:
    """Return the values every fact of a kind has, with their units; none for orders."""
    if kind == "order":
        return {}
    return _LINE if kind == "line" else _OTHER


def read_units(plan: Clause) -> frozenset[str]:
    """Return the units of quantities that a plan declares, in a list or with its attributes."""
    listed = plan.optional("units")
    found = {entry.text for entry in listed.entries()} if listed is not None else set()
    attributes = plan.optional("attributes")
    for carrier in attributes.parts().values() if attributes is not None else ():
        for clause in carrier.parts().values():
            unit = clause.text.removeprefix("money per ")
            if unit not in _WORDS:
                found.add(unit)
    return frozenset(found)


def read_attributes(declared: Clause | None, units: frozenset[str]) -> dict[str, Unit]:
    """Return the attributes that a carrier has, with their units."""
    if declared is None:
        return {}
    found = {}
    for name, clause in declared.parts().items():
        try:
            unit = _WORDS.get(clause.text)
            found[name] = unit_in_words(clause.text, units) if unit is None else unit
        except UnitUnreadable as error:
            clause.error(
                "unit.unknown",
                no_unit(error),
                Words(
                    "Write percent, money, count, text or kWh",
                    "Scrivi percent, money, count, text o kWh",
                ),
            )
            found[name] = Unit.COUNT
    return found


def is_of_facts(measure: Clause) -> bool:
    """Say whether a measure counts facts themselves, not what payees are credited with."""
    return measure.optional("whose") is not None


def measures_of_facts(plan: Clause) -> list[Clause]:
    """Return the measures that count facts themselves."""
    measures = plan.optional("measures")
    found = measures.parts().values() if measures is not None else ()
    return [clause for clause in found if is_of_facts(clause)]


def releasing_facts(plan: Clause) -> set[str]:
    """Return the kinds of facts that release what orders earned, part by part."""
    found = set()
    for schedule in plan.part("settlement").part("release").parts().values():
        for share in [] if schedule.optional("like") is not None else schedule.entries():
            each = share.part("at").optional("each")
            if each is not None:
                found.add(each.text)
    return found


def read_roles(plan: Clause) -> Mapping[FactKind, frozenset[str]]:
    """Return the roles of payees that the plan's credits and measures name, by kind of fact."""
    found: dict[FactKind, set[str]] = {kind: set() for kind in FACT_KINDS}
    named = [measure.word("whose") for measure in measures_of_facts(plan)]
    for clause in plan.part("credits").parts().values():
        shares = clause.optional("shares")
        overlay = clause.optional("overlay")
        entries = shares.entries() if shares is not None else []
        named += [entry.word("to") for entry in entries]
        named += [overlay.word("to")] if overlay is not None else []
    for name in named:
        carrier, _, role = name.partition(".")
        found[cast("FactKind", carrier.replace("_", " "))].add(role)
    return {kind: frozenset(roles) for kind, roles in found.items()}


def read_facts(
    attributes: Mapping[str, Clause],
    roles: Mapping[FactKind, frozenset[str]],
    models: tuple[StateModel, ...],
    units: frozenset[str],
) -> dict[FactKind, FactWords]:
    """Return the words about the facts of each kind other than orders."""
    states = {kind: states_of(models, kind) for kind in FACT_KINDS}
    return {
        kind: FactWords(
            read_attributes(attributes.get(kind), units), states[kind], roles.get(kind, frozenset())
        )
        for kind in FACT_KINDS
        if kind != "order"
    }


def fact_units(kind: FactKind, words: FactWords) -> dict[str, Unit]:
    """Return the units of a fact's values by their whole names."""
    named = {
        **own_units(kind),
        **dict.fromkeys(words.roles, Unit.TEXT),
        **words.attributes,
    }
    return {f"{prefix_of(kind)}{name}": unit for name, unit in named.items()}


def states_of(models: tuple[StateModel, ...], kind: FactKind) -> frozenset[str]:
    """Return the states that facts of a kind can reach."""
    return frozenset(state for model in models if model.of == kind for state in model.states)


def read_state_models(clause: Clause) -> tuple[StateModel, ...]:
    """Return the state models of a plan, one for each kind of fact at most."""
    models = clause.optional("models")
    if models is None:
        return (_read_model(clause, "order", _plain_states(clause)),)
    found: list[StateModel] = []
    for name, model in models.parts().items():
        of = cast("FactKind", model.word("of"))
        if any(other.of == of for other in found):
            message = Words(
                f"{name} is a second state model of the {of}",
                f"{name} è un secondo modello di stati per {fact_words(of).it}",
            )
            model.error(
                "state_model.twice",
                message,
                Words(
                    "Keep one model for each kind of fact",
                    "Tieni un modello per ogni tipo di fatto",
                ),
            )
            continue
        states = frozenset(entry.text for entry in model.part("states").entries())
        found.append(_read_model(model, of, states))
    return tuple(found)


def _plain_states(clause: Clause) -> frozenset[str]:
    names = clause.optional("names")
    if names is not None:
        return frozenset(entry.text for entry in names.entries())
    model = clause.part("model")
    if model.text not in STATE_MODELS:
        known = suggested(model.text, STATE_MODELS)
        hint = Words(
            f"{known.en} Or list the states under names",
            f"{known.it} Oppure elenca gli stati in names",
        )
        model.error(
            "state_model.unknown",
            Words(
                f"the state model {model.text} is not known",
                f"il modello di stati {model.text} non è noto",
            ),
            hint,
        )
        return frozenset()
    return STATE_MODELS[model.text]


def _read_model(clause: Clause, of: FactKind, states: frozenset[str]) -> StateModel:
    implies = _state_lists(clause.optional("implies"), states)
    moves = _state_lists(clause.optional("moves"), states)
    unmapped = cast("Literal['ignored', 'exception']", clause.word("unmapped", "ignored"))
    return StateModel(
        of,
        states,
        _closed(implies),
        {state: frozenset(after) for state, after in moves.items()},
        unmapped,
    )


def _state_lists(clause: Clause | None, states: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for state, listed in clause.parts().items() if clause is not None else ():
        for at, name in [(listed, state), *((entry, entry.text) for entry in listed.entries())]:
            if states and name not in states:
                message = unknown_state(name)
                at.error("state.unknown", message, suggested(name, states))
        found[state] = tuple(entry.text for entry in listed.entries())
    return found


def _closed(implies: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return what each state implies, also by way of others; never itself."""
    closed = {}
    for state in implies:
        found: list[str] = []
        waiting = list(implies[state])
        while waiting:
            other = waiting.pop(0)
            if other not in found and other != state:
                found.append(other)
                waiting.extend(implies.get(other, ()))
        closed[state] = tuple(found)
    return closed
