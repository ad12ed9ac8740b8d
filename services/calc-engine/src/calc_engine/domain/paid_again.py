"""Whether a plan takes back whole what a payment that bounced earned, so that it can earn again."""

from collections.abc import Mapping

from premia_plan.checked import (
    CheckedPlan,
    CreditComponent,
    CreditRule,
    DirectCredit,
    Recount,
    Storno,
    SummedMeasure,
    TakeBack,
    TakesPart,
)


def undoes_payments(plan: CheckedPlan) -> bool:
    """Say whether whatever payments earn is taken back whole, on whatever day they are reversed.

    Only then does a bill that is paid again earn again. Where figures count payments, or payments
    release what orders earned, or the rule has conditions, a window or a part, what is left with
    the payee would be earned twice.
    """
    rules = () if plan.storno is None else plan.storno.rules
    rule = next((each for each in rules if each.of == "payment"), None)
    paid = {name for name, each in plan.credits.items() if _is_of_payments(each, plan.credits)}
    counted = {each.of for each in plan.measures.values() if isinstance(each, SummedMeasure)}
    earning = {
        name
        for name, each in plan.components.items()
        if isinstance(each, CreditComponent) and each.of in paid
    }
    return (
        rule is not None
        and _is_unconditional(rule)
        and counted.isdisjoint(paid)
        and not any(_is_limited(plan.credits[name]) for name in paid)
        and not any(
            share.by_fact is not None and share.by_fact.kind == "payment"
            for shares in plan.release.values()
            for share in shares
        )
        and all(_is_whole(rule.effect.get(name)) for name in earning)
    )


def _is_of_payments(credit: CreditRule, credits_: Mapping[str, CreditRule]) -> bool:
    while not isinstance(credit, DirectCredit):
        credit = credits_[credit.of]
    return credit.source == "payment"


def _is_limited(credit: CreditRule) -> bool:
    """Say whether what is credited for one payment rests on those before it."""
    return isinstance(credit, DirectCredit) and (credit.first is not None or credit.cap is not None)


def _is_unconditional(rule: Storno) -> bool:
    conditions = (rule.void_when, rule.undecided_when, rule.reinstated_when, rule.recorded_when)
    return all(each is None for each in (*conditions, rule.days, rule.window))


def _is_whole(effect: TakeBack | Recount | None) -> bool:
    return (
        isinstance(effect, TakeBack)
        and isinstance(effect.takes, TakesPart)
        and effect.takes.ratio == 1
        and effect.unreleased == "dropped"
        and effect.out_of != "paid"
    )
