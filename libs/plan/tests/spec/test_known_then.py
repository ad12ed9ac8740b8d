"""What was known at the end of a month decides what it pays, however far one looks afterwards."""

from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, when: order reached activated, dated_by: day of activated, over: month, per: payee}
  quality: {loaded: kpi, gives: percent, over: month, per: payee, missing: zero}
components:
  base:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{round: cent, mode: half_up, each: line}BASE]
  bonus:
    per: payee and month
    amount: BONUS
    SPREADsteps: [{round: cent, mode: half_up, each: sum}GATE]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: 60 %, at: activated}, {share: rest, at: first_bill_paid}], bonus: [RELEASE]}
  storno:
    when: order reached cancelled
    reinstated_when: order reached verified
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      bonus: EFFECT
examples:
  - name: facts
    given:
      payees: [{id: A1, kind: agency}]
      kpis: [{payee: A1, month: 2026-04, quality: 60 %}]
      orders:
        - {id: O1, signed_on: 2026-02-02, seller: A1, amount: 400 EUR, states: {activated: 2026-02-04, STATES}}
        - {id: O2, signed_on: 2026-02-02, seller: A1, amount: 1 500 EUR, states: {activated: 2026-02-05}}
    expect: {}
""")
EARNED = {
    "BASE": "",
    "BONUS": "earned base * 50 %",
    "SPREAD": "",
    "GATE": "",
    "RELEASE": "{share: rest, at: close of the measured month}",
    "EFFECT": "{recount: the measured month}",
}
Paid = dict[str, Decimal]


def bonus(until: str, **parts: str) -> Paid:
    text = PLAN
    for name, part in parts.items():
        text = text.replace(name, part)
    plan = checked(text)
    result = calculate(plan, plan.examples[0].relations, until=Month.parse(until))
    lookup = {node.node_id: node for node in result.nodes}
    found: Paid = {}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        if line.component == "bonus" and line.what in PAID and line.month is not None:
            found[line.month] = found.get(line.month, Decimal(0)) + line.amount
    return found


@pytest.mark.parametrize(
    ("states", "paid"),
    [
        (
            "cancelled: 2026-02-20, verified: 2026-05-10, first_bill_paid: 2026-06-01",
            {"2026-02": Decimal(75), "2026-05": Decimal(20)},
        ),
        (
            "cancelled: 2026-03-10, verified: 2026-05-10, first_bill_paid: 2026-06-01",
            {"2026-02": Decimal(95), "2026-03": Decimal(-20), "2026-05": Decimal(20)},
        ),
    ],
)
def test_what_was_earned_before_a_reinstatement_is_what_was_known_then(
    states: str, paid: Paid
) -> None:
    for until in ("2026-02", "2026-03", "2026-04", "2026-12"):
        known = {month: amount for month, amount in paid.items() if month <= until}
        assert bonus(until, STATES=states, **EARNED) == known


@pytest.mark.parametrize("until", ["2026-03", "2026-12"])
def test_pay_of_a_period_that_a_gate_held_waits_for_the_gate_also_at_an_orders_state(
    until: str,
) -> None:
    held = {
        "BONUS": "sold * 10 %",
        "SPREAD": "spread: by credit.amount\n    spread_of: sold\n    ",
        "GATE": ', {gate: "quality >= 50 %", otherwise: hold}',
        "RELEASE": "{share: rest, at: activated}",
        "EFFECT": "{takes: 100 %, out_of: released, unreleased: dropped}",
    }
    paid = bonus(until, BASE="", STATES="first_bill_paid: 2026-03-01", **held)

    assert paid == ({} if until == "2026-03" else {"2026-04": Decimal(190)})


@pytest.mark.parametrize(
    ("limit", "paid"),
    [
        ("cap: 100 EUR, over: payee and month, surplus: lost", {"O1": 40, "O2": 60}),
        ("floor: 300 EUR, over: deal", {"O1": 300, "O2": 300}),
        ("floor: 250 EUR, over: component", {"O1": 100, "O2": 150}),
    ],
)
def test_a_cap_raises_nobody_and_a_floor_lowers_nobody_whatever_the_weights(
    limit: str, paid: dict[str, int]
) -> None:
    weights = "pushed_back: by (if order.amount < 1 000 EUR then 10 else 1)"
    text = PLAN.replace("BASE", f", {{{limit}, {weights}}}").replace(
        "STATES", "verified: 2026-02-06"
    )
    for name, part in {**EARNED, "BONUS": "sold * 0 %"}.items():
        text = text.replace(name, part)
    plan = checked(text)
    result = calculate(plan, plan.examples[0].relations, until=Month.parse("2027-12"))
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)
    found: dict[str, Decimal] = {}
    for line in result.lines:
        if line.component == "base" and line.order_id is not None:
            found[line.order_id] = found.get(line.order_id, Decimal(0)) + line.amount
    assert found == paid
