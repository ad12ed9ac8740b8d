"""What more than one principal may owe is refused by name, however the amount says it."""

import pytest

from calc_engine.engine.several_principals import owed_by_several
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan

PLAN = """
plan: owed
title: {it: Dovuto, en: Owed}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2027-01-01, by: order.signed_on}
participants: payee.kind = "agency"
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
  quality: {loaded: kpi, gives: percent, over: month, per: payee, missing: 80 %}
components:
  bonus: {per: payee and month, amount: AMOUNT, steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month}
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples:
  - name: two
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - {id: O1, principal: zeta, signed_on: 2026-02-05, seller: A1, amount: 600 EUR}
        - {id: O2, principal: SECOND, signed_on: 2026-02-05, seller: A1, amount: 300 EUR}
    expect: {}
"""
REFUSED = "bonus of orders for several principals"


@pytest.mark.parametrize(
    ("amount", "second", "refused"),
    [
        ("sold * 10 %", "beta", REFUSED),
        ("sold of the quarter * 10 %", "beta", REFUSED),
        ("previous month of sold * 10 %", "beta", REFUSED),
        ("sold to date * 10 %", "zeta", None),
        ("quality * 100 EUR", "beta", None),
    ],
)
def test_pay_of_a_period_is_refused_where_orders_for_several_made_it(
    amount: str, second: str, refused: str | None
) -> None:
    plan = check_plan(parse_plan(PLAN.replace("AMOUNT", amount).replace("SECOND", second))).plan
    assert plan is not None

    assert owed_by_several(plan, plan.examples[0].relations) == refused
