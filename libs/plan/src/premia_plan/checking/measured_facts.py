"""Measures of facts themselves: whose they are is said by the measure, and no credit rule is."""

from collections.abc import Mapping

from premia_plan.checked import (
    FACT_KINDS,
    Component,
    CreditComponent,
    CreditRule,
    DirectCredit,
    FactKind,
    Measure,
    Share,
    SummedMeasure,
    prefix_of,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.nouns import fact_words, not_known_of
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, read_formula, suggested


def credited_for(clause: Clause) -> str:
    """Return the name of what payees are credited with for a measure of facts.

    No credit rule of a plan can have it, because it has blanks.
    """
    return f"{clause.word('of')} of {clause.word('whose')}"


def measured_facts(clause: Clause, words: Vocabulary) -> DirectCredit:
    """Return the credit that a measure of facts counts: each fact whole, for whose it is.

    Raises:
        ClauseRefused: after noting that there are no such facts, or that nobody is named so.
    """
    of, whose = clause.part("of"), clause.part("whose")
    if of.text not in FACT_KINDS:
        message = Words(f"{of.text} is no kind of fact", f"{of.text} non è un tipo di fatto")
        known = suggested(of.text, FACT_KINDS)
        hint = Words(
            f"{known.en} Or leave `whose` out to measure a credit",
            f"{known.it} Oppure togli `whose` per misurare un credito",
        )
        raise of.refuse("measure.no_fact", message, hint)
    kind = of.text
    if not whose.text.startswith(("order.", prefix_of(kind))):
        hint = Words(
            f"Name a payee of the order or of the {kind}",
            f"Indica un beneficiario dell'ordine o di {fact_words(kind).it}",
        )
        raise whose.refuse("credit.other_fact", not_known_of(whose.text, kind), hint)
    amount = read_formula(f"{prefix_of(kind)}amount", of.path, words.fact(kind))
    share = Share(whose.text, None, None, whose.path)
    return DirectCredit(credited_for(clause), amount, (share,), clause.path, kind)


def paid_for(
    component: Component, rules: Mapping[str, CreditRule], measures: Mapping[str, Measure]
) -> FactKind:
    """Return the kind of fact whose pay a component is; orders where it is pay for none."""
    if isinstance(component, CreditComponent):
        return kind_of(rules[component.of], rules)
    measure = measures.get(component.spread or "")
    return kind_of(rules[measure.of], rules) if isinstance(measure, SummedMeasure) else "order"


def kind_of(rule: CreditRule, rules: Mapping[str, CreditRule]) -> FactKind:
    """Return the kind of fact that a credit is made from in the end."""
    while not isinstance(rule, DirectCredit):
        rule = rules[rule.of]
    return rule.source
