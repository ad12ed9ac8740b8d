"""The storno read from its clauses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    FACT_WORDS,
    CellComponent,
    Component,
    FactKind,
    Landing,
    Recount,
    Storno,
    StornoWindow,
    TakeBack,
    Takes,
    TakesByFormula,
    TakesBySteps,
    TakesInProportion,
    TakesPart,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.nouns import fact_words
from premia_plan.checking.original_bands import read_recount
from premia_plan.checking.unknown import for_no_order, unknown_component, unknown_state
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.elapsed import Elapsed
from premia_plan.language import Words, suggested
from premia_plan.quantities import Quantity, Unit, quantity

LAST_CUT_OFF = 27
"""The last day up to which a month can take reversals before the next one does."""


def read_storno(
    clause: Clause,
    components: Mapping[str, Component],
    words: Vocabulary,
) -> Storno:
    """Read when and how pay is taken back, by one rule or by several.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    named = clause.optional("rules")
    if named is None:
        return _read_rule("", clause, components, words)
    rules = [_read_rule(name, part, components, words) for name, part in named.parts().items()]
    for name in components:
        effects = [rule.effect[name] for rule in rules if name in rule.effect]
        if not effects:
            hint = Words(
                f"Name {name} under effect of one of the rules",
                f"Indica {name} in effect di una delle regole",
            )
            named.error("storno.missing", _no_effect(name), hint)
        elif len({_base_of(effect) for effect in effects}) > 1:
            message = Words(
                f"the rules take {name} back out of different things",
                f"le regole stornano {name} da basi diverse",
            )
            hint = Words(
                "Let all count it again alike, or take out of earned, or out of released or paid",
                "Tutte ricalcolino allo stesso modo, o stornino da earned, o da released o paid",
            )
            named.error("storno.mixed", message, hint)
    return replace(rules[0], further=tuple(rules[1:]))


def _no_effect(name: str) -> Words:
    return Words(
        f"nothing says what a storno does to {name}", f"nulla dice che cosa fa uno storno a {name}"
    )


def _base_of(effect: TakeBack | Recount) -> str:
    if isinstance(effect, Recount):
        return "counted again in place" if effect.at_original_bands else "counted again"
    return "earned" if effect.out_of == "earned" else "released"


def _read_rule(
    name: str, clause: Clause, components: Mapping[str, Component], words: Vocabulary
) -> Storno:
    of = cast("FactKind", clause.word("of", "order"))
    if of != "order" and of not in words.credited:
        message = Words(
            f"no credits are made from a {of}", f"nessun credito nasce da {fact_words(of).it}"
        )
        raise clause.part("of").refuse(
            "fact.unknown",
            message,
            Words(f"Credit each {of} with from: {of}", f"Accredita con from: {of}"),
        )
    in_time = words.order_in_time if of == "order" else words.fact_in_time(of)
    turned = words.reversal_of(of)
    when = clause.part("when").formula(in_time, Unit.BOOL)
    void_when, undecided = clause.optional("void_when"), clause.optional("undecided_when")
    reinstated, recorded = clause.optional("reinstated_when"), clause.optional("recorded_when")
    within = clause.optional("within")
    window = None if within is None else _read_window(within, words, of)
    effect = _read_effects(clause.part("effect"), components, words, of, is_whole=not name)
    if_void = clause.optional("if_void")
    chosen = _read_void(if_void, effect) if if_void is not None else {}
    restarts = clause.optional("window_after_reinstatement")
    if restarts is not None and (reinstated is None or within is None):
        hint = Words(
            "Add within: and reinstated_when:, or leave it out",
            "Aggiungi within: e reinstated_when:, o toglilo",
        )
        restarts.error(
            "storno.no_window",
            Words(
                "there is no window that could restart", "non c'è una finestra che possa ripartire"
            ),
            hint,
        )
    days = window if isinstance(window, _Days) else None
    return Storno(
        when,
        None if days is None else days.number,
        None if days is None else days.after,
        None if void_when is None else void_when.formula(turned, Unit.BOOL),
        effect,
        {
            key: chosen.get(key, "keep" if isinstance(item, Recount) else "release the rest")
            for key, item in effect.items()
        },
        clause.path,
        lands_after=_months_after(clause.word("lands_in")),
        undecided_when=None if undecided is None else undecided.formula(turned, Unit.BOOL),
        reinstated_when=None if reinstated is None else reinstated.formula(in_time, Unit.BOOL),
        window_restarts=restarts is not None and restarts.text == "restarts",
        window=window if isinstance(window, StornoWindow) else None,
        landing=_landing(clause.part("lands_in")),
        recorded_when=None if recorded is None else recorded.formula(turned, Unit.BOOL),
        name=name,
        of=of,
    )


