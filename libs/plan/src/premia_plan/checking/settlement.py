"""Release and storno read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    CellComponent,
    Component,
    Recount,
    ReleaseShare,
    Storno,
    TakeBack,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import Unit, quantity

CLOSE = "close of the measured month"


def read_release(
    clause: Clause, components: Mapping[str, Component], words: Vocabulary
) -> dict[str, tuple[ReleaseShare, ...]]:
    """Read when each component is paid, noting components that never would be."""
    schedules = clause.parts()
    read: dict[str, tuple[ReleaseShare, ...]] = {}
    for name, schedule in schedules.items():
        if name not in components:
            hint = suggestion(name, components)
            schedule.error("name.unknown", f"the component {name} is not known", hint)
    for name, component in components.items():
        if name not in schedules:
            hint = f"Add {name}: [{{share: rest, at: …}}] or {name}: {{like: …}}"
            clause.error("release.missing", f"nothing says when {name} is paid", hint)
            continue
        with clause.report.section():
            schedule = _follow(name, schedules)
            read[name] = _read_schedule(schedule, component, words)
    return read


def _follow(name: str, schedules: Mapping[str, Clause]) -> Clause:
    """Return the schedule that `like` leads to."""
    passed = [name]
    while (like := schedules[passed[-1]].optional("like")) is not None:
        if like.text in passed:
            message = f"{' → '.join([*passed, like.text])} are like each other"
            raise like.refuse("release.cyclic", message, "Write one of them out")
        if like.text not in schedules:
            message = f"there is no release of {like.text}"
            raise like.refuse("name.unknown", message, suggestion(like.text, schedules))
        passed.append(like.text)
    return schedules[passed[-1]]


def _read_schedule(
    clause: Clause, component: Component, words: Vocabulary
) -> tuple[ReleaseShare, ...]:
    entries = clause.entries()
    shares = tuple(_read_share(entry, component, words) for entry in entries)
    if shares[-1].ratio is not None or any(share.ratio is None for share in shares[:-1]):
        hint = "Let the last share, and only it, be `share: rest`"
        raise clause.refuse("release.no_rest", "the last share must take what is left", hint)
    fixed = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
    if fixed >= 1:
        hint = "Let the shares before the last stay below 100 %"
        raise clause.refuse("release.too_much", "nothing is left for the last share", hint)
    return shares


def _read_share(clause: Clause, component: Component, words: Vocabulary) -> ReleaseShare:
    text, at = clause.word("share"), clause.part("at")
    ratio = None if text == "rest" else quantity(text).value
    if at.text == CLOSE and isinstance(component, CellComponent):
        return ReleaseShare(ratio, None, clause.path)
    by_state = not isinstance(component, CellComponent) or component.spread is not None
    states = words.states if by_state else frozenset[str]()
    if at.text not in states:
        choices = [*states, *([CLOSE] if isinstance(component, CellComponent) else [])]
        message = f"{at.text} is no moment at which {component.name} can be paid"
        raise at.refuse("state.unknown", message, suggestion(at.text, choices))
    return ReleaseShare(ratio, at.text, clause.path)


def read_storno(
    clause: Clause,
    components: Mapping[str, Component],
    release: Mapping[str, tuple[ReleaseShare, ...]],
    words: Vocabulary,
) -> Storno:
    """Read when and how pay is taken back.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    when = clause.part("when").formula(words.order_in_time, Unit.BOOL)
    void_when = clause.optional("void_when")
    days, after = _read_window(clause.optional("within"), words)
    effect = _read_effects(clause.part("effect"), components, release)
    if_void = clause.optional("if_void")
    chosen = _read_void(if_void, effect) if if_void is not None else {}
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
    )


def _read_window(clause: Clause | None, words: Vocabulary) -> tuple[int | None, str | None]:
    if clause is None:
        return None, None
    after = clause.part("after")
    if after.text not in words.states:
        message = f"the state {after.text} is not known here"
        raise after.refuse("state.unknown", message, suggestion(after.text, words.states))
    return clause.part("days").whole_number(), after.text


def _read_effects(
    clause: Clause,
    components: Mapping[str, Component],
    release: Mapping[str, tuple[ReleaseShare, ...]],
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
            effects[name] = _read_take_back(effect, components[name])
        elif isinstance(components[name], CellComponent):
            if any(share.state is not None for share in release.get(name, ())):
                hint = f"Release {name} wholly at: {CLOSE}"
                effect.error("storno.recount_open", "only what a close paid is recounted", hint)
            effects[name] = Recount(effect.path)
        else:
            hint = "Use {takes: 100 %, out_of: released, unreleased: dropped}"
            effect.error("storno.no_month", f"{name} has no month to recount", hint)
    return effects


def _read_take_back(clause: Clause, component: Component) -> TakeBack:
    if isinstance(component, CellComponent) and component.spread is None:
        hint = "Use {recount: the measured month}"
        raise clause.refuse("storno.no_order", f"{component.name} is paid for no order", hint)
    ratio = quantity(clause.word("takes")).value
    if ratio > 1:
        hint = "Never more than what was released can be taken back"
        raise clause.refuse("storno.too_much", f"{clause.word('takes')} is more than all", hint)
    return TakeBack(ratio, clause.path)


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
