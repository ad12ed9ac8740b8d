"""What the steps of a period's component leave, whatever was measured in it."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, Calculation, calculate
from premia_plan.relations import MeasurementRow, SourceRef

from ..small_plans import checked  # noqa: TID252

HEAD = """
plan: laws
title: {en: laws}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: VALID_TO, by: order.signed_on}
participants: payee.kind = "agency"
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  points: {loaded: kpi, gives: count, over: month, per: payee, missing: zero}
  quality: {loaded: kpi, gives: percent, over: month, per: payee, missing: zero}
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]
components:
"""
ROUND = "{round: cent, mode: half_up, each: sum}"
MONTHS = tuple(f"2026-{month:02}" for month in range(1, 7))
measured = st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 900), max_size=6)


def planned(amount: str, *steps: str, valid_to: str = "2027-01-01"):
    text = (
        HEAD.replace("VALID_TO", valid_to)
        + f"""
  bonus:
    per: payee and month
    {amount}
    steps: [{", ".join([ROUND, *steps])}]
    lands_in: the measured month
"""
    )
    return checked(text)


def calculated(plan, facts, **values: Mapping[str, int]) -> Calculation:
    rows = tuple(
        MeasurementRow(
            "A1", name, month, Decimal(value), SourceRef("message", name, "ab" * 32, name)
        )
        for name, by_month in values.items()
        for month, value in by_month.items()
    )
    result = calculate(plan, facts.with_rows(measurements=rows).relations, until=Month(2026, 6))
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    return result


def of_a1(result: Calculation) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.what in PAID and line.payee_id == "A1" and line.month is not None:
            found[line.month] += line.amount
    return found


@pytest.fixture(scope="module", params=["2027-01-01", "2026-07-01"])
def carrying(request):
    cap = "{cap: 300 EUR, over: payee and month, surplus: carried}"
    return planned("amount: points * 1 EUR", cap, valid_to=request.param)


@settings(max_examples=25, deadline=None)
@given(points=measured)
def test_a_carried_surplus_is_paid_or_held_or_named(carrying, facts, points) -> None:
    result = calculated(carrying, facts, points=points)

    paid = of_a1(result)
    left = [line for line in result.lines if line.what in {"held", "not_paid"}]
    assert all(amount <= 300 for amount in paid.values())
    assert sum(paid.values()) + sum(line.amount for line in left) == sum(points.values())
    is_named = {item.code for item in result.exceptions} == {"surplus_left"}
    assert is_named == any(line.what == "not_paid" for line in left)


@pytest.fixture(scope="module")
def gated():
    gate = "{gate: quality >= 50 %, otherwise: 7 EUR}"
    return planned("amount: points * 1 EUR", gate, "{floor: 100 EUR}")


@settings(max_examples=25, deadline=None)
@given(points=measured, quality=st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 1)))
def test_a_gate_that_is_not_met_beats_a_floor_and_zero(gated, facts, points, quality) -> None:
    paid = of_a1(calculated(gated, facts, points=points, quality=quality))

    assert paid == {
        month: max(100, points.get(month, 0)) if quality.get(month, 0) else 7 for month in MONTHS
    }


@pytest.fixture(scope="module")
def trued_up():
    tiers = "{mode: whole, looked_up_by: points, pays_on: points, bands: [BANDS]}"
    bands = "{from: 0, gives: 0.01 EUR}, {from: 1000, gives: 0.333 EUR}"
    cap = "{cap: 100 EUR, over: payee and month, surplus: lost}"
    return planned(f"true_up: year\n    tiers: {tiers.replace('BANDS', bands)}", cap)


@settings(max_examples=25, deadline=None)
@given(points=measured)
def test_a_cap_of_a_month_cuts_what_the_month_gives_to_the_year_so_far(
    trued_up, facts, points
) -> None:
    paid, total, before, due = of_a1(calculated(trued_up, facts, points=points)), 0, Decimal(0), {}
    for month in MONTHS:
        total += points.get(month, 0)
        rate = Decimal("0.01") if total < 1000 else Decimal("0.333")
        now = (total * rate).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
        due[month], before = min(Decimal(100), now - before), now

    assert paid == {month: amount for month, amount in due.items() if amount}