def _months_after(text: str) -> int:
    return int(text.split(" ", 1)[0]) if text.endswith("months after the event") else 0


def _landing(clause: Clause) -> Landing | None:
    """Return where a reversal lands, None for so many months after its event."""
    text = clause.text
    last = text.rpartition(" ")[2]
    if text.endswith("days after the event"):
        return Landing(days=int(text.split(" ", 1)[0]))
    if text.startswith("close of the"):
        return Landing(close_of=cast("Literal['quarter', 'half', 'year']", last))
    if "up to day" not in text:
        return None
    if int(last) > LAST_CUT_OFF:
        message = Words(
            f"not every month has a day after {LAST_CUT_OFF}",
            f"non ogni mese ha un giorno dopo il {LAST_CUT_OFF}",
        )
        raise clause.refuse(
            "value.not_possible",
            message,
            Words(f"Write a day up to {LAST_CUT_OFF}", f"Scrivi un giorno fino al {LAST_CUT_OFF}"),
        )
    return Landing(up_to=int(last))


@dataclass(frozen=True, slots=True)
class _Days:
    """A window of so many days as written."""

    number: int
    after: str


def _read_window(clause: Clause, words: Vocabulary, of: FactKind) -> "StornoWindow | _Days":
    after, days = _state(clause.part("after"), words, of), clause.optional("days")
    if days is not None and days.text.isdigit():
        return _Days(days.whole_number(), after)
    if days is not None:
        return StornoWindow(days.formula(words.order, Unit.COUNT, Unit.DAYS), "days", after)
    months = clause.part("months").formula(words.order, Unit.COUNT, Unit.MONTHS)
    return StornoWindow(months, "months", after)


def _state(clause: Clause, words: Vocabulary, of: FactKind) -> str:
    known = words.states if of == "order" else words.states | words.facts[of].states
    if clause.text not in known:
        message = unknown_state(clause.text)
        raise clause.refuse("state.unknown", message, suggested(clause.text, known))
    return clause.text


def _read_effects(
    clause: Clause,
    components: Mapping[str, Component],
    words: Vocabulary,
    of: FactKind,
    *,
    is_whole: bool,
) -> dict[str, TakeBack | Recount]:
    effects: dict[str, TakeBack | Recount] = {}
    for name in components:
        if is_whole and clause.optional(name) is None:
            shown = f"{name}: {_usual_effect(components[name])}"
            add = Words(f"Add {shown}", f"Aggiungi {shown}")
            clause.error("storno.missing", _no_effect(name), add)
    for name, effect in clause.parts().items():
        if name not in components:
            hint = suggested(name, components)
            effect.error("name.unknown", unknown_component(name), hint)
        elif effect.optional("recount") is None:
            effects[name] = _read_take_back(effect, components[name], words, of)
        elif _reads_a_period(components[name], words):
            effects[name] = read_recount(effect)
        else:
            hint = Words(
                "Use {takes: 100 %, out_of: released, unreleased: dropped}",
                "Usa {takes: 100 %, out_of: released, unreleased: dropped}",
            )
            effect.error(
                "storno.no_month",
                Words(f"{name} has no month to recount", f"{name} non ha un mese da ricalcolare"),
                hint,
            )
    return effects


