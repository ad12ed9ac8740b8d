"""What a plan asks for and what it does not: conditions, chosen sides, targets nobody recorded."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree, words
from premia_plan.reference import PAID, Calculation, calculate

HEAD = """plan: asked
language: 1
title: {it: Domande, en: Questions}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-03-01, to: 2027-01-01, by: order.signed_on}
participants: payee.kind = "agency"
attributes: {payee: {target_pay: money, line: text}}
populations:
  east: {who: payee.line = "east", day: last day}
  west: {who: payee.line = "west", day: last day}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
targets:
  sold: {gives: money, over: month, per: payee, missing: MISSING}
attainments: {attainment: {of: sold, against: target}}
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
components:
  bonus:
    per: payee and month
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
"""
PAYEES = """
      payees:
        - {id: A1, kind: agency, line: east, target_pay: 3 000 EUR}
        - {id: B1, kind: agency, line: west, target_pay: 3 000 EUR}
"""
SALES = """
      orders:
        - {id: O1, signed_on: 2026-03-02, seller: A1, amount: 1 200 EUR}
        - {id: O2, signed_on: 2026-03-03, seller: B1, amount: 900 EUR}
"""
BOTH = (
    "[{payee: A1, month: 2026-03, sold: 1 000 EUR}, {payee: B1, month: 2026-03, sold: 1 000 EUR}]"
)
ONLY_A1 = "[{payee: A1, month: 2026-03, sold: 1 000 EUR}]"
CURVE = """    curve:
      looked_up_by: attainment
      pays_on: payee.target_pay
      points: [{at: 50 %, gives: 40 %}, {at: 100 %, gives: 100 %}, {at: 120 %, gives: 180 %}]
"""
POINTS = """    tiers:
      looked_up_by: attainment
      pays_on: payee.target_pay
      mode: MODE
      bands: [{from: 0 %, gives: 0 %}, {from: 100 %, gives: 100 %}, {from: 120 %, gives: 180 %}]
      above_last: flat
