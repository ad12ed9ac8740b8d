"""Release schedules read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    AtClose,
    AtState,
    CellComponent,
    Component,
    FactKind,
    Instalments,
    Later,
    Moment,
    OnDay,
    PartByFact,
    Proviso,
    ReleaseShare,
    prefix_of,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.nouns import fact_words
from premia_plan.checking.surplus import check_released_whole
from premia_plan.checking.unknown import for_no_order, like_each_other, unknown_component
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Names, Words, read_formula, suggested
from premia_plan.quantities import Unit, quantity

CLOSE = "close of the measured month"
_LAST = "last"
_AT_CLOSE = Words(
    f"Use at: {CLOSE}, or so many months after it", f"Usa at: {CLOSE}, o alcuni mesi dopo"
)


def read_release(
    clause: Clause,
    components: Mapping[str, Component],
    kinds: Mapping[str, FactKind],
    words: Vocabulary,
) -> dict[str, tuple[ReleaseShare, ...]]:
    """Read when each component is paid, noting components that never would be.

    `kinds` are the kinds of facts that the components pay for.
    """
    schedules = clause.parts()
    read: dict[str, tuple[ReleaseShare, ...]] = {}
    for name, schedule in schedules.items():
        if name not in components:
            hint = suggested(name, components)
            schedule.error("name.unknown", unknown_component(name), hint)
    for name, component in components.items():
        if name not in schedules:
            forms = f"{name}: [{{share: rest, at: …}}]", f"{name}: {{like: …}}"
            add = Words(f"Add {' or '.join(forms)}", f"Aggiungi {' o '.join(forms)}")
            message = Words(
                f"nothing says when {name} is paid", f"nulla dice quando si paga {name}"
            )
            clause.error("release.missing", message, add)
            continue
        with clause.report.section():
            schedule = _follow(name, schedules)
            read[name] = _read_schedule(schedule, component, kinds[name], words)
            check_released_whole(schedule, component, read[name])
    return read


def _follow(name: str, schedules: Mapping[str, Clause]) -> Clause:
    """Return the schedule that `like` leads to."""
    passed = [name]
    while (like := schedules[passed[-1]].optional("like")) is not None:
        if like.text in passed:
            raise like.refuse("release.cyclic", *like_each_other(passed, like.text))
        if like.text not in schedules:
            message = Words(
                f"there is no release of {like.text}", f"non c'è un rilascio di {like.text}"
            )
            raise like.refuse("name.unknown", message, suggested(like.text, schedules))
        passed.append(like.text)
    return schedules[passed[-1]]


def _read_schedule(
    clause: Clause, component: Component, kind: FactKind, words: Vocabulary
) -> tuple[ReleaseShare, ...]:
    entries = clause.entries()
    shares = tuple(_read_share(entry, component, kind, words) for entry in entries)
    if shares[-1].ratio is not None or any(share.ratio is None for share in shares[:-1]):
        message = Words(
            "the last share must take what is left", "l'ultima quota deve prendere ciò che resta"
        )
        hint = Words(
            "Let the last share, and only it, be `share: rest`",
            "L'ultima quota, e solo lei, sia `share: rest`",
        )
        raise clause.refuse("release.no_rest", message, hint)
    fixed = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
    if fixed >= 1:
        message = Words("nothing is left for the last share", "all'ultima quota non resta nulla")
        hint = Words(
            "Let the shares before the last stay below 100 %",
            "Le quote prima dell'ultima restino sotto il 100 %",
        )
        raise clause.refuse("release.too_much", message, hint)
    return shares


def _read_share(
    clause: Clause, component: Component, kind: FactKind, words: Vocabulary
) -> ReleaseShare:
    text = clause.word("share")
    ratio = None if text == "rest" else _ratio(text)
    each = clause.part("at").optional("each")
    by_fact = None if each is None else _read_by_fact(clause, each, component, words)
    at = _read_moment(clause.part("at"), component, words) if by_fact is None else OnDay(by_fact.on)
    proviso = _read_proviso(clause, component, kind, words)
    return ReleaseShare(ratio, at, clause.path, _read_instalments(clause), proviso, by_fact)


def _read_by_fact(
    clause: Clause, each: Clause, component: Component, words: Vocabulary
) -> PartByFact:
    """Read which part of a share each fact of a kind releases.

    Raises:
        ClauseRefused: after noting that there are no such facts of what is paid.
    """
    if not _has_orders(component):
        raise each.refuse("release.no_order", for_no_order(component.name), _AT_CLOSE)
    kind, at = cast("FactKind", each.text), clause.part("at")
    instalments = clause.optional("instalments")
    if instalments is not None:
        message = Words(
            f"each {kind} releases its part at once",
            f"{fact_words(kind).it} rilascia la sua parte in una volta",
        )
        raise instalments.refuse(
            "release.two_schedules", message, Words("Leave the instalments out", "Togli le rate")
        )
    names, on = words.fact_in_time(kind), at.optional("due")
    day = f"{prefix_of(kind)}day"
    return PartByFact(
        kind,
        at.part("part").formula(names, Unit.RATE),
        read_formula(day, each.path, names) if on is None else on.formula(names, Unit.DATE),
        at.path,
    )


def _ratio(text: str) -> Fraction:
    return Fraction(text) if "/" in text else quantity(text).value


def _read_moment(clause: Clause, component: Component, words: Vocabulary) -> Moment:
    on, after = clause.optional("date"), clause.optional("after")
    if on is not None:
        if not _has_orders(component):
            raise on.refuse("release.no_order", for_no_order(component.name), _AT_CLOSE)
        return OnDay(on.formula(words.released, Unit.DATE))
    if after is None:
        return _read_base(clause, component, words)
    days = clause.optional("days")
    number = clause.part("months") if days is None else days
    names = words.released if _has_orders(component) else Names({}, currency=words.currency)
    day = clause.word("day")
    return Later(
        number.formula(names, Unit.COUNT, Unit.MONTHS if days is None else Unit.DAYS),
        "months" if days is None else "days",
        _read_base(after, component, words),
        None if not day else 31 if day == _LAST else int(day),
    )


def _read_base(clause: Clause, component: Component, words: Vocabulary) -> AtState | AtClose:
    has_close = isinstance(component, CellComponent)
    if clause.text == CLOSE and has_close:
        return AtClose()
    states = words.with_own_states if _has_orders(component) else frozenset[str]()
    if clause.text not in states:
        choices = [*states, *([CLOSE] if has_close else [])]
        message = Words(
            f"{clause.text} is no moment at which {component.name} can be paid",
            f"{clause.text} non è un momento in cui {component.name} possa essere pagato",
        )
        raise clause.refuse("state.unknown", message, suggested(clause.text, choices))
    return AtState(clause.text)


def _has_orders(component: Component) -> bool:
    return not isinstance(component, CellComponent) or component.spread is not None


def _read_instalments(clause: Clause) -> Instalments | None:
    found = clause.optional("instalments")
    if found is None:
        return None
    every = cast("Literal['month', 'quarter', 'year']", found.word("every"))
    return Instalments(found.part("count").whole_number(), every)


def _read_proviso(
    clause: Clause, component: Component, kind: FactKind, words: Vocabulary
) -> Proviso | None:
    """Read while what a share is paid; it may ask of the fact that is paid for, and of its order.

    Raises:
        ClauseRefused: after noting that there is no order to ask.
    """
    condition, otherwise = clause.optional("while"), clause.optional("otherwise")
    if condition is None:
        if otherwise is not None:
            hint = Words(
                "Add while: with the condition, or leave otherwise out",
                "Aggiungi while: con la condizione, o togli otherwise",
            )
            otherwise.error(
                "release.no_condition",
                Words(
                    "there is no condition to fail", "non c'è una condizione che possa venir meno"
                ),
                hint,
            )
        return None
    if not _has_orders(component):
        hint = Words("Use a gate among its steps", "Usa un gate tra i suoi passi")
        raise condition.refuse("release.no_order", for_no_order(component.name), hint)
    return Proviso(
        condition.formula(words.fact_in_time(kind), Unit.BOOL),
        "held" if clause.word("otherwise") == "held" else "dropped",
    )
