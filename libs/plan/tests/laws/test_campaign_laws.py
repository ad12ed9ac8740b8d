"""What must hold of a campaign beside another component, whatever the orders and its budget are."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate
from premia_plan.relations import OrderRow

from ..small_plans import checked  # noqa: TID252

UNTIL = Month.parse("2026-12")
PLAN = """
plan: campaigns
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}]}}
campaigns:
  spring: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on, component: spiff, relation: {relation}, with: base{budget}}}
components:
  base: {{per: credit of sale, amount: credit.amount * 3 %, steps: [{{round: cent, mode: half_up, each: line}}]}}
  spiff: {{per: credit of sale, when: order.amount > 500 EUR or order.amount < -500 EUR, amount: {amount}, steps: [{{round: cent, mode: half_up, each: line}}]}}
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: [{{share: rest, at: activated}}], spiff: {{like: base}}}}
examples:
  - name: one order
    given:
      payees: [{{id: A1, kind: agency}}]
      orders: [{{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {{activated: 2026-02-01}}}}]
    expect: {{}}
"""
TOKEN = "if order.amount < 0 EUR then -30 EUR else 30 EUR"
RATE = "credit.amount * 4 % - credit.amount * 2 % * 1 %"


def _plan(relation: str, amount: str, spent: str, budget: int) -> CheckedPlan:
    money = f", budget: {budget} EUR, when_spent: {spent}" if budget else ""
    return checked(PLAN.format(relation=relation, amount=amount, budget=money))


SPENT = ("stop before", "stop after", "cut")
PLANS = {
    relation: [
        (_plan(relation, amount, spent, budget), budget, spent)
        for amount in (TOKEN, RATE)
        for spent in SPENT
        for budget in (0, 35, 100)
    ]
    for relation in ("best of", "replaces")
}


@st.composite
def _orders(draw: st.DrawFn, least: int = 0) -> tuple[OrderRow, ...]:
    base = PLANS["best of"][0][0].examples[0].relations.orders[0]
    amounts = draw(st.lists(st.decimals(least, 3000, places=2), min_size=1, max_size=6))
    return tuple(
        replace(base, order_id=f"O{number}", record_id=f"O{number}", amount=amount)
        for number, amount in enumerate(amounts)
    )


def _paid(plan: CheckedPlan, orders: tuple[OrderRow, ...]) -> dict[tuple[str | None, str], Decimal]:
    result = calculate(plan, replace(plan.examples[0].relations, orders=orders), until=UNTIL)
    lookup = {node.node_id: node for node in result.nodes}
    found: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Fraction(lookup[line.node_id].value) == Fraction(line.amount)
        if line.what in PAID:
            found[line.order_id, line.component] += line.amount
    return found


def _of_base(order: OrderRow) -> Decimal:
    cents = abs(order.amount) * 3
    rounded = Decimal(int(cents + Decimal("0.5"))) / 100
    return rounded if order.amount >= 0 else -rounded


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS["best of"]), _orders())
def test_the_better_of_both_never_pays_less_than_the_base(chosen, orders):
    plan, _, _ = chosen
    paid = _paid(plan, orders)
    for order in orders:
        got = paid[order.order_id, "base"] + paid[order.order_id, "spiff"]
        assert got >= _of_base(order)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*PLANS["best of"], *PLANS["replaces"]]), _orders(least=-3000))
def test_one_of_both_is_paid_and_a_campaign_that_gives_nothing_replaces_nothing(chosen, orders):
    plan, _, _ = chosen
    paid = _paid(plan, orders)
    for order in orders:
        base, spiff = (paid[order.order_id, name] for name in ("base", "spiff"))
        assert not base or not spiff
        if abs(order.amount) <= 500:
            assert base == _of_base(order)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*PLANS["best of"], *PLANS["replaces"]]), _orders())
def test_never_more_than_the_budget_is_paid_unless_the_last_one_may_go_beyond(chosen, orders):
    plan, budget, spent = chosen
    paid = _paid(plan, orders)
    amounts = [amount for (_, name), amount in paid.items() if name == "spiff"]
    if budget and spent != "stop after":
        assert sum(amounts) <= budget
    if budget and spent == "stop after":
        assert sum(amounts) - max(amounts, default=Decimal(0)) <= budget


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([each for found in PLANS.values() for each in found if not each[1]]),
    _orders(least=-3000),
)
def test_the_mirror_of_an_order_takes_what_the_order_pays(chosen, orders):
    plan, _, _ = chosen
    mirrored = tuple(replace(order, amount=-order.amount) for order in orders)
    paid, taken = _paid(plan, orders), _paid(plan, mirrored)
    assert {key: -amount for key, amount in paid.items() if amount} == {
        key: amount for key, amount in taken.items() if amount
    }
