"""What is new to the cap of a payee's agreement, and what has had it or makes no room under it."""

from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import pay
from premia_plan.reference import calculate

from ..small_plans import checked, plan_of, plan_of_sales  # noqa: TID252

SETTLED = """
settlement:
  states: {model: energy_order, of: order}
"""
PAYMENT = """
payment: {negative_balance: carried, minimum: 0 EUR}
"""
REINSTATED = plan_of_sales(
    """
components:
  base: {per: credit of sale, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
"""
    + SETTLED
    + """
  release: {base: [{share: rest, at: activated}]}
  storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}
"""
    + PAYMENT
    + """
examples:
  - name: reinstated
    given:
      payees: [{id: A1, kind: agency}]
      payee_caps: [{payee: A1, principal: example, from: 2026-01-01, to: 2027-01-01, amount: 250 EUR}]
      orders:
        - {id: O1, signed_on: 2026-02-01, seller: A1, amount: 10 000 EUR, states: {activated: 2026-02-04, cancelled: CANCELLED, accepted: 2026-04-10}}
    expect: {}
"""
)
POOLED = plan_of_sales(
    """
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves}
populations: {all: {who: payee.kind = "agency"}}
pools: {pot: {amount: 200 EUR, over: month, among: all, weights: sold, scale: both ways}}
components:
  base: {per: credit of sale, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
  share:
    per: payee and month
    pool: pot
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
"""
    + SETTLED
    + """
  release:
    base: [{share: rest, at: activated}]
    share: [{share: rest, at: close of the measured month}]
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      share: {recount: the measured period}
"""
    + PAYMENT
    + """
examples:
  - name: the other's order is cancelled
    given:
      payees: [{id: A1, kind: agency, to: 2026-04-01}, {id: A2, kind: agency, to: 2026-04-01}]
      payee_caps: [{payee: A1, principal: example, from: 2026-01-01, to: 2027-01-01, amount: 60 EUR}]
      orders:
        - {id: O1, signed_on: 2026-02-01, seller: A1, amount: 100 EUR}
        - {id: O2, signed_on: 2026-02-01, seller: A2, amount: 300 EUR, states: {cancelled: 2026-03-10}}
        - {id: O3, signed_on: 2026-03-01, seller: A1, amount: 600 EUR, states: {activated: 2026-03-05}}
    expect: {}
"""
)
CARRIED = plan_of(
    """
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}], where: order.category = "gas"}
  other: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}], where: order.category = "power"}
components:
  base:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{round: cent, mode: half_up, each: line}, {cap: 50 EUR, over: payee and month, surplus: carried}]
  extra: {per: credit of other, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
"""
    + SETTLED
    + """
  release: {base: [{share: rest, at: activated}], extra: [{share: rest, at: activated}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      extra: {takes: 100 %, out_of: released, unreleased: dropped}
"""
    + PAYMENT
    + """
examples:
  - name: carried and cancelled
    given:
      payees: [{id: A1, kind: agency}]
      trees: {category: [{code: gas}, {code: power}]}
      payee_caps: [{payee: A1, principal: example, from: 2026-01-01, to: 2027-01-01, amount: 100 EUR}]
      orders:
        - {id: O1, category: gas, signed_on: 2026-02-01, seller: A1, amount: 800 EUR, states: {activated: 2026-02-04, cancelled: 2026-05-10}}
        - {id: O3, category: power, signed_on: 2026-05-01, seller: A1, amount: 2 000 EUR, states: {activated: 2026-05-04}}
    expect: {}
"""
)


def within(text: str, until: str) -> dict[str, Decimal]:
    """Return what each month gives A1 within the cap, every balance explained to the cent."""
    plan, last = checked(text), Month.parse(until)
    relations = plan.examples[0].relations
    result = calculate(plan, relations, until=last)
    found = pay(plan, relations, result.lines, until=last)
    nodes = {node.node_id: node for node in (*result.nodes, *found.nodes)}
    months: dict[str, Decimal] = {}
    for balance in found.balances:
        assert check_tree(nodes[balance.node_id], nodes) == ()
        if balance.payee_id == "A1":
            months[balance.month] = balance.earned
    for line in found.lines:
        if line.what == "payee_cap" and line.payee_id == "A1":
            months[line.month] += line.amount
    return {month: amount for month, amount in months.items() if amount}


@pytest.mark.parametrize(
    ("cancelled", "expected"),
    [
        # Capped in February; what comes back in April has had its cap: 250, and no room is taken.
        ("2026-03-10", {"2026-02": 250, "2026-03": -250, "2026-04": 250}),
        # Taken back before February closed, it never met a cap: 1 000 is new in April.
        ("2026-02-20", {"2026-04": 250}),
    ],
)
def test_what_is_reinstated_has_had_its_cap_only_if_an_earlier_month_took_it_back(
    cancelled: str, expected: dict[str, int]
) -> None:
    assert within(REINSTATED.replace("CANCELLED", cancelled), "2026-06") == expected


@pytest.mark.parametrize(("most", "april"), [(250, 250), (1900, 1000)])
def test_one_of_two_that_is_reinstated_is_paid_as_if_it_had_been_alone(
    most: int, april: int
) -> None:
    # Two of 1 000 each in one month, both cancelled: what was paid for them is restored first.
    one = REINSTATED.replace("CANCELLED", "2026-03-10").replace("amount: 250", f"amount: {most}")
    given = one.index("        - {id: O1")
    other = one[given : one.index("\n", given) + 1].replace("O1", "O2")
    both = one[:given] + other.replace(", accepted: 2026-04-10", "") + one[given:]

    paid = min(2000, most)
    assert within(both, "2026-06") == {"2026-02": paid, "2026-03": -paid, "2026-04": april}


def test_what_a_count_adds_to_an_earlier_month_is_new_to_the_cap() -> None:
    # February: 50 of 200, below 60. March: the pool is A1's alone, 150 more for February, and 60 of
    # base: 60 may be paid. (The share of March itself is 200, in the same month: 410 before the cap.)
    assert within(POOLED, "2026-03") == {"2026-02": 50, "2026-03": 60}


def test_a_carried_surplus_that_shrinks_makes_no_room() -> None:
    # 80 earned: 50, and 30 carried to March. In May both are taken back, and 200 are new: 100 - 80.
    assert within(CARRIED, "2026-06") == {"2026-02": 50, "2026-03": 30, "2026-05": 20}


def test_a_carried_surplus_that_shrinks_says_why() -> None:
    plan = checked(CARRIED)
    lines = calculate(plan, plan.examples[0].relations, until=Month.parse("2026-06")).lines

    (shrunk,) = (line for line in lines if line.amount == -30)
    assert (shrunk.what, shrunk.reason_code) == ("reversal", "limited_again")
