"""Reversals that name a line or a bill: its own lines are mirrored, and measures follow."""

from premia_plan.examples import run_examples

from ..small_plans import checked, plan_of  # noqa: TID252

A_LINE = """
credits:
  sale: {from: line, amount: line.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
  direct: {sum: line.amount, of: line, whose: order.seller, dated_by: order.signed_on, over: month, per: payee, reversed_order: stays}
components:
  base: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
  bonus: {per: payee and month, amount: sold * 1 % + direct * 0.1 %, steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month}
settlement:
  states: {models: {deal: {of: order, states: [activated, cancelled]}, goods: {of: line, states: [sent, returned]}}}
  release: {base: [{share: rest, at: sent}], bonus: [{share: rest, at: close of the measured month}]}
  storno:
    rules:
      all: {when: order reached cancelled, lands_in: month of the event, effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}, bonus: {recount: the measured period}}}
      one: {of: line, when: line reached returned, lands_in: month of the event, effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}, bonus: {recount: the measured period}}}
examples:
  - name: one
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, amount: 1 000 EUR, lines: [{id: L1, amount: 600 EUR, states: {sent: 2026-03-01}}, {id: L2, amount: 400 EUR, states: {sent: 2026-03-01}}]}
      reversals: [{order: O1, fact: line L1, day: 2026-05-15}]
    expect: {A1: {2026-02: {bonus: 11 EUR}, 2026-03: {base: 30 EUR}, 2026-05: {base: -18 EUR, bonus: -6.00 EUR}}}
"""
A_BILL = """
attributes: {bill: {rate: percent}}
credits:
  billed: {from: bill, amount: bill.amount - bill.tax, divides: base, shares: [{to: bill.clerk, share: 1/3}, {to: order.seller, share: rest}]}
components:
  base: {per: credit of billed, amount: credit.amount * bill.rate, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {models: {deal: {of: order, states: [activated]}, paper: {of: bill, states: [sent, settled]}}}
  release: {base: [{share: rest, at: settled}]}
  storno:
    rules:
      credited: {of: bill, when: bill reached sent and bill.amount < 0 EUR, recorded_when: reversal.cause = "credit note", lands_in: month of the event, effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}}
examples:
  - name: one
    given:
      payees: [{id: A1, kind: agency}, {id: B1, kind: agency}]
      orders: [{id: O1, signed_on: 2026-02-20, seller: A1, amount: 1 000 EUR}]
      bills:
        - {id: X1, order: O1, day: 2026-03-20, clerk: B1, rate: 5 %, amount: 122 EUR, tax: 22 EUR, states: {settled: 2026-04-02}}
        - {id: X2, order: O1, day: 2026-03-20, clerk: B1, rate: 5 %, amount: 122 EUR, tax: 22 EUR}
      reversals:
        - {fact: bill X1, day: 2026-05-15, amount: 30.50 EUR, cause: credit note}
        - {fact: bill X2, day: 2026-05-15, amount: 61 EUR, cause: credit note}
    expect: {A1: {2026-04: {base: 3.33 EUR}, 2026-05: {base: -0.83 EUR}}, B1: {2026-04: {base: 1.67 EUR}, 2026-05: {base: -0.42 EUR}}}
"""


def passes(text: str) -> bool:
    plan = checked(plan_of(text))
    return all(result.passed for result in run_examples(plan))


def test_a_line_that_is_reversed_takes_back_its_own_pay_and_leaves_the_measures_of_lines() -> None:
    # 18.00 is 3 % of the line alone; the measure that stays keeps its 1.00.
    assert passes(A_LINE)


def test_a_credit_note_takes_back_the_part_of_what_its_bill_earned_payee_by_payee() -> None:
    # A quarter of 3.33 and of 1.67; half of the bill that was never settled is dropped.
    assert passes(A_BILL)