"""


def calculated(
    pays: str, *, targets: str = BOTH, facts: str = SALES, missing: str = "exception"
) -> Calculation:
    text = HEAD.replace("MISSING", missing) + pays.rstrip() + "\nexamples:\n  - name: given\n"
    text += (
        f"    given:{PAYEES.rstrip()}\n      targets: {targets}{facts.rstrip()}\n    expect: {{}}\n"
    )
    check = check_plan(parse_plan(text))
    assert check.plan is not None, [str(item) for item in check.findings]
    result = calculate(check.plan, check.plan.examples[0].relations, until=Month(2026, 3))
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    return result


def paid(result: Calculation) -> dict[str | None, Decimal]:
    assert {line.month for line in result.lines if line.what in PAID} <= {"2026-03"}
    return {line.payee_id: line.amount for line in result.lines if line.what in PAID}


def exceptions(result: Calculation) -> Sequence[tuple[str, str | None, str | None]]:
    return sorted((item.code, item.payee_id, item.month) for item in result.exceptions)


def told(result: Calculation, payee_id: str) -> str:
    lookup = {node.node_id: node for node in result.nodes}
    [line] = [line for line in result.lines if line.payee_id == payee_id]
    return words(lookup[line.node_id], lookup, "en")


SHARES = "divides: base\nshares: [{to: order.seller, share: rest}]"
TERM = "attributes: {order: {term: count}}"
LONG = """orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, amount: 100 EUR, term: 24, states: {activated: 2026-03-04}}
  - {id: O2, signed_on: 2026-02-21, seller: B1, amount: 100 EUR, states: {activated: 2026-03-04}}"""


def with_condition(text: str, condition: str) -> str:
    return text.replace("    amount: order.term", f"    when: {condition}\n    amount: order.term")


def test_a_credit_that_its_condition_leaves_out_needs_no_amount(written) -> None:
    text = written.text_of(SHARES, LONG, extra=TERM, amount="order.term * 1 EUR")

    without = written.calculated(text)
    asked = written.calculated(with_condition(text, "order.term is known"))

    assert [item.code for item in without.exceptions] == ["fact_missing"]
    assert asked.exceptions == ()
    assert written.paid(asked) == written.march(A1="24.00")
    lookup = {node.node_id: node for node in asked.nodes}
    [left_out] = [line for line in asked.lines if line.payee_id == "B1"]
    assert left_out.amount == 0
    assert "0.00, because order.term is known does not hold" in words(
        lookup[left_out.node_id], lookup, "en"
    )


def test_an_order_that_has_not_reached_a_state_waits_for_its_day(written) -> None:
    orders = """orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, amount: 100 EUR, states: {activated: 2026-03-04}}
  - {id: O2, signed_on: 2026-02-21, seller: B1, amount: 100 EUR}"""
    days = "(days between(order.signed_on, day of activated) / 1 days) * 1 EUR"

    result = written.calculated(written.text_of(SHARES, orders, amount=days))

    assert result.exceptions == ()
    assert written.paid(result) == written.march(A1="12.00")
    [open_one] = [line for line in result.lines if line.payee_id == "B1"]
    assert (open_one.what, open_one.amount) == ("not_paid", 0)
    assert open_one.reason == (
        "not paid, because activated is not reached yet, and its day is needed"
    )


def test_a_credit_that_meets_its_condition_still_needs_its_amount(written) -> None:
    text = written.text_of(SHARES, LONG, extra=TERM, amount="order.term * 1 EUR")

    asked = written.calculated(with_condition(text, "order.amount >= 100 EUR"))

    assert [item.code for item in asked.exceptions] == ["fact_missing"]
    assert written.paid(asked) == written.march(A1="24.00")


def test_a_rate_nobody_wrote_is_not_missed_where_the_condition_does_not_hold(written) -> None:
    table = """tables:
  gas_rate:
    gives: percent
    keys: [{category: {value: order.category, match: exact}}]
    dated_by: order.signed_on
    missing: exception
    rows: [{category: gas, from: 2026-01-01, to: 2027-01-01, gives: 5 %}]"""
    orders = """orders:
  - {id: O1, signed_on: 2026-02-20, seller: A1, amount: 100 EUR, category: gas, states: {activated: 2026-03-04}}
  - {id: O2, signed_on: 2026-02-21, seller: B1, amount: 100 EUR, category: power, states: {activated: 2026-03-04}}"""
    text = written.text_of(SHARES, orders, extra=table, amount="credit.amount * gas_rate")
    when = text.replace(
        "    amount: credit", '    when: order.category = "gas"\n    amount: credit'
    )
    chosen = text.replace(
        "    amount: credit.amount * gas_rate",
        '    amount: if order.category = "gas" then credit.amount * gas_rate else 2 EUR',
    )

    assert [item.code for item in written.calculated(text).exceptions] == ["rate_missing"]
    assert written.paid(written.calculated(when)) == written.march(A1="5.00")
    assert written.calculated(when).exceptions == ()
    assert written.paid(written.calculated(chosen)) == written.march(A1="5.00", B1="2.00")
    assert written.calculated(chosen).exceptions == ()


def test_a_period_that_its_condition_leaves_out_needs_no_target() -> None:
    condition = '    when: payee.line = "east"\n'

    result = calculated(condition + CURVE, targets=ONLY_A1)

    # 120 % pays 180 % of 3 000
    assert paid(result) == {"A1": Decimal("5400.00")}
    assert result.exceptions == ()


def test_a_curve_pays_on_what_is_known_of_the_payee() -> None:
    # A1 at 120 %: 180 % of 3 000; B1 at 90 %: 40 % + 60 % * 40 / 50 = 88 % of 3 000
    assert paid(calculated(CURVE)) == {"A1": Decimal("5400.00"), "B1": Decimal("2640.00")}


@pytest.mark.parametrize(
    ("mode", "a1", "b1"),
    [
        ("whole", "3000.00", None),  # the last bound only ends the band of 100 %
        ("interpolated between points", "5400.00", "2700.00"),  # 90 % of 3 000
    ],
)
def test_tiers_pay_on_what_is_known_of_the_payee_and_stay_flat_beyond_the_last_bound(
    mode: str, a1: str, b1: str | None
) -> None:
    facts = SALES.replace("1 200 EUR", "1 500 EUR")

    result = calculated(POINTS.replace("MODE", mode), facts=facts)

    assert paid(result) == {
        payee: Decimal(amount) for payee, amount in (("A1", a1), ("B1", b1)) if amount is not None
    }


def test_bands_of_what_is_paid_on_still_end_at_the_last_bound() -> None:
    points = POINTS.replace("payee.target_pay", "sold").replace("MODE", "whole")

    # 1 200 of the 1 500 sold, at 100 %
    result = calculated(points, facts=SALES.replace("1 200 EUR", "1 500 EUR"))

    assert paid(result) == {"A1": Decimal("1200.00")}


RANKED = (
    '    amount: if payee.line = "east" then 100 EUR * rank of sold among east '
    "else 10 EUR * rank of sold among west"
)


def test_the_side_that_is_not_chosen_is_not_asked() -> None:
    result = calculated(RANKED)

    assert paid(result) == {"A1": Decimal("100.00"), "B1": Decimal("10.00")}
    assert result.exceptions == ()
    assert "rank of sold among east was not needed" in told(result, "B1")


def test_the_side_that_is_chosen_is_asked() -> None:
    swapped = RANKED.replace('"east"', '"west"')

    result = calculated(swapped)

    assert paid(result) == {}
    assert {code for code, _, _ in exceptions(result)} == {"not_in_population"}


@pytest.mark.parametrize("pays", [CURVE, "    amount: attainment * 100 EUR", POINTS])
def test_who_has_no_target_is_refused_with_sales_or_without(pays: str) -> None:
    pays = pays.replace("MODE", "whole")
    refused = [("target_missing", "B1", "2026-03")]
    no_sales = SALES.replace(
        "        - {id: O2, signed_on: 2026-03-03, seller: B1, amount: 900 EUR}\n", ""
    )

    for facts in (SALES, no_sales):
        result = calculated(pays, targets=ONLY_A1, facts=facts)

        assert [item for item in exceptions(result) if item[2] == "2026-03"] == refused
        assert set(paid(result)) == {"A1"}


def test_a_curve_without_any_sales_misses_the_target_of_whoever_has_none() -> None:
    result = calculated(CURVE, targets=ONLY_A1, facts="")

    assert exceptions(result) == [("target_missing", "B1", "2026-03")]


def test_the_outcome_that_a_plan_states_for_a_missing_target_is_no_exception() -> None:
    result = calculated("    amount: attainment * 100 EUR", targets=ONLY_A1, missing="1 800 EUR")

    assert paid(result) == {"A1": Decimal("120.00"), "B1": Decimal("50.00")}
    assert result.exceptions == ()
