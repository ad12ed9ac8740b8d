"""Constructs composed: components on cells by formula, on each other, and steps on credits."""

from decimal import Decimal

import pytest

from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.explain import check_tree, words
from premia_plan.library import library_plan

from ..small_plans import checked, plan_of_sales  # noqa: TID252

CLOSE = "[{share: rest, at: close of the measured month}]"
RECOUNT = "{recount: the measured month}"
TOP_UP = """components:
  top_up:                            # stands before what it is paid on
    per: payee and month
    amount: quality * 10 %
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
  quality:
    per: payee and month
    amount: first_time_right * 1 000 EUR
    steps:
      - {gate: attainment >= 100 % and target.activated_value > 0 EUR, otherwise: 0 EUR}
      - {round: cent, mode: half_up, each: sum}
    lands_in: the measured month
"""
WITH_TOP_UP = (
    ("components:\n", TOP_UP),
    (f"    accelerator: {CLOSE}\n", f"    accelerator: {CLOSE}\n    quality: {CLOSE}\n    top_up: {CLOSE}\n"),
    (
        f"      accelerator: {RECOUNT}\n",
        f"      accelerator: {RECOUNT}\n      quality: {RECOUNT}\n      top_up: {RECOUNT}\n",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def composed(agency_with):
    return agency_with(*WITH_TOP_UP)


@pytest.fixture(scope="module")
def world(facts):
    cancelled = {"activated": "2026-03-20", "cancelled": "2026-05-20"}
    world = facts.with_target("A1", "2026-03", "50000")
    return world.with_order("O1", "40000", {"activated": "2026-03-04"}).with_order(
        "O2", "26000", cancelled
    )


def of(result, totals, component: str) -> dict[tuple[str, str], Decimal]:
    found = totals(result).items()
    return {(who, month): amount for (who, month, name), amount in found if name == component}


def test_a_component_on_another_follows_it_through_a_recount(composed, world, totals) -> None:
    result = world.calculated(composed)

    assert of(result, totals, "quality") == {
        ("A1", "2026-03"): Decimal("950.00"),
        ("A1", "2026-05"): Decimal("-950.00"),
    }
    assert of(result, totals, "top_up") == {
        ("A1", "2026-03"): Decimal("95.00"),
        ("A1", "2026-05"): Decimal("-95.00"),
    }


def test_pay_of_a_whole_month_names_no_order_and_is_explained(composed, world) -> None:
    result = world.calculated(composed)
    lookup = {node.node_id: node for node in result.nodes}
    lines = [line for line in result.lines if line.component == "top_up"]

    assert {(line.order_id, line.credit_id, line.principal) for line in lines} == {
        (None, None, "P")
    }
    for line in lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    first = next(line for line in lines if line.what == "release")
    assert "first_time_right of 2026-03 was measured as 95 %" in words(
        lookup[first.node_id], lookup, "en"
    )


def test_what_is_wanted_since_a_month_is_the_same_as_without_it(composed, world) -> None:
    everything = world.calculated(composed)
    late = world.calculated(composed, since="2026-05")

    wanted = {line for line in everything.lines if (line.month or "9999") >= "2026-05"}
    assert {line for line in late.lines if line.month is not None} == {
        line for line in wanted if line.month is not None
    }


def test_a_missing_input_is_told_for_every_component_that_needs_it(composed, facts) -> None:
    world = facts.with_target("A1", "2026-03", "50000", kpi=None)
    sold = world.with_order("O1", "60000", {"activated": "2026-03-04"})
    result = sold.calculated(composed, until="2026-03")

    assert {(item.code, item.month) for item in result.exceptions} == {
        ("measurement_missing", "2026-03")
    }
    assert {item.message.partition(" of ")[0] for item in result.exceptions} == {
        "A1, accelerator",
        *(f"{payee}, {name}" for payee in ("A1", "A2", "M1") for name in ("quality", "top_up")),
    }
    unpaid = [line for line in result.lines if line.component in {"quality", "top_up"}]
    assert {(line.component, line.what, line.reason_code) for line in unpaid} == {
        ("quality", "not_paid", "measurement_missing"),
        ("top_up", "not_paid", "measurement_missing"),
    }


def test_steps_on_a_credit_cap_and_gate_each_line(agency_with, facts, totals) -> None:
    per_line = "    steps: [{round: cent, mode: half_up, each: line}]"
    amount = "    amount: credit.amount * commission_rate\n"
    steps = """    steps:
      - {gate: credit.amount >= 500 EUR, otherwise: 5 EUR}
      - {cap: 30 EUR, over: line, surplus: lost}
      - {round: cent, mode: half_up, each: line}"""
    plan = agency_with((amount + per_line, amount + steps))
    reached = {"activated": "2026-03-04", "first_bill_paid": "2026-03-09"}
    world = facts.with_target("A1", "2026-03", "500000")
    world = world.with_order("O1", "1200", reached).with_order("O2", "499.99", reached)
    result = world.with_order("O3", "900", reached).calculated(plan)
    lookup = {node.node_id: node for node in result.nodes}

    by_order: dict[str | None, Decimal] = {}
    for line in result.lines:
        if line.component == "base":
            by_order[line.order_id] = by_order.get(line.order_id, Decimal(0)) + line.amount
            assert check_tree(lookup[line.node_id], lookup) == ()
    assert by_order == {"O1": Decimal("30.00"), "O2": Decimal("5.00"), "O3": Decimal("27.00")}


def findings(*replacements: tuple[str, str]) -> set[tuple[str, str]]:
    text = library_plan("agency-energy")
    for old, new in (*WITH_TOP_UP, *replacements):
        assert old in text, old
        text = text.replace(old, new)
    return {(item.code, item.path) for item in check_plan(parse_plan(text)).findings}


def test_components_on_cells_that_pay_on_each_other_are_refused() -> None:
    found = findings(("amount: first_time_right * 1 000 EUR", "amount: top_up * 2"))

    assert found == {
        ("components.cyclic", "/components/quality/amount"),
        ("components.cyclic", "/components/top_up/amount"),
    }


def test_a_gate_that_asks_for_its_own_component_is_refused() -> None:
    found = findings(("{gate: attainment >= 100 %", "{gate: top_up >= 100 EUR"))

    assert ("components.cyclic", "/components/top_up/amount") in found


def test_pay_for_no_order_waits_for_no_state_and_is_not_taken_back_by_share() -> None:
    assert findings((f"    quality: {CLOSE}", "    quality: [{share: rest, at: activated}]")) == {
        ("state.unknown", "/settlement/release/quality/0/at")
    }
    taken = "      quality: {takes: 100 %, out_of: released, unreleased: dropped}"
    assert findings((f"      quality: {RECOUNT}", taken)) == {
        ("storno.no_order", "/settlement/storno/effect/quality")
    }


QUARTER = plan_of_sales("""
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: quarter, per: payee, reversed_order: leaves}
components:
  bonus:
    per: payee and quarter
    tiers: {mode: whole, looked_up_by: sold, pays_on: sold, bands: [{from: 0 EUR, gives: 1 %}, {from: 3 000 EUR, gives: 3 %}]}
    steps: [{round: cent, mode: half_up, each: sum}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: 50 %, at: activated}, {share: rest, at: first_bill_paid}]}
  storno: {when: order reached cancelled, lands_in: month of the event, effect: {bonus: {recount: the measured period}}}
examples:
  - name: three orders, the second cancelled
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-01-20, seller: A1, amount: 1 000 EUR, states: {activated: 2026-02-01, first_bill_paid: 2026-04-10}}
        - {id: O2, signed_on: 2026-02-20, seller: A1, amount: 2 000 EUR, states: {activated: 2026-03-01, first_bill_paid: 2026-06-10, cancelled: 2026-05-10}}
        - {id: O3, signed_on: 2026-03-20, seller: A1, amount: 1 000 EUR, states: {activated: 2026-07-01}}
    expect:
      A1: {2026-03: {bonus: 45.00 EUR}, 2026-04: {bonus: 15.00 EUR}, 2026-05: {bonus: -50.00 EUR}, 2026-07: {bonus: 5.00 EUR}}
""")


def test_a_quarter_pays_nothing_with_its_orders_before_it_closes() -> None:
    """120 EUR of 4 000 pay 30, 60 and 30; without the second order 20 of 2 000 pay 10 and 10."""
    plan = checked(QUARTER)
    assert [(result.passed, result.differences) for result in run_examples(plan)] == [(True, ())]
