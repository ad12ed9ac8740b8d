"""What must hold however an order's pay is scheduled, reversed in parts and restored."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, TakeBack
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, Calculation, calculate
from premia_plan.relations import Relations, ReversalRow, SourceRef, StateReached

from ..small_plans import checked  # noqa: TID252

SOURCE = SourceRef("message", "M")
PLAN = """
plan: scheduled
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
attributes: {{order: {{term: count}}}}
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}], counts_for: [money]}}
components:
  base: {{per: credit of sale, amount: credit.amount * 3 %, steps: [{{round: cent, mode: half_up, each: line}}]}}
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: {release}}}
  storno:
    when: order reached cancelled or order reached churned
    reinstated_when: order reached accepted
    lands_in: month of the event
    effect: {{base: {{takes: {takes}, out_of: {out_of}, unreleased: {unreleased}}}}}
examples:
  - name: one order
    given:
      payees: [{{id: A1, kind: agency}}]
      orders: [{{id: O1, signed_on: 2026-01-05, seller: A1, amount: 0 EUR, term: 12, states: {{activated: 2026-02-01}}}}]
    expect: {{}}
"""
RELEASES = (
    "[{share: rest, at: activated}]",
    (
        "[{share: 1/3, at: activated}, {share: 1/3, at: first_bill_paid}, "
        "{share: rest, at: {months: 2, after: activated}}]"
    ),
    (
        "[{share: 12.5 %, at: activated}, "
        "{share: rest, at: first_bill_paid, instalments: {count: 7, every: month}}]"
    ),
)
TAKES = (
    "100 %",
    "37.5 %",
    (
        "{elapsed: started months, since: activated, "
        "steps: [{within: 2, takes: 100 %}, {within: 5, takes: 55 %}]}"
    ),
    "{in_proportion_to: order.term, elapsed: days, since: activated}",
    "{formula: 'if reversal.cause = \"fraud\" then 120 % else 25 %'}",
)


def _plan(release: str, takes: str, out_of: str, unreleased: str) -> CheckedPlan:
    text = PLAN.format(release=release, takes=takes, out_of=out_of, unreleased=unreleased)
    return checked(text)


PLANS = [
    _plan(release, takes, out_of, unreleased)
    for release in RELEASES
    for takes in TAKES
    for out_of in ("earned", "released", "paid")
    for unreleased in ("dropped", "kept", "reduced")
]


def _takes_all(plan: CheckedPlan) -> bool:
    effect = plan.storno.effect["base"] if plan.storno else None
    return isinstance(effect, TakeBack) and effect.is_plain and effect.ratio == 1


@st.composite
def _facts(draw: st.DrawFn, *, restored: bool = False) -> Relations:
    base = PLANS[0].examples[0].relations
    activated = date(2026, 2, 1) + timedelta(days=draw(st.integers(0, 60)))
    states = {"activated": activated}
    if draw(st.booleans()):
        states["first_bill_paid"] = activated + timedelta(days=draw(st.integers(0, 120)))
    if restored or draw(st.booleans()):
        states["cancelled"] = activated + timedelta(days=draw(st.integers(0, 200)))
        if restored or draw(st.booleans()):
            states["accepted"] = states["cancelled"] + timedelta(days=draw(st.integers(0, 90)))
    if not restored and draw(st.booleans()):
        states["churned"] = activated + timedelta(days=draw(st.integers(0, 300)))
    order = replace(
        base.orders[0],
        amount=draw(st.decimals(-9000, 9000, places=2)),
        attributes={"term": Decimal(draw(st.integers(1, 730)))},
        states=tuple(StateReached(name, day, None, SOURCE) for name, day in states.items()),
    )
    parts = (
        []
        if restored
        else draw(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100)), max_size=3))
    )
    rows = tuple(
        ReversalRow(
            f"R{number}",
            "O1",
            activated + timedelta(days=days),
            None,
            Decimal(part) / 100,
            draw(st.sampled_from([None, "fraud"])),
            None,
            SOURCE,
        )
        for number, (days, part) in enumerate(parts)
    )
    return replace(base, orders=(order,), reversals=rows)


def _totals(result: Calculation) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for line in result.lines:
        totals[line.what] += line.amount
    return totals


def _earned(relations: Relations) -> Decimal:
    amount = Fraction(relations.orders[0].amount) * 3
    cents = int((2 * abs(amount) + 1) // 2)
    return Decimal(cents if amount >= 0 else -cents) / 100


UNTIL = Month.parse("2029-12")
HELD = (
    "[{share: 50 %, at: activated}, "
    "{share: rest, at: first_bill_paid, while: not order reached churned, otherwise: held}]"
)


def _waiting(unreleased: str) -> CheckedPlan:
    """Return a plan in which pay waits for a decision, or for good."""
    text = PLAN.format(release=HELD, takes="100 %", out_of="released", unreleased=unreleased)
    decided = "    lands_in: month of the event"
    found = check_plan(
        parse_plan(
            text.replace(decided, f"    undecided_when: reversal.cause is not known\n{decided}")
        )
    )
    assert found.plan is not None, found.findings
    return found.plan


WAITING = [_waiting("dropped"), _waiting("kept")]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLANS), _facts())
def test_what_is_released_held_and_dropped_is_what_was_earned(plan, relations):
    totals = _totals(calculate(plan, relations, until=UNTIL))
    assert totals["release"] + totals["held"] + totals["not_paid"] == _earned(relations)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLANS), _facts())
def test_never_more_is_taken_back_than_was_released(plan, relations):
    totals = _totals(calculate(plan, relations, until=UNTIL))
    released, taken = totals["release"], totals["reversal"] + totals["reinstatement"]
    if released >= 0:
        assert -released <= taken <= 0
    else:
        assert 0 <= taken <= -released


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from([plan for plan in PLANS if "earned" not in repr(plan.storno)]),
    _facts(restored=True),
)
def test_a_restored_order_pays_in_the_end_what_it_would_have_paid(plan, relations):
    order = relations.orders[0]
    kept = tuple(s for s in order.states if s.state not in {"cancelled", "accepted"})
    untouched = replace(relations, orders=(replace(order, states=kept),))
    assert _paid(plan, relations) == _paid(plan, untouched)


def _paid(plan: CheckedPlan, relations: Relations) -> Decimal:
    lines = calculate(plan, relations, until=UNTIL).lines
    return sum((line.amount for line in lines if line.what in PAID), Decimal(0))


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(PLANS), _facts(), st.randoms(use_true_random=False))
def test_reversals_in_any_order_of_arrival_give_the_same_lines_each_explained(
    plan, relations, shuffle
):
    rows = list(relations.reversals)
    shuffle.shuffle(rows)
    result = calculate(plan, relations, until=UNTIL)
    again = calculate(plan, replace(relations, reversals=(*rows, *rows)), until=UNTIL)
    assert result.digest() == again.digest()
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Fraction(lookup[line.node_id].value) == Fraction(line.amount)


@pytest.mark.parametrize("month", ["2026-02", "2026-05", "2026-09"])
@settings(max_examples=12, deadline=None)
@given(st.sampled_from(PLANS), _facts())
def test_what_lands_from_a_month_on_is_the_same_without_what_came_before(month, plan, relations):
    until = Month.parse("2027-03")
    whole = calculate(plan, relations, until=until)
    since = calculate(plan, relations, until=until, since=Month.parse(month))
    wanted = {line for line in whole.lines if line.month is not None and line.month >= month}
    assert wanted == {line for line in since.lines if line.month is not None}
    held = {line for line in whole.lines if line.what == "held"}
    assert held <= set(since.lines)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(WAITING), _facts())
def test_what_waits_for_a_decision_or_for_good_is_told_since_any_month(plan, relations):
    until = Month.parse("2027-03")
    whole = calculate(plan, relations, until=until)
    since = calculate(plan, relations, until=until, since=Month.parse("2026-11"))
    assert {line for line in whole.lines if line.what == "held"} <= set(since.lines)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([plan for plan in PLANS if plan.storno and _takes_all(plan)]),
    _facts(),
    st.lists(st.integers(0, 300), min_size=4, max_size=4),
)
def test_four_quarters_reversed_whenever_they_come_leave_nothing(plan, relations, days):
    start = relations.orders[0].states[0].on
    quarters = tuple(
        ReversalRow(
            f"Q{number}",
            "O1",
            start + timedelta(days=day),
            None,
            Decimal("0.25"),
            None,
            None,
            SOURCE,
        )
        for number, day in enumerate(days)
    )
    order = relations.orders[0]
    reversing = {"cancelled", "accepted", "churned"}
    states = tuple(state for state in order.states if state.state not in reversing)
    world = replace(relations, orders=(replace(order, states=states),), reversals=quarters)
    assert _paid(plan, world) == 0


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from([plan for plan in PLANS if _takes_all(plan)]),
    _facts(restored=True),
    st.integers(1, 300),
)
def test_an_order_restored_and_left_again_later_leaves_nothing(plan, relations, days):
    order = relations.orders[0]
    restored = next(state.on for state in order.states if state.state == "accepted")
    left = StateReached("churned", restored + timedelta(days=days), None, SOURCE)
    world = replace(relations, orders=(replace(order, states=(*order.states, left)),))
    assert _paid(plan, world) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(RELEASES),
    st.integers(0, 100),
    st.integers(-900000, 900000),
    st.integers(0, 400),
)
def test_a_part_of_what_was_earned_is_first_met_from_what_is_dropped(release, part, cents, days):
    plan = _plan(release, f"{part} %", "earned", "dropped")
    base = plan.examples[0].relations
    activated = date(2026, 2, 1)
    states = {
        "activated": activated,
        "first_bill_paid": activated + timedelta(days=60),
        "cancelled": activated + timedelta(days=days),
    }
    order = replace(
        base.orders[0],
        amount=Decimal(cents) / 100,
        states=tuple(StateReached(name, day, None, SOURCE) for name, day in states.items()),
    )
    relations = replace(base, orders=(order,))
    released = abs(_totals(calculate(plan, relations, until=UNTIL))["release"])
    earned = abs(_earned(relations))
    taken = Decimal(int(earned * part + Decimal("0.5"))) / 100
    assert abs(_paid(plan, relations)) == min(released, earned - taken)


RULES = """
    rules:
      one:
        when: order reached cancelled
        reinstated_when: order reached accepted
        lands_in: close of the quarter
        effect: {base: {takes: 60 %, out_of: OUT_OF, unreleased: reduced}}
      two:
        when: order reached churned
        within: {months: order.term / 30, after: activated}
        lands_in: 9 days after the event
        effect: {base: {takes: {formula: 'if reversal.cause = "fraud" then 100 % else 30 %'}, out_of: OUT_OF, unreleased: dropped}}
