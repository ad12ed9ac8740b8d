"""What the linter says of a plan holds for all facts, not only for its examples."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.linting import linear_components, lint, monotone_components
from premia_plan.linting.outcome import outcome
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
    StateReached,
)

from ..small_plans import checked  # noqa: TID252

TEXT = """
plan: law
language: 1
title: {{en: Law}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale:
    amount: order.amount
    divides: base
    shares: [{{to: order.partner, share: {share} %, when: order.partner is known}}, {{to: order.seller, share: rest}}]
measures:
  sold: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}}
components:
  base:
    per: credit of sale
    amount: {amount}
    steps: [{{round: cent, mode: half_up, each: line}}]
  bonus:
    per: payee and month
    tiers:
      mode: {mode}
      looked_up_by: sold
      pays_on: sold
      edge: to the band that starts there
      below_first: nothing
      above_last: open
      bands: [{{from: 0 EUR, gives: {first} %}}, {{from: 50 EUR, gives: {second} %}}, {{from: 80 EUR, gives: {third} %}}]
    steps: [{{round: cent, mode: half_up, each: sum}}, {{cap: {cap} EUR, over: payee and month, surplus: lost}}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {{model: energy_order, of: order}}
  release:
    base: [{{share: 65 %, at: activated}}, {{share: rest, at: first_bill_paid}}]
    bonus: [{{share: rest, at: close of the measured month}}]
examples:
  - name: one month
    given:
      payees: [{{id: A1, kind: agency}}, {{id: B1, kind: agency}}]
      orders:
        - {{id: O1, signed_on: 2026-02-05, seller: A1, amount: 40 EUR, states: {{activated: 2026-02-06, first_bill_paid: 2026-03-01}}}}
    expect: {{}}
"""
AMOUNTS = (
    "credit.amount * 3 %",
    "credit.amount * -3 %",
    "100 EUR - credit.amount",
    "max(credit.amount - 30 EUR, 0 EUR) * 5 % + 2 EUR",
    "min(credit.amount, 60 EUR) * 7 %",
    "if credit.amount > 60 EUR then 1 EUR else 2 EUR",
)
rates = st.sampled_from(["0", "0.5", "1", "3", "7.25"])


@st.composite
def plans(draw: st.DrawFn) -> CheckedPlan:
    text = TEXT.format(
        share=draw(st.integers(1, 99)),
        amount=draw(st.sampled_from(AMOUNTS)),
        mode=draw(st.sampled_from(["marginal", "whole"])),
        first=draw(rates),
        second=draw(rates),
        third=draw(rates),
        cap=draw(st.sampled_from(["1", "5", "1000"])),
    )
    return checked(text)


cents = st.integers(0, 12_000).map(lambda units: Decimal(units).scaleb(-2))
SOURCE = SourceRef("law", "law")


def order(number: int, amount: Decimal, has_partner: bool) -> OrderRow:
    days = {"activated": date(2026, 2, 9), "first_bill_paid": date(2026, 3, 9)}
    return OrderRow(
        order_id=f"O{number}",
        record_id=f"O{number}",
        principal="P",
        signed_on=date(2026, 2, 5),
        seller=PayeeRef.known("A1"),
        partner=PayeeRef.known("B1") if has_partner else None,
        category="",
        territory="",
        amount=amount,
        currency="EUR",
        attributes={},
        lines=(),
        states=tuple(StateReached(name, on, None, SOURCE) for name, on in days.items()),
        imputable_to=None,
        cause=None,
        source=SOURCE,
    )


def world(*orders: OrderRow) -> Relations:
    names = ("A1", "B1")
    return Relations(
        payees=tuple(PayeeRow(name, None, None, {"kind": "agency"}) for name in names),
        assignments=tuple(AssignmentRow(name, name, "P", name, None, None) for name in names),
        orders=orders,
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), amounts=st.lists(cents, min_size=1, max_size=3), more=cents, flags=st.data())
def test_a_component_called_monotone_never_pays_less_for_a_larger_order(
    plan: CheckedPlan, amounts: list[Decimal], more: Decimal, flags: st.DataObject
) -> None:
    certain = monotone_components(plan)
    assume(certain)
    orders = [
        order(number, amount, flags.draw(st.booleans())) for number, amount in enumerate(amounts)
    ]
    larger = [replace(orders[0], amount=orders[0].amount + more), *orders[1:]]

    before = outcome(plan, world(*orders), "2026-04").pay
    after = outcome(plan, world(*larger), "2026-04").pay

    for payee, component in before.keys() | after.keys():
        if component in certain:
            key = payee, component
            assert after.get(key, Decimal(0)) >= before.get(key, Decimal(0)), key


SPLIT = "{to: order.partner, share: 25 %, when: order.partner is known}, "
LINEAR = (
    "credit.amount * 3 %",
    "credit.amount * 1.5 % + order.amount * 0.2 %",
    "-credit.amount * 2 % - credit.amount * (if order.partner is known then 1 % else 3 %)",
    *AMOUNTS[2:],
)


@st.composite
def split_plans(draw: st.DrawFn) -> CheckedPlan:
    text = TEXT.format(
        share=25,
        amount=draw(st.sampled_from(LINEAR)),
        mode=draw(st.sampled_from(["marginal", "whole"])),
        first="0.5",
        second=draw(rates),
        third=draw(rates),
        cap=draw(st.sampled_from(["1", "5", "1000"])),
    )
    if draw(st.booleans()):
        text = text.replace(SPLIT, "")
    return checked(text)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plan=split_plans(),
    amounts=st.lists(cents, min_size=1, max_size=3),
    part=st.integers(0, 100),
    has_partner=st.booleans(),
)
def test_an_order_split_in_two_and_merged_again_pays_the_same_where_the_plan_is_linear(
    plan: CheckedPlan, amounts: list[Decimal], part: int, has_partner: bool
) -> None:
    certain = linear_components(plan)
    assume(certain)
    merged = [order(number, amount, has_partner) for number, amount in enumerate(amounts)]
    first = (amounts[0] * part / 100).quantize(Decimal("0.01"))
    halves = (replace(merged[0], amount=first), order(9, amounts[0] - first, has_partner))

    whole = outcome(plan, world(*merged), "2026-04").pay
    parts = outcome(plan, world(*halves, *merged[1:]), "2026-04").pay

    for payee, component in whole.keys() | parts.keys():
        if component in certain:
            key = payee, component
            rounding = Decimal("0.02") if component == "base" else Decimal(0)
            assert abs(whole.get(key, Decimal(0)) - parts.get(key, Decimal(0))) <= rounding, key


def test_what_is_linear_is_told_from_what_is_not() -> None:
    def linear(amount: str, *, split: bool) -> frozenset[str]:
        text = TEXT.format(share=25, amount=amount, mode="whole", first=0, second=1, third=3, cap=5)
        plan = checked(text if split else text.replace(SPLIT, ""))
        return linear_components(plan)

    assert linear(LINEAR[1], split=True) == {"base"}
    assert linear(LINEAR[2], split=False) == {"base", "bonus"}
    assert all(linear(amount, split=False) == {"bonus"} for amount in AMOUNTS[2:])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans())
def test_no_warning_of_falling_pay_speaks_of_what_is_certain_to_rise(plan: CheckedPlan) -> None:
    certain = {plan.components[name].path for name in monotone_components(plan)}

    falling = [item.path for item in lint(plan) if item.code == "falls"]

    assert not [path for path in falling if any(path.startswith(item) for item in certain)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans())
def test_every_falling_whole_band_is_found(plan: CheckedPlan) -> None:
    """The example's one order sweeps the whole of the month, so no fall can hide from it."""
    cap = Fraction(plan.components["bonus"].steps[-1].limit)
    tiers = plan.components["bonus"].amount
    gives = [band.gives for band in tiers.bands]
    edges = [band.starts for band in tiers.bands]
    drops = [
        f"/components/bonus/tiers/bands/{place}"
        for place in (1, 2)
        if tiers.mode == "whole"
        and min(cap, gives[place - 1] * (edges[place] - 1)) - min(cap, gives[place] * edges[place])
        > Fraction(1, 10)
    ]

    found = {item.path for item in lint(plan) if item.code == "falls"}

    assert set(drops) <= found


def test_a_law_world_is_calculated() -> None:
    text = TEXT.format(share=25, amount=AMOUNTS[0], mode="whole", first=0, second=1, third=3, cap=5)
    plan = checked(text)

    result = calculate(plan, world(order(1, Decimal(100), True)), until=Month(2026, 4))

    assert outcome(plan, world(order(1, Decimal(100), True)), "2026-04").pay == {
        ("A1", "base"): Decimal("2.25"),
        ("B1", "base"): Decimal("0.75"),
        ("A1", "bonus"): Decimal("0.75"),
    }
    assert result.exceptions == ()
