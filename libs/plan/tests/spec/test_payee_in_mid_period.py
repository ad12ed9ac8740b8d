"""What is true of a payee or a position from the middle of a month on, as a plan reads it."""

from premia_plan.examples import run_examples

from ..small_plans import checked  # noqa: TID252

PLAN = """
plan: mid-period
language: 1
title: {it: Prova, en: Trial}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-03-01, to: 2026-05-01, by: order.signed_on}
participants: payee.kind = "agency"
attributes: {payee: {target_pay: money, weight: percent}, position: {factor: percent}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
components:
  base: {per: credit of sale, amount: credit.amount * 3 % * payee.weight * position.factor, steps: [{round: cent, mode: half_up, each: line}]}
  bonus: {per: payee and month, amount: payee.target_pay * 10 % * payee.share_in_plan, steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], bonus: [{share: rest, at: close of the measured month}]}
examples:
  - name: other terms from the 16th, another position from the 19th, joined on the 22nd
    given:
      payees:
        - {id: A1, kind: agency, to: 2026-03-16, target_pay: 1 000 EUR, weight: 100 %}
        - {id: A1, kind: agency, from: 2026-03-16, target_pay: 3 100.55 EUR, weight: 150.125 %}
        - {id: B1, kind: agency, target_pay: 1 000 EUR, weight: 100 %}
      positions:
        - {payee: A1, code: north, to: 2026-03-19, factor: 100 %}
        - {payee: A1, code: key-accounts, from: 2026-03-19, factor: 200 %}
      assignments: [{payee: A1, to: 2026-04-01}, {payee: B1, from: 2026-03-22, to: 2026-04-01}]
      orders:
        - {id: O1, signed_on: 2026-03-15, seller: A1, amount: 1 000 EUR, states: {activated: 2026-03-24}}
        - {id: O2, signed_on: 2026-03-16, seller: A1, amount: 1 000 EUR, states: {activated: 2026-03-24}}
        - {id: O3, signed_on: 2026-03-19, seller: A1, amount: 1 000 EUR, states: {activated: 2026-03-24}}
    expect:
      A1: {2026-03: {base: 165.12 EUR, bonus: 310.06 EUR}}
      B1: {2026-03: {bonus: 32.26 EUR}}
"""


def test_an_order_is_paid_by_what_was_true_on_its_day_and_a_month_by_its_last_day() -> None:
    # 30.00 + 45.04 (150.125 %) + 90.08 (and twice); 10 % of 3 100.55; 10 of 31 days of 100.00.
    plan = checked(PLAN)

    [result] = run_examples(plan)

    assert result.differences == ()
    assert result.exceptions == ()
