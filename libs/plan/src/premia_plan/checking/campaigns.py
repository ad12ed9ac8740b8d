"""Campaigns read from their clauses."""

from collections.abc import Mapping
from itertools import combinations
from typing import Literal, cast

from premia_plan.checked import (
    Budget,
    Campaign,
    Component,
    CreditComponent,
    CreditRule,
    DirectCredit,
    FactKind,
    OverlayCredit,
    RollupCredit,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import END_IS_OUT
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit


def read_campaigns(
    clauses: Mapping[str, Clause],
    components: Mapping[str, Component],
    rules: Mapping[str, CreditRule],
    words: Vocabulary,
) -> dict[str, Campaign]:
    """Read the campaigns and note those of which no one comes first."""
    found: dict[str, Campaign] = {}
    for name, clause in clauses.items():
        with clause.report.section():
            found[name] = _read(name, clause, components, rules, words)
    for one, other in combinations(found.values(), 2):
        at = clauses[other.name]
        if one.component == other.component:
            hint = Words(
                "Give each campaign a component of its own",
                "Dai a ogni campagna un componente proprio",
            )
            message = Words(
                f"{one.name} and {other.name} both pay {one.component}",
                f"{one.name} e {other.name} pagano entrambe {one.component}",
            )
            at.part("component").error("campaign.component_twice", message, hint)
        elif _meet(one, other) and one.precedence == other.precedence:
            hint = Words(
                "Give each another precedence; 1 comes first",
                "Dai a ciascuna una precedenza diversa; 1 viene prima",
            )
            message = Words(
                f"{one.name} and {other.name} have the same precedence",
                f"{one.name} e {other.name} hanno la stessa precedenza",
            )
            case = Words(
                f"an order of {max(one.starts, other.starts)} to which both apply",
                f"un ordine del {max(one.starts, other.starts)} a cui si applicano entrambe",
            )
            at.error("campaign.equal_precedence", message, hint, case)
    return found


def _meet(one: Campaign, other: Campaign) -> bool:
    """Say whether two campaigns can stand against the same component at once."""
    at_once = one.starts < other.ends and other.starts < one.ends
    return at_once and bool({*one.against} & {*other.against})


def _read(
    name: str,
    clause: Clause,
    components: Mapping[str, Component],
    rules: Mapping[str, CreditRule],
    words: Vocabulary,
) -> Campaign:
    component = _credit_component(clause.part("component"), components)
    names = words.fact(_source(component.of, rules))
    starts, ends = clause.part("from").day(), clause.part("to").day()
    if ends <= starts:
        raise clause.refuse(
            "campaign.empty",
            Words("the campaign ends before it starts", "la campagna finisce prima di cominciare"),
            END_IS_OUT,
        )
    where = clause.optional("where")
    return Campaign(
        name,
        starts,
        ends,
        clause.part("by").formula(names, Unit.DATE),
        None if where is None else where.formula(names, Unit.BOOL),
        component.name,
        cast("Literal['adds to', 'replaces', 'best of']", clause.word("relation")),
        _against(clause.optional("with"), component, components),
        int(clause.word("precedence", "1")),
        _budget(clause, words.currency),
        clause.path,
    )


def _credit_component(clause: Clause, components: Mapping[str, Component]) -> CreditComponent:
    fitting = {name: item for name, item in components.items() if isinstance(item, CreditComponent)}
    if clause.text not in fitting:
        message = Words(
            f"{clause.text} is no component that pays on credits",
            f"{clause.text} non è un componente che paga sui crediti",
        )
        raise clause.refuse("name.unknown", message, suggested(clause.text, fitting))
    return fitting[clause.text]


def _source(credit: str, rules: Mapping[str, CreditRule]) -> FactKind:
    rule = rules[credit]
    match rule:
        case DirectCredit():
            return rule.source
        case OverlayCredit() | RollupCredit():
            return _source(rule.of, rules)


def _against(
    clause: Clause | None, component: CreditComponent, components: Mapping[str, Component]
) -> tuple[str, ...]:
    if clause is None:
        return ()
    others = [
        name
        for name, item in components.items()
        if isinstance(item, CreditComponent) and item.of == component.of and item != component
    ]
    if clause.text == "all":
        return tuple(others)
    if clause.text not in others:
        message = Words(
            f"{clause.text} is not paid on the credits of {component.of}",
            f"{clause.text} non si paga sui crediti di {component.of}",
        )
        raise clause.refuse("campaign.other_credit", message, suggested(clause.text, others))
    return (clause.text,)


def _budget(clause: Clause, currency: str) -> Budget | None:
    amount, spent = clause.optional("budget"), clause.optional("when_spent")
    if amount is None:
        if spent is not None:
            hint = Words(
                "Add budget: with an amount, or leave when_spent out",
                "Aggiungi budget: con un importo, o togli when_spent",
            )
            raise spent.refuse(
                "campaign.no_budget",
                Words("there is no budget to spend", "non c'è alcun budget da spendere"),
                hint,
            )
        return None
    if spent is None:
        hint = Words(
            "Add when_spent: stop before, stop after, or cut",
            "Aggiungi when_spent: stop before, stop after o cut",
        )
        raise amount.refuse(
            "campaign.no_outcome",
            Words(
                "nothing says what ends the budget",
                "nulla dice che cosa accade quando il budget finisce",
            ),
            hint,
        )
    when = cast("Literal['stop before', 'stop after', 'cut']", spent.text)
    return Budget(amount.amount(Unit.MONEY, currency).value, when)
