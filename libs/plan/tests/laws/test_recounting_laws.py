"""What must hold of pay that rests on a period, when the period is counted again."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, calculate
from premia_plan.relations import OrderRow, Relations, ReversalRow, SourceRef, StateReached
from premia_plan.results import Line

from ..small_plans import checked  # noqa: TID252

SOURCE = SourceRef("message", "M")
UNTIL = Month.parse("2029-12")
PLAN = """
plan: recounted
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}], counts_for: [money, target]}}
measures:
  sold: {{sum: credit.amount, of: sale, when: order reached activated, dated_by: day of activated, over: month, per: payee, reversed_order: leaves by its reversed share}}
components:
  base: {{per: credit of sale, amount: credit.amount * 3 %, steps: [{{round: cent, mode: half_up, each: line}}, {{gate: sold >= 2 000 EUR, otherwise: 0 EUR}}]}}
  bonus:
    per: payee and month
    tiers: {{mode: {mode}, looked_up_by: sold, pays_on: sold, edge: to the band that starts there, below_first: nothing, above_last: open, bands: [{{from: 0 EUR, gives: 1 %}}, {{from: 3 000 EUR, gives: 2 %}}]}}
    steps: [{{round: cent, mode: half_up, each: sum}}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: {base}, bonus: {bonus}}}
  storno:
    when: order reached cancelled
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect: {{base: {{recount: the measured period}}, bonus: {{recount: the measured month{reversed}}}}}
examples:
  - name: nothing
    given: {{payees: [{{id: A1, kind: agency}}], orders: [{{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, states: {{activated: 2026-02-01}}}}]}}
    expect: {{}}
