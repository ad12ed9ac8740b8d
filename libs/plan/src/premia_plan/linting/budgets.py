"""Budgets of campaigns that are used up by orders on which nothing is ever paid."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from premia_plan.checked import Campaign, CheckedPlan, CreditComponent, Example, GateStep
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.outcome import outcome
from premia_plan.linting.remark import Remark
from premia_plan.relations import Relations


def budgets(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield each budget that an order uses when it is made, whatever becomes of it."""
    for campaign in plan.campaigns.values():
        if campaign.budget is not None and not _asks_for_a_state(plan, campaign):
            yield Remark(
                "budget",
                f"{campaign.path}/budget",
                Words(
                    f"an order uses the budget of {campaign.name} when it is made, also if nothing "
                    "is ever paid on it; a reversal gives nothing back",
                    f"un ordine consuma il budget di {campaign.name} quando nasce, anche se poi "
                    "non si paga nulla; uno storno non restituisce nulla",
                ),
                Words(
                    "Keep it if the budget is meant for orders made, and not for orders paid",
                    "Va bene se il budget riguarda gli ordini fatti e non quelli pagati",
                ),
                _case(plan, campaign),
            )


def _asks_for_a_state(plan: CheckedPlan, campaign: Campaign) -> bool:
    """Say whether nothing is used of the budget before the order reaches a state."""
    component = plan.components[campaign.component]
    first = component.steps[0] if isinstance(component, CreditComponent) else None
    when = first.condition if isinstance(first, GateStep) and first.asked_first else None
    return any(item is not None and bool(item.states) for item in (campaign.where, when))


def _case(plan: CheckedPlan, campaign: Campaign) -> Words:
    """Return what an example pays if one order goes nowhere, and if there never was that order."""
    for example in plan.examples:
        for order in example.relations.orders:
            others = tuple(item for item in example.relations.orders if item != order)
            idle = replace(order, states=())
            with_it = replace(example.relations, orders=(*others, idle))
            without = replace(example.relations, orders=others)
            here, there = (_paid(plan, campaign, example, world) for world in (with_it, without))
            if here < there:
                pays, instead = (amount_text(each, plan.currency) for each in (here, there))
                return Words(
                    f"example {example.name!r} pays {pays} of {campaign.component} if order "
                    f"{order.order_id} never gets anywhere, and {instead} without that order",
                    f"l'esempio {example.name!r} paga {pays} di {campaign.component} se l'ordine "
                    f"{order.order_id} non va a buon fine, e {instead} senza quell'ordine",
                )
    return Words(
        f"an order of {campaign.starts} that is never activated leaves less to later ones",
        f"un ordine del {campaign.starts} mai attivato lascia meno a quelli successivi",
    )


def _paid(plan: CheckedPlan, campaign: Campaign, example: Example, world: Relations) -> Decimal:
    pay = outcome(plan, world, example.until).pay
    return sum(
        (amount for (_, name), amount in pay.items() if name == campaign.component), Decimal(0)
    )
