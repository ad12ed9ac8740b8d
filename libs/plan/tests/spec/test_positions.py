"""What formulas may ask of a payee's position, and of the payee's share of a period."""

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.explain import words
from premia_plan.reference import calculate

from ..small_plans import checked  # noqa: TID252

PLAN = """plan: positions
language: 1
title: {it: Posizioni, en: Positions}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2026-04-01, by: order.signed_on}
participants: position.code = "north" or position.weight > 100 %
attributes: {position: {weight: percent}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
components:
  allowance:
    per: payee and month
    amount: 300 EUR * payee.share_in_plan * (position.weight otherwise 0 %)
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {allowance: [{share: rest, at: close of the measured month}]}
examples:
  - name: a joiner with one position and a payee with two
    given:
      payees: [{id: A1, kind: agency}, {id: B1, kind: agency}]
      assignments: [{payee: A1, from: 2026-03-17}, {payee: B1}]
      positions:
        - {payee: A1, code: north, from: 2026-01-01, weight: 50 %}
        - {payee: B1, code: south, weight: 200 %}
        - {payee: B1, code: west, weight: 200 %, to: 2026-02-01}
        - {payee: B1, code: east, weight: 150 %, from: 2026-03-01}
    expect:
      A1: {2026-03: {allowance: 72.58 EUR}}
      B1: {2026-01: {allowance: 600.00 EUR}, 2026-02: {allowance: 600.00 EUR}}
"""


def test_a_position_says_what_it_is_while_it_is_held_and_two_what_they_agree_on() -> None:
    # A1 is in the plan on 15 of March's 31 days: 300 x 15/31 x 50 % = 72.58.  B1's two positions
    # weigh 200 % each in January; in March they differ, and the payee does not take part.
    plan = checked(PLAN)

    (result,) = run_examples(plan)

    assert (result.differences, result.exceptions) == ((), ())


def test_the_explanation_tells_the_share_and_the_position() -> None:
    plan = checked(PLAN)
    result = calculate(plan, plan.examples[0].relations, until=Month.parse("2026-03"))
    nodes = {node.node_id: node for node in result.nodes}
    line = next(line for line in result.lines if line.payee_id == "A1" and line.amount)

    told = words(nodes[line.node_id], nodes, "en")

    assert "48.3871 % of 2026-03 in the plan, 15 of 31" in told
    assert "position.weight of A1 is 50 % on 2026-03-31" in told


def test_a_position_row_with_an_attribute_nobody_declared_is_refused() -> None:
    check = check_plan(parse_plan(PLAN.replace("weight: 50 %", "wieght: 50 %")))

    (finding,) = check.errors
    assert (finding.code, finding.hint) == ("name.unknown", "Did you mean weight?")
