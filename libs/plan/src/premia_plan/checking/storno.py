"""The storno read from its clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    FACT_WORDS,
    CellComponent,
    Component,
    Recount,
    Storno,
    TakeBack,
    Takes,
    TakesByFormula,
    TakesBySteps,
    TakesInProportion,
    TakesPart,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.elapsed import Elapsed
from premia_plan.language import suggestion
from premia_plan.quantities import Quantity, Unit, quantity


def read_storno(
    clause: Clause,
    components: Mapping[str, Component],
    words: Vocabulary,
) -> Storno:
    """Read when and how pay is taken back.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    when = clause.part("when").formula(words.order_in_time, Unit.BOOL)
    void_when, undecided = clause.optional("void_when"), clause.optional("undecided_when")
    reinstated = clause.optional("reinstated_when")
    days, after = _read_window(clause.optional("within"), words)
    effect = _read_effects(clause.part("effect"), components, words)
    if_void = clause.optional("if_void")
    chosen = _read_void(if_void, effect) if if_void is not None else {}
    restarts = clause.optional("window_after_reinstatement")
    if restarts is not None and (reinstated is None or days is None):
        hint = "Add within: and reinstated_when:, or leave it out"
        restarts.error("storno.no_window", "there is no window that could restart", hint)
    return Storno(
        when,
        days,
        after,
        None if void_when is None else void_when.formula(words.reversal, Unit.BOOL),
        effect,
        {
            name: chosen.get(name, "keep" if isinstance(item, Recount) else "release the rest")
            for name, item in effect.items()
        },
        clause.path,
        lands_after=_months_after(clause.word("lands_in")),
        undecided_when=None if undecided is None else undecided.formula(words.reversal, Unit.BOOL),
        reinstated_when=(
            None if reinstated is None else reinstated.formula(words.order_in_time, Unit.BOOL)
        ),
        window_restarts=restarts is not None and restarts.text == "restarts",
    )


def _months_after(text: str) -> int:
    first = text.split(" ", 1)[0]
    return int(first) if first.isdigit() else 0


def _read_window(clause: Clause | None, words: Vocabulary) -> tuple[int | None, str | None]:
    if clause is None:
        return None, None
    return clause.part("days").whole_number(), _state(clause.part("after"), words)


def _state(clause: Clause, words: Vocabulary) -> str:
    if clause.text not in words.states:
        message = f"the state {clause.text} is not known here"
        raise clause.refuse("state.unknown", message, suggestion(clause.text, words.states))
    return clause.text


def _read_effects(
    clause: Clause,
    components: Mapping[str, Component],
    words: Vocabulary,
) -> dict[str, TakeBack | Recount]:
    effects: dict[str, TakeBack | Recount] = {}
    for name in components:
        if clause.optional(name) is None:
            hint = f"Add {name}: {{takes: 100 %, out_of: released, unreleased: dropped}}"
            clause.error("storno.missing", f"nothing says what a storno does to {name}", hint)
    for name, effect in clause.parts().items():
        if name not in components:
            hint = suggestion(name, components)
            effect.error("name.unknown", f"the component {name} is not known", hint)
        elif effect.optional("recount") is None:
            effects[name] = _read_take_back(effect, components[name], words)
        elif _reads_a_period(components[name], words):
            effects[name] = Recount(effect.path)
        else:
            hint = "Use {takes: 100 %, out_of: released, unreleased: dropped}"
            effect.error("storno.no_month", f"{name} has no month to recount", hint)
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


def _read_take_back(clause: Clause, component: Component, words: Vocabulary) -> TakeBack:
    if isinstance(component, CellComponent) and component.spread is None:
        hint = "Use {recount: the measured month}"
        raise clause.refuse("storno.no_order", f"{component.name} is paid for no order", hint)
    return TakeBack(
        _read_takes(clause.part("takes"), words),
        cast("Literal['earned', 'released', 'paid']", clause.word("out_of")),
        cast("Literal['dropped', 'kept', 'reduced']", clause.word("unreleased")),
        clause.path,
    )


def _read_takes(clause: Clause, words: Vocabulary) -> Takes:
    formula, steps = clause.optional("formula"), clause.optional("steps")
    if clause.text:
        return TakesPart(_part(clause).value)
    if formula is not None:
        return TakesByFormula(formula.formula(words.reversal, Unit.RATE))
    elapsed = cast("Elapsed", clause.word("elapsed"))
    since = _state(clause.part("since"), words)
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
            hint = "Write the steps from the shortest time to the longest"
            entry.error("storno.steps_not_rising", "the step ends before the one above it", hint)
        read.append((within, _part(entry.part("takes")).value))
    return tuple(read)


def _part(clause: Clause) -> Quantity:
    found = quantity(clause.text)
    if found.value > 1:
        hint = "Never more than what was released can be taken back"
        raise clause.refuse("storno.too_much", f"{clause.text} is more than all", hint)
    return found


def _read_void(
    clause: Clause, effect: Mapping[str, TakeBack | Recount]
) -> dict[str, Literal["release the rest", "keep"]]:
    chosen: dict[str, Literal["release the rest", "keep"]] = {}
    for name, outcome in clause.parts().items():
        if name not in effect:
            hint = suggestion(name, effect)
            outcome.error("name.unknown", f"no storno of {name} is known", hint)
        elif (outcome.text == "keep") is not isinstance(effect[name], Recount):
            hint = "A recounted component is kept; of the others the rest is released"
            outcome.error("storno.void_unfit", f"{outcome.text!r} does not fit {name}", hint)
        else:
            chosen[name] = cast("Literal['release the rest', 'keep']", outcome.text)
    return chosen
