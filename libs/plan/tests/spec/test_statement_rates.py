"""Corrections on statements in another currency have the rate of what they correct."""

from collections import Counter
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import pay
from premia_plan.reference import calculate
from premia_plan.stating import state

from ..small_plans import checked, plan_of  # noqa: TID252

PLAN = plan_of("""
attributes: {payee: {currency: text}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
MEASURES
components:
  base: {per: credit of sale, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
STEPS
currencies: {statement: {in: payee.currency, rate: period average}}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [RELEASE]}
  storno: {when: order reached cancelled, REINSTATED lands_in: month of the event, effect: {base: {takes: 100 %, out_of: OUT_OF, unreleased: dropped}}}
payment: {negative_balance: carried, minimum: 0 EUR RESERVES}
examples:
  - name: dollars
    given:
      payees: [{id: A1, kind: agency, currency: USD}]
      exchange_rates:
        - {type: period average, from: EUR, to: USD, period: 2026-03, rate: '1.00'}
        - {type: period average, from: EUR, to: USD, period: 2026-04, rate: '1.50'}
        - {type: period average, from: EUR, to: USD, period: 2026-05, rate: '2.00'}
      FACTS
      orders:
        - {id: O1, signed_on: 2026-03-01, seller: A1, amount: 9 000 EUR, states: {activated: 2026-03-04 STATES}}
        - {id: O2, signed_on: 2026-03-01, seller: A1, amount: OTHER EUR, states: {activated: SECOND}}
    expect: {}
""")
USUAL = {
    "MEASURES": "",
    "STEPS": "",
    "RELEASE": "{share: rest, at: activated}",
    "OUT_OF": "released",
    "REINSTATED": "",
    "RESERVES": "",
    "FACTS": "",
    "STATES": ", cancelled: 2026-05-04",
    "SECOND": "2026-06-01",
    "OTHER": "1 000",
}
CAP = (
    "payee_caps: [{payee: A1, principal: example, "
    "from: 2026-01-01, to: 2027-01-01, amount: 100 EUR}]"
)
RESERVE = (
    ", reserves: {safety: {of: [base], withholds: [{from: 0 EUR, share: 20 %}], "
    "ceiling: 1 000 EUR, meets_reversals: 'true', released: {months: 24}}}"
)


def stated(**changed: str) -> Counter[tuple[str, str, Decimal]]:
    text = PLAN
    for name, value in (USUAL | changed).items():
        text = text.replace(name, value)
    plan = checked(text)
    relations, until = plan.examples[0].relations, Month(2026, 5)
    result = calculate(plan, relations, until=until)
    paid = pay(plan, relations, result.lines, until=until)
    found = state(plan, relations, result.lines, paid, until=until)
    lookup = {node.node_id: node for node in (*result.nodes, *paid.nodes, *found.nodes)}
    for item in found.amounts:
        assert check_tree(lookup[item.node_id], lookup) == ()
    whats = {line.line_id: line.what for line in (*result.lines, *paid.lines)}
    return Counter((item.month, whats[item.line_id], item.amount) for item in found.amounts)


def rows(*given: tuple[str, str, str]) -> Counter[tuple[str, str, Decimal]]:
    return Counter((month, what, Decimal(amount)) for month, what, amount in given)


CAPPED = (("2026-03", "release", "900.00"), ("2026-03", "payee_cap", "-800.00"))


def test_what_a_cap_gives_back_has_the_rate_of_what_is_taken_back() -> None:
    assert stated(FACTS=CAP) == rows(
        *CAPPED,
        ("2026-05", "reversal", "-900.00"),
        ("2026-05", "payee_cap", "800.00"),
        ("2026-05", "carried_out", "100.00"),
    )


def test_what_a_cap_takes_besides_what_it_gives_back_has_the_rate_of_its_month() -> None:
    # -900 EUR at 1.00 and 300 at 2.00; the cap gives back 800 at 1.00 and takes 200 at 2.00: the 100
    # that are taken back of March make no room for what May earns.
    assert stated(FACTS=CAP, SECOND="2026-05-02", OTHER="3 000") == rows(
        *CAPPED,
        ("2026-05", "release", "600.00"),
        ("2026-05", "reversal", "-900.00"),
        ("2026-05", "payee_cap", "400.00"),
    )


