"""Pools of groups, of those who have something in common, and who is in none."""

from decimal import Decimal

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.reference import calculate

from ..small_plans import checked, plan_of  # noqa: TID252

SHARED = plan_of("""
attributes: {payee: {district: text, senior: text}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  share:
    per: payee and month
    pool: pot
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {share: [{share: rest, at: close of the measured month}]}
""")
"""A pool that is shared; what it is of, and among whom, follows."""
TWO_DISTRICTS = """
populations:
  reps: {who: payee.kind = "agency", same: payee.district}
  seniors: {who: payee.senior = "yes", same: payee.district}
pools:
  pot:
    amount: sum of sold among reps * 1 %
    over: month
    among: seniors
    weights: sold
    steps: [{round: cent, mode: half_up, each: sum}]
examples:
  - name: two districts
    given:
      payees:
        - {id: A1, kind: agency, district: north, senior: 'yes'}
        - {id: A2, kind: agency, district: north, senior: 'no'}
        - {id: B1, kind: agency, district: south, senior: 'yes'}
        - {id: B2, kind: agency, district: south, senior: 'no'}
        - {id: N1, kind: agency, senior: 'yes'}
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, amount: 4 000 EUR}
        - {id: O2, signed_on: 2026-02-05, seller: A2, amount: 1 000 EUR}
        - {id: O3, signed_on: 2026-02-20, seller: B1, amount: 3 000 EUR}
        - {id: O4, signed_on: 2026-02-20, seller: B2, amount: 3 000 EUR}
    expect: {}
"""
PLAN = SHARED + TWO_DISTRICTS
REPS = '{who: payee.kind = "agency", same: payee.district}'


def test_the_pool_of_a_group_asks_the_other_population_for_the_group_alike() -> None:
    plan = checked(PLAN)

    result = calculate(plan, plan.examples[0].relations, until=Month(2026, 2))

    paid = {line.payee_id: line.amount for line in result.lines if line.amount}
    assert paid == {"A1": Decimal("50.00"), "B1": Decimal("60.00")}
    told = {(item.code, item.payee_id, item.month) for item in result.exceptions}
    assert told == {("group_unknown", "N1", "2026-02")}
    assert all("N1" in item.message for item in result.exceptions)


def test_a_pool_that_asks_for_groups_of_another_kind_is_refused() -> None:
    text = PLAN.replace(REPS, REPS.replace("payee.district", "payee.senior"))

    [found] = check_plan(parse_plan(text)).errors

    assert (found.code, found.path) == ("pool.other_groups", "/pools/pot/amount")
    assert found.in_italian is not None


def test_a_step_of_a_pool_that_asks_for_groups_of_another_kind_is_refused_there() -> None:
    step = "{multiply: 1 / (number of sold among reps) else 0}, {round: cent, mode: half_up, each: sum}"
    text = PLAN.replace("amount: sum of sold among reps * 1 %", "amount: 10 EUR")
    text = text.replace(REPS, REPS.replace("payee.district", "payee.senior"))
    text = text.replace("weights: sold\n    steps: [", f"weights: sold\n    steps: [{step}, ")

    [found] = check_plan(parse_plan(text)).errors

    assert (found.code, found.path) == ("pool.other_groups", "/pools/pot/steps/0/multiply")


ONE_WITHOUT = """
populations:
  reps: {who: payee.kind = "agency", same: payee.district}
pools:
  pot:
    amount: 100 EUR
    over: month
    among: reps
    weights: sold
    steps: [{round: cent, mode: half_up, each: sum}]
examples:
  - name: facts
    given:
      payees: [{id: A1, kind: agency, district: north}, {id: N1, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, amount: 4 000 EUR}
        - {id: O2, signed_on: 2026-02-20, seller: N1, amount: 2 000 EUR}
    expect: {}
"""


def test_whose_group_is_not_known_gets_no_share_of_a_pool_and_is_told_that() -> None:
    plan = checked(SHARED + ONE_WITHOUT)

    result = calculate(plan, plan.examples[0].relations, until=Month(2026, 3))

    (told,) = result.exceptions
    assert (told.code, told.payee_id, told.month) == ("group_unknown", "N1", "2026-02")
    assert told.what_to_do == (
        "Record what those of a group have in common, or ask only where it is known"
    )
    shares = {line.payee_id: line.amount for line in result.lines}
    assert shares == {"A1": Decimal(100), "N1": Decimal(0)}


def test_whose_group_is_not_known_has_no_place_in_it_and_is_told_that() -> None:
    amount = "amount: rank of sold among reps * 7 EUR"
    text = (SHARED + ONE_WITHOUT).replace("from: 2026-01-01", "from: 2026-02-01")
    plan = checked(text.replace("pool: pot", amount))

    result = calculate(plan, plan.examples[0].relations, until=Month(2026, 2))

    paid = {line.payee_id: line.amount for line in result.lines if line.amount}
    assert paid == {"A1": Decimal("7.00")}
    (told,) = result.exceptions
    assert (told.code, told.payee_id, told.month) == ("group_unknown", "N1", "2026-02")
