"""Steps of a whole plan: one that changes nothing is paid as if it were not written."""

from collections import defaultdict
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves}
components:
  base:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{round: cent, mode: half_up, each: line}]
  bonus:
    per: payee and month
    amount: sold * BONUS
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
steps: [STEPS]
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], bonus: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    reinstated_when: order reached verified
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      bonus: {recount: the measured month}
examples:
  - name: facts
    given:
      payees: [{id: A1, kind: agency}]
      REVERSALS
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, amount: 4 000 EUR, states: {activated: 2026-02-06, STATES}}
        - {id: O2, signed_on: 2026-02-05, seller: A1, amount: 1 000 EUR, states: {activated: 2026-02-06}}
        - {id: O3, signed_on: 2026-03-05, seller: A1, amount: 1 000 EUR, states: {activated: 2026-04-06}}
    expect: {}
""")
HARMLESS = "{multiply: 100 %}, {round: cent, mode: half_up, each: line}"
LIMITS = (
    "{cap: 450 EUR, over: payee and month, surplus: lost}",
    "{cap: 450 EUR, over: payee and quarter, surplus: lost}",
    "{cap: 450 EUR, over: payee and month, surplus: lost, pushed_back: in order}",
    "{floor: 600 EUR, over: payee and month}",
    "{floor: 900 EUR, over: payee and quarter}",
    "{cap: 300 EUR, over: deal, surplus: lost}",
    "{floor: 1 900 EUR, over: payee and year}",
    "{cap: 420 EUR, over: plan and month, surplus: lost}",
    "{cap: 520 EUR, over: plan, surplus: lost}",
)
STATES = (
    "cancelled: 2026-02-20",
    "cancelled: 2026-02-20, verified: 2026-02-25",
    "cancelled: 2026-03-10, verified: 2026-05-02",
    "cancelled: 2026-04-02",
)
REVERSALS = ("", "reversals: [{order: O2, day: 2026-02-20, share: 60 %}]")
Paid = dict[tuple[str, str | None, str | None], Decimal]


def paid(steps: str, states: str, reversals: str, bonus: str = "1 %") -> Paid:
    text = PLAN.replace("STEPS", steps).replace("STATES", states)
    text = text.replace("REVERSALS", reversals).replace("BONUS", bonus)
    plan = checked(text)
    result = calculate(plan, plan.examples[0].relations, until=Month(2026, 9))
    lookup = {node.node_id: node for node in result.nodes}
    found: Paid = defaultdict(Decimal)
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        if line.what in PAID:
            found[line.component, line.order_id, line.month] += line.amount
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.parametrize("reversals", REVERSALS)
@pytest.mark.parametrize("states", STATES)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_step_that_changes_nothing_may_stand_before_or_after_a_limit(
    limit: str, states: str, reversals: str
) -> None:
    alone = paid(limit, states, reversals)

    assert alone
    assert paid(f"{limit}, {HARMLESS}", states, reversals) == alone
    assert paid(f"{HARMLESS}, {limit}", states, reversals) == alone


def test_a_gate_after_a_cap_leaves_what_a_storno_of_the_same_month_made_room_for() -> None:
    gate = "{gate: sold >= 0 EUR, otherwise: 0 EUR}"
    cap = "{cap: 450 EUR, over: payee and month, surplus: lost}"

    assert paid(f"{cap}, {gate}", STATES[0], "", bonus="0 %") == {
        ("base", "O2", "2026-02"): Decimal(100),
        ("base", "O3", "2026-04"): Decimal(100),
    }