def _reads_a_period(component: Component, words: Vocabulary) -> bool:
    """Say whether what a component pays rests on a period, and not on an order alone."""
    if isinstance(component, CellComponent):
        return True
    names = {name for formula in component.formulas for name in formula.names}
    own = ("credit.", "payee.", "period.", *FACT_WORDS)
    return any(
        not words.figures.is_of_credits(name) if name in words.tables else not name.startswith(own)
        for name in names
    )


def _usual_effect(component: Component) -> str:
    """Return what a storno mostly does to a component, as one writes it."""
    if isinstance(component, CellComponent) and component.spread is None:
        return "{recount: the measured month}"
    return "{takes: 100 %, out_of: released, unreleased: dropped}"


def _read_take_back(
    clause: Clause, component: Component, words: Vocabulary, of: FactKind
) -> TakeBack:
    if isinstance(component, CellComponent) and component.spread is None:
        hint = Words("Use {recount: the measured month}", "Usa {recount: the measured month}")
        raise clause.refuse("storno.no_order", for_no_order(component.name), hint)
    return TakeBack(
        _read_takes(clause.part("takes"), words, of),
        cast("Literal['earned', 'released', 'paid']", clause.word("out_of")),
        cast("Literal['dropped', 'kept', 'reduced']", clause.word("unreleased")),
        clause.path,
    )


def _read_takes(clause: Clause, words: Vocabulary, of: FactKind) -> Takes:
    formula, steps = clause.optional("formula"), clause.optional("steps")
    if clause.text:
        return TakesPart(_part(clause).value)
    if formula is not None:
        return TakesByFormula(formula.formula(words.reversal_of(of), Unit.RATE))
    elapsed = cast("Elapsed", clause.word("elapsed"))
    since = _state(clause.part("since"), words, of)
    if steps is not None:
        return TakesBySteps(elapsed, since, _read_steps(steps))
    term = clause.part("in_proportion_to")
    units = (Unit.COUNT, Unit.DAYS if elapsed == "days" else Unit.MONTHS)
    is_yearly = clause.optional("each") is not None
    return TakesInProportion(elapsed, since, term.formula(words.order, *units), is_yearly)


def _read_steps(clause: Clause) -> tuple[tuple[int, Fraction], ...]:
    read: list[tuple[int, Fraction]] = []
    for entry in clause.entries():
        within = entry.part("within").whole_number()
        if read and within <= read[-1][0]:
            hint = Words(
                "Write the steps from the shortest time to the longest",
                "Scrivi i passi dal tempo più breve al più lungo",
            )
            entry.error(
                "storno.steps_not_rising",
                Words(
                    "the step ends before the one above it",
                    "il passo finisce prima di quello sopra",
                ),
                hint,
            )
        read.append((within, _part(entry.part("takes")).value))
    return tuple(read)


def _part(clause: Clause) -> Quantity:
    found = quantity(clause.text)
    if found.value > 1:
        hint = Words(
            "Never more than what was released can be taken back",
            "Non si può mai stornare più di quanto è stato rilasciato",
        )
        raise clause.refuse(
            "storno.too_much",
            Words(f"{clause.text} is more than all", f"{clause.text} è più dell'intero"),
            hint,
        )
    return found


def _read_void(
    clause: Clause, effect: Mapping[str, TakeBack | Recount]
) -> dict[str, Literal["release the rest", "keep"]]:
    chosen: dict[str, Literal["release the rest", "keep"]] = {}
    for name, outcome in clause.parts().items():
        if name not in effect:
            hint = suggested(name, effect)
            outcome.error(
                "name.unknown",
                Words(f"no storno of {name} is known", f"nessuno storno di {name} è noto"),
                hint,
            )
        elif (outcome.text == "keep") is not isinstance(effect[name], Recount):
            hint = Words(
                "A recounted component is kept; of the others the rest is released",
                "Un componente ricalcolato resta (keep); degli altri si rilascia il resto",
            )
            outcome.error(
                "storno.void_unfit",
                Words(
                    f"{outcome.text!r} does not fit {name}",
                    f"{outcome.text!r} non è adatto a {name}",
                ),
                hint,
            )
        else:
            chosen[name] = cast("Literal['release the rest', 'keep']", outcome.text)
    return chosen