"""


def _with_rules(out_of: str) -> CheckedPlan:
    text = PLAN.format(release=RELEASES[1], takes="100 %", out_of="released", unreleased="dropped")
    start, end = text.index("    when: order reached cancelled"), text.index("examples:")
    return checked(text[:start] + RULES.replace("OUT_OF", out_of) + text[end:])


SEVERAL = [_with_rules(out_of) for out_of in ("earned", "released", "paid")]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SEVERAL), _facts())
def test_several_rules_never_take_back_more_than_was_released(plan, relations):
    result = calculate(plan, relations, until=UNTIL)
    totals = _totals(result)
    released, taken = totals["release"], totals["reversal"] + totals["reinstatement"]
    assert min(released, -released) <= taken <= max(released, -released)
    assert abs(released + taken) <= abs(released)
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
        assert Fraction(lookup[line.node_id].value) == Fraction(line.amount)


DATED = (
    "[{share: rest, at: {date: last day of quarter(day of activated)}}]",
    "[{share: 40 %, at: {date: order.signed_on}}, {share: rest, at: activated}]",
    "[{share: 1/3, at: {months: order.term, after: activated}}, {share: rest, at: activated}]",
    (
        "[{share: rest, at: {date: first day of month(day of first_bill_paid)}, "
        "instalments: {count: 3, every: month}}]"
    ),
)


def _guaranteed(release: str) -> CheckedPlan:
    text = PLAN.format(release=release, takes="100 %", out_of="released", unreleased="dropped")
    floor = "steps: [{floor: 40 EUR, over: payee and month}]\nsettlement:"
    return checked(text.replace("settlement:", floor, 1))


GUARANTEED = [_guaranteed(release) for release in DATED]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(GUARANTEED), st.integers(1, 12))
def test_what_is_guaranteed_for_no_order_is_released_whatever_the_release_waits_for(plan, months):
    relations = replace(plan.examples[0].relations, orders=())
    lines = calculate(plan, relations, until=Month(2026, months)).lines
    closed: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        closed[line.competence] += line.amount
        assert line.what == "release" or "instalments" in repr(plan.release)
        assert line.month is None or line.month >= line.competence
    assert closed == {f"2026-{month:02d}": Decimal(40) for month in range(1, months + 1)}
