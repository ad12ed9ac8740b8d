"""Two plans that claim one order for one payee."""

import pytest

from premia_plan.checked import CheckedPlan
from premia_plan.overlapping import Claimed, claimed_twice

from ..small_plans import checked  # noqa: TID252

PLAN = """plan: {name}
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: {start}, to: {end}, by: {by}}}
participants: {participants}
{more}
credits:
  {credit}: {{amount: {amount}, divides: base, shares: [{{to: {to}, share: rest}}]{where}}}
components:
  base: {{per: credit of {credit}, amount: credit.amount * 3 %, steps: [{{round: cent, mode: half_up, each: line}}]}}
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: [{{share: rest, at: activated}}]}}
examples:
  - name: one order
    given:
      payees: [{{id: A1, kind: agency, channel: field}}]
      orders: [{{id: O1, signed_on: 2020-02-20, seller: A1, amount: 1 000 EUR, states: {{activated: 2020-03-04}}}}]
    expect: {{}}
"""


def plan(name: str = "one", more: str = "", **said: str) -> CheckedPlan:
    words = {
        "start": "2026-01-01",
        "end": "2027-01-01",
        "by": "order.signed_on",
        "participants": 'payee.kind = "agency"',
        "credit": "sale",
        "amount": "order.amount",
        "to": "order.seller",
        "where": "",
        **said,
    }
    return checked(PLAN.format(name=name, more=more, **words))


def test_two_plans_that_say_the_same_claim_the_same_orders() -> None:
    assert claimed_twice(plan(), plan("two", credit="order_value")) == Claimed(
        "one", "sale", "two", "order_value"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"start": "2027-01-01", "end": "2028-01-01"},
        {"participants": 'payee.kind = "installer"'},
        {"participants": 'payee.channel = "field" and payee.kind in ["installer", "shop"]'},
        {"more": 'covers: order.category = "gas" and order.amount > 5 000 EUR'},
        {"where": ', where: order.category = "gas"'},
        {"to": "order.partner"},
        {"more": "beside: {one: adds to}"},
    ],
)
def test_plans_that_exclude_each_other_or_say_how_they_stand_do_not(said: dict[str, str]) -> None:
    mine = plan(
        more='covers: order.category != "gas" or order.amount <= 5 000 EUR', to="order.seller"
    )
    if "where" in said:
        mine = plan(more='covers: order.category = "power"')

    assert claimed_twice(mine, plan("two", **said)) is None
    assert claimed_twice(plan("two", **said), mine) is None


@pytest.mark.parametrize(
    "said",
    [
        {
            "by": "order.delivered_on",
            "more": "attributes: {order: {delivered_on: date}}",
            "start": "2027-01-01",
            "end": "2028-01-01",
        },
        {"participants": 'payee.channel = "field"'},
        {"more": 'covers: order.category = "gas"'},
        {"more": "beside: {three: adds to}"},
        {"where": ", where: order.amount > 100 EUR"},
    ],
)
def test_what_the_conditions_leave_open_counts_as_claimed(said: dict[str, str]) -> None:
    assert claimed_twice(plan(), plan("two", **said)) is not None
    assert claimed_twice(plan("two", **said), plan()) is not None


def test_a_rate_tables_name_is_each_plans_own() -> None:
    table = """tables:
  segment:
    gives: text
    keys: [{{category: {{value: order.category, match: exact}}}}]
    missing: exception
    rows: [{{category: {category}, gives: {gives}}}]
"""
    one = plan(more=table.format(category="gas", gives="home"), where=', where: segment = "home"')
    two = plan(
        "two", more=table.format(category="gas", gives="shop"), where=', where: segment = "shop"'
    )

    assert claimed_twice(one, two) is not None