def test_what_a_cap_takes_again_has_the_rate_of_what_is_reinstated() -> None:
    assert stated(
        FACTS=CAP,
        REINSTATED="reinstated_when: order reached verified,",
        STATES=", cancelled: 2026-04-04, verified: 2026-05-04",
    ) == rows(
        *CAPPED,
        ("2026-04", "reversal", "-900.00"),
        ("2026-04", "payee_cap", "800.00"),
        ("2026-04", "carried_out", "100.00"),
        ("2026-05", "reinstatement", "900.00"),
        ("2026-05", "payee_cap", "-800.00"),
        ("2026-05", "carried_in", "-100.00"),
    )


def test_what_a_reserve_meets_has_the_rate_at_which_it_was_withheld() -> None:
    assert stated(RESERVES=RESERVE) == rows(
        ("2026-03", "release", "900.00"),
        ("2026-03", "reserve_withheld", "-180.00"),
        ("2026-05", "reversal", "-900.00"),
        ("2026-05", "reserve_used", "180.00"),
        ("2026-05", "carried_out", "720.00"),
    )


def test_a_reserve_meets_at_the_rates_of_several_months_the_oldest_first() -> None:
    assert stated(RESERVES=RESERVE, SECOND="2026-04-02") == rows(
        ("2026-03", "release", "900.00"),
        ("2026-03", "reserve_withheld", "-180.00"),
        ("2026-04", "release", "150.00"),
        ("2026-04", "reserve_withheld", "-30.00"),
        ("2026-05", "reversal", "-900.00"),
        # 180 EUR of March at 1.00 and 20 EUR of April at 1.50.
        ("2026-05", "reserve_used", "210.00"),
        ("2026-05", "carried_out", "690.00"),
    )


def test_a_reserve_releases_at_the_rate_at_which_it_withheld() -> None:
    # 180 EUR of March at 1.00, not at May's 2.00: over the months nothing is won or lost.
    assert stated(RESERVES=RESERVE.replace("24", "2"), STATES="") == rows(
        ("2026-03", "release", "900.00"),
        ("2026-03", "reserve_withheld", "-180.00"),
        ("2026-05", "reserve_released", "180.00"),
    )


def test_what_a_reserve_held_before_the_plan_is_released_first_at_the_rate_of_its_month() -> None:
    # 20 EUR that stood in February were never stated here: 30.00 at April's 1.50; then March's 180.
    opening = (
        "openings: [{reserve: safety, payee: A1, month: 2026-02, day: 2026-02-28, amount: 20 EUR}]"
    )
    assert stated(RESERVES=RESERVE.replace("24", "2"), STATES="", FACTS=opening) == rows(
        ("2026-03", "release", "900.00"),
        ("2026-03", "reserve_withheld", "-180.00"),
        ("2026-04", "reserve_released", "30.00"),
        ("2026-05", "reserve_released", "180.00"),
    )


def test_what_waits_over_a_cap_on_releases_keeps_the_rate_of_the_month_it_landed_in() -> None:
    # 900 EUR land in March: 500 are paid at 1.00; the 400 that wait are paid in April, at 1.00 too.
    cap = "    steps: [{cap: 500 EUR, over: release, surplus: deferred}]"
    assert stated(STEPS=cap.strip(), STATES="") == rows(
        ("2026-03", "release", "900.00"),
        ("2026-03", "reserve_withheld", "-400.00"),
        ("2026-04", "reserve_released", "400.00"),
    )


def test_a_whole_earning_taken_back_has_the_rates_of_its_shares() -> None:
    assert stated(
        RELEASE="{share: 50 %, at: activated}, {share: rest, at: verified}",
        OUT_OF="earned",
        STATES=", verified: 2026-04-03, cancelled: 2026-05-04",
    ) == rows(
        ("2026-03", "release", "450.00"),
        ("2026-04", "release", "675.00"),
        ("2026-05", "reversal", "-1125.00"),
        ("2026-05", "carried_out", "1125.00"),
    )


@pytest.mark.parametrize("floor", [600, 450])
def test_a_floor_taken_back_later_has_the_rate_at_which_it_was_given(floor: int) -> None:
    found = stated(
        STATES="",
        MEASURES="measures:\n  quality: {loaded: kpi, gives: percent, over: month, per: payee,"
        " missing: 80 %}",
        STEPS="steps: [{gate: quality >= 90 %, otherwise: hold},"
        f" {{floor: {floor} EUR, over: payee and month}}]",
        FACTS="kpis: [{payee: A1, month: 2026-05, quality: 95 %}]",
    )

    assert found["2026-03", "release", Decimal(floor)] == 1
    assert found["2026-05", "reversal", Decimal(-floor)] == 1