"""
RELEASES = (
    "[{share: rest, at: activated}]",
    "[{share: 1/3, at: activated}, {share: rest, at: first_bill_paid}]",
    "[{share: rest, at: activated, instalments: {count: 7, every: month}}]",
)
CLOSES = (
    "[{share: rest, at: close of the measured month}]",
    "[{share: 50 %, at: close of the measured month}, {share: rest, at: first_bill_paid}]",
    "[{share: rest, at: close of the measured month, instalments: {count: 6, every: month}}]",
)


def _plan(mode: str, base: str, bonus: str, reversed_at: str = "") -> CheckedPlan:
    text = PLAN.format(mode=mode, base=base, bonus=bonus, reversed=reversed_at)
    return checked(text)


PLANS = [
    _plan(mode, base, bonus)
    for mode in ("marginal", "whole")
    for base, bonus in zip(RELEASES, CLOSES, strict=True)
]
AT_ITS_BANDS = ", reversed: at the bands of its original"
IN_PLACE = [
    _plan("marginal", base, bonus, AT_ITS_BANDS)
    for base, bonus in zip(RELEASES, CLOSES, strict=True)
]


@st.composite
def _orders(draw: st.DrawFn, *, restored: bool) -> tuple[OrderRow, ...]:
    base = PLANS[0].examples[0].relations.orders[0]
    found = []
    for number in range(draw(st.integers(1, 4))):
        activated = date(2026, 2, 1) + timedelta(days=draw(st.integers(0, 40)))
        states = {"activated": activated}
        if draw(st.booleans()):
            states["first_bill_paid"] = activated + timedelta(days=draw(st.integers(0, 200)))
        if draw(st.booleans()):
            states["cancelled"] = activated + timedelta(days=draw(st.integers(0, 250)))
            if restored and draw(st.booleans()):
                states["accepted"] = states["cancelled"] + timedelta(days=draw(st.integers(0, 90)))
        reached = tuple(StateReached(name, day, None, SOURCE) for name, day in states.items())
        amount = draw(st.decimals(0, 3000, places=2))
        name = f"O{number}"
        found.append(replace(base, order_id=name, record_id=name, amount=amount, states=reached))
    return tuple(found)


@st.composite
def _worlds(draw: st.DrawFn) -> Relations:
    orders = draw(_orders(restored=True))
    parts = draw(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100)), max_size=3))
    rows = tuple(
        ReversalRow(
            f"R{number}",
            draw(st.sampled_from([order.order_id for order in orders])),
            date(2026, 2, 1) + timedelta(days=days),
            None,
            Decimal(part) / 100,
            None,
            None,
            SOURCE,
        )
        for number, (days, part) in enumerate(parts)
    )
    return replace(PLANS[0].examples[0].relations, orders=orders, reversals=rows)


def _paid(lines: tuple[Line, ...]) -> dict[tuple[str, str | None], Decimal]:
    found: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.what in PAID:
            found[line.component, line.order_id] += line.amount
    return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*PLANS, *IN_PLACE]), _worlds())
def test_no_order_ever_owes_more_than_it_was_paid(plan, relations):
    lines = [line for line in calculate(plan, relations, until=UNTIL).lines if line.what in PAID]
    standing: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for month in sorted({line.month for line in lines if line.month}):
        for line in lines:
            if line.month == month:
                standing[line.component, line.order_id] += line.amount
        assert min(standing.values(), default=Decimal(0)) >= 0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLANS), _orders(restored=False))
def test_in_the_end_it_is_paid_as_if_the_cancelled_orders_had_never_been(plan, orders):
    base = plan.examples[0].relations
    kept = tuple(
        order for order in orders if all(state.state != "cancelled" for state in order.states)
    )
    result = calculate(plan, replace(base, orders=orders), until=UNTIL)
    assert _paid(result.lines) == _paid(
        calculate(plan, replace(base, orders=kept), until=UNTIL).lines
    )


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([IN_PLACE[0], IN_PLACE[2]]), _orders(restored=False))
def test_a_cancelled_order_takes_away_what_its_place_gave_and_nothing_more(plan, orders):
    """Bands end at 3 000 EUR; the first is paid with 1 %, what is above with 2 %."""
    result = calculate(plan, replace(plan.examples[0].relations, orders=orders), until=UNTIL)

    gone = {
        order.order_id: item.on
        for order in orders
        for item in order.states
        if item.state == "cancelled"
    }
    expected: dict[str, Decimal] = defaultdict(Decimal)
    standing: dict[str, Decimal] = defaultdict(Decimal)
    for order in sorted(orders, key=lambda order: (order.states[0].on, order.order_id)):
        month, left = f"{order.states[0].on:%Y-%m}", gone.get(order.order_id)
        if left is not None and f"{left:%Y-%m}" == month:
            continue
        before, after = standing[month], standing[month] + order.amount
        standing[month] = after
        if left is None:
            expected[month] += (after - before + max(after, 3000) - max(before, 3000)) / 100
    cent = Decimal("0.01")
    due = {month: amount.quantize(cent, "ROUND_HALF_UP") for month, amount in expected.items()}
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.component == "bonus" and line.what in PAID:
            paid[line.competence] += line.amount
    assert {month: amount for month, amount in paid.items() if amount} == {
        month: amount for month, amount in due.items() if amount
    }


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([*PLANS, *IN_PLACE]), _worlds())
def test_every_line_is_explained(plan, relations):
    result = calculate(plan, relations, until=UNTIL)
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Fraction(lookup[line.node_id].value) == Fraction(line.amount)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([*PLANS, *IN_PLACE]),
    _worlds(),
    st.sampled_from(["2026-03", "2026-06", "2026-10"]),
)
def test_what_lands_from_a_month_on_is_the_same_without_what_came_before(plan, relations, month):
    whole = calculate(plan, relations, until=UNTIL)
    since = calculate(plan, relations, until=UNTIL, since=Month.parse(month))
    wanted = {line for line in whole.lines if line.month is not None and line.month >= month}
    assert wanted == {line for line in since.lines if line.month is not None}


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([*PLANS, *IN_PLACE]),
    _worlds(),
    st.sampled_from(["2026-02", "2026-05", "2026-08"]),
)
def test_a_later_look_changes_nothing_in_earlier_months(plan, relations, month):
    early = calculate(plan, relations, until=Month.parse(month))
    late = calculate(plan, relations, until=UNTIL)
    then = {line for line in early.lines if line.month is not None}
    assert then == {line for line in late.lines if line.month is not None and line.month <= month}
