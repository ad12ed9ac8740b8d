"""What landed up to a month is the same however far a calculation looks: limits, places, stornos."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, Measure, SummedMeasure
from premia_plan.explain import check_tree
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    ReversalRow,
    SourceRef,
    StateReached,
)
from premia_plan.results import Calculation, Line

from ..small_plans import checked  # noqa: TID252

SOURCE = SourceRef("message", "M")
LAST = Month(2027, 6)
LAST_DAY = date(2027, 6, 30)
PLAN = """
plan: later
language: 1
title: {{it: Prova, en: Trial}}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: 2026-01-01, to: 2027-01-01, by: order.signed_on}}
participants: payee.kind = "agency"
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.partner, share: 25 %, when: order.partner is known}}, {{to: order.seller, share: rest}}]{first}}}
measures:
  sold: {{sum: credit.amount, of: sale, when: order reached activated, dated_by: day of activated, over: month, per: payee, reversed_order: {leaves}}}
  quality: {{loaded: kpi, gives: percent, over: month, per: payee, missing: 80 %}}
components:
  base:
    per: credit of sale
    amount: credit.amount * {rate}
    steps: [{{round: cent, mode: half_up, each: line}}{base_steps}]
  bonus:
    per: payee and {period}
    tiers: {{mode: {mode}, looked_up_by: {total}, pays_on: {total}, bands: [{{from: 0 EUR, gives: 1 %}}, {{from: 1 500 EUR, gives: 3 %}}]}}
    {true_up}steps: [{{round: cent, mode: half_up, each: sum}}{bonus_steps}]
    {spread}lands_in: {lands}
{limits}
settlement:
  states: {{model: energy_order, of: order}}
  release: {{base: {base_release}, bonus: {bonus_release}}}
  storno:
    when: order reached cancelled or order reached churned
    within: {{days: 180, after: activated}}
    lands_in: {storno_lands}
    reinstated_when: order reached verified
    void_when: reversal.imputable_to = "principal"
    {undecided}effect: {{base: {base_effect}, bonus: {bonus_effect}}}
examples: [{{name: none, given: {{payees: [{{id: A1, kind: agency}}]}}, expect: {{}}}}]
"""
CAPS = (
    "{cap: 60 EUR, over: deal, surplus: lost}",
    "{cap: 60 EUR, over: payee and month, surplus: lost}",
    "{cap: 60 EUR, over: payee and month, surplus: lost, pushed_back: in order}",
    "{cap: 90 EUR, over: payee and quarter, surplus: lost}",
    "{cap: 90 EUR, over: payee and quarter, surplus: lost, pushed_back: by amount}",
    "{cap: 150 EUR, over: payee and year, surplus: lost}",
    "{floor: 50 EUR, over: deal}",
    "{floor: 80 EUR, over: payee and month}",
    "{floor: 200 EUR, over: payee and quarter, pushed_back: by amount}",
)
CARRIED = (
    "{cap: 60 EUR, over: payee and month, surplus: carried}",
    "{cap: 60 EUR, over: payee and month, surplus: carried, pushed_back: in order}",
    "{cap: 60 EUR, over: payee and month, surplus: carried, pushed_back: by amount, leftover: last}",
    "{cap: 90 EUR, over: payee and quarter, surplus: carried}",
)
OVER_ALL = (
    "{cap: 120 EUR, over: plan and month, surplus: lost}",
    "{cap: 250 EUR, over: plan, surplus: lost}",
    "{floor: 300 EUR, over: plan}",
    "{cap: quality * 100 EUR, over: payee and month, surplus: lost}",
)
WHOLE = ("100 %", "50 %")
PRINCIPALS = ("P", "Q")

_checked = cache(checked)


@st.composite
def _plans(draw: st.DrawFn) -> CheckedPlan:
    one = lambda *choices: draw(st.sampled_from(choices))  # noqa: E731 - the words of a template
    taken = "{takes: %s, out_of: %s, unreleased: %s}"
    takes = taken % (
        one(*WHOLE),
        one("released", "earned", "paid"),
        one("dropped", "kept", "reduced"),
    )
    period = one("month", "month", "quarter")
    mode = one("marginal", "whole")
    true_up = one("", "", "true_up: year\n    ") if period == "month" else ""
    has_places = mode == "marginal" and period == "month" and not true_up
    in_place = one("", ", reversed: at the bands of its original") if has_places else ""
    recount = f"{{recount: the measured period{in_place}}}"
    spread = one("", "spread: by credit.amount\n    ") if period == "month" else ""
    gate = one(
        "",
        "",
        ", {gate: sold >= 1 000 EUR, otherwise: hold}",
        ", {gate: quality >= 90 %, otherwise: hold}",
        ", {gate: quality >= 90 %, otherwise: 0 EUR}",
    )
    rate = one("10 %", "(if sold >= 1 500 EUR then 10 % else 5 %)")
    reads = rate != "10 %" or gate
    steps = {
        "": "",
        "lost": f", {{cap: 20 EUR, over: payee and {period}, surplus: lost}}",
        "carried": f", {{cap: 20 EUR, over: payee and {period}, surplus: {'lost' if spread else 'carried'}}}",
        "floor": f", {{floor: 15 EUR, over: payee and {period}}}",
        "hold": f", {{gate: quality of the {period} >= 90 %, otherwise: hold}}",
    }[one("", "lost", "carried", "floor", "hold")]
    undecided = one("", "", "undecided_when: not order reached accepted\n    ")
    caps = "".join(
        f", {cap}" for cap in draw(st.lists(st.sampled_from((*CAPS, *CARRIED)), max_size=1))
    )
    at_once = "[{share: rest, at: activated}]"
    text = PLAN.format(
        first=one("", "", ", first: {count: 2, per: payee and quarter, dated_by: order.signed_on}",
                  ", first: {count: 2, per: payee and plan, dated_by: order.signed_on, reversal: frees}"),
        leaves=one("leaves", "stays", "leaves by its reversed share"),
        rate=rate,
        base_steps=gate + caps,
        period=period,
        mode=mode,
        total="sold" if period == "month" else "sold of the quarter",
        true_up=true_up,
        bonus_steps=steps,
        spread=spread,
        lands=one("the measured month", "1 months after") if period == "month" else "the measured month",
        limits=_listed([draw(st.sampled_from((*CAPS, *OVER_ALL))) for _ in range(draw(st.integers(0, 2)))]),
        base_release=at_once if "carried" in caps else one(at_once,
                         "[{share: 65 %, at: activated}, {share: rest, at: first_bill_paid}]",
                         "[{share: rest, at: activated, instalments: {count: 3, every: month}}]"),
        bonus_release=one("[{share: rest, at: close of the measured month}]",
                          "[{share: 50 %, at: close of the measured month}, {share: rest, at: {months: 2, after: close of the measured month}}]",
                          "[{share: rest, at: activated}]" if spread else "[{share: rest, at: close of the measured month}]"),
        storno_lands=one("month of the event", "1 months after the event"),
        undecided=undecided,
        base_effect=one(takes, takes, "{recount: the measured period}") if reads else takes,
        bonus_effect=one(recount, recount, takes) if spread else recount,
    )  # fmt: skip
    return _checked(text)


def _listed(limits: list[str]) -> str:
    return f"steps: [{', '.join(limits)}]" if limits else ""


def _later(draw: st.DrawFn, day: date, most: int) -> date:
    return day + timedelta(days=draw(st.integers(0, most)))


@st.composite
def _orders(draw: st.DrawFn) -> tuple[OrderRow, ...]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        signed = _later(draw, date(2026, 1, 10), 100)
        states = {}
        if draw(st.integers(0, 9)):
            states["activated"] = _later(draw, signed, 60)
        if draw(st.booleans()):
            states["first_bill_paid"] = _later(draw, states.get("activated", signed), 90)
        fate = draw(st.sampled_from(["", "", "cancelled", "churned"]))
        if fate:
            states[fate] = _later(draw, signed, 120)
            if draw(st.booleans()):
                states["accepted"] = _later(draw, states[fate], 60)
            if draw(st.integers(0, 2)) == 0:
                states["verified"] = _later(draw, states[fate], 60)
        found.append(_order(draw, f"O{number}", signed, states))
    return tuple(found)


def _order(draw: st.DrawFn, name: str, signed: date, states: dict[str, date]) -> OrderRow:
    reached = tuple(StateReached(state, day, None, SOURCE) for state, day in states.items())
    partner = draw(st.sampled_from([None, None, PayeeRef.known("C1")]))
    principal = draw(st.sampled_from(PRINCIPALS))
    # What its principal cancels is paid at once. Activated after that, it would be of another month.
    ends = [states[fate] for fate in ("cancelled", "churned") if fate in states]
    blamed = (
        [None, None, "principal"]
        if states.get("activated", signed) <= min(ends, default=LAST_DAY)
        else [None]
    )
    return OrderRow(
        name, name, principal, signed, PayeeRef.known(draw(st.sampled_from(["A1", "B1"]))), partner,
        "gas", "nord", draw(st.sampled_from([Decimal("333.33"), Decimal(500), Decimal(1000), Decimal(-200)])),
        "EUR", {}, (), reached, draw(st.sampled_from(blamed)), None, SOURCE, 1,
    )  # fmt: skip


@st.composite
def _worlds(draw: st.DrawFn) -> Relations:
    orders = draw(_orders())
    parts = draw(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 100)), max_size=2))
    reversals = tuple(
        ReversalRow(
            f"R{number}", draw(st.sampled_from([order.order_id for order in orders])),
            date(2026, 1, 20) + timedelta(days=days), None, Decimal(part) / 100, None, None, SOURCE,
        )
        for number, (days, part) in enumerate(parts)
    )  # fmt: skip
    left = draw(st.sampled_from([None, None, date(2026, 4, 1), date(2026, 4, 16)]))
    names = ("A1", "B1", "C1")
    return Relations(
        payees=tuple(PayeeRow(name, None, None, {"kind": "agency"}) for name in names),
        assignments=tuple(
            AssignmentRow(f"{name} {principal}", name, principal, name, None, left if name == "A1" else None, accepted=name != "C1" or left is None)
            for name in names
            for principal in PRINCIPALS
        ),
        orders=orders,
        reversals=reversals,
        measurements=tuple(
            MeasurementRow("A1", "quality", f"2026-{month:02}", Decimal(value) / 100, SOURCE)
            for month, value in enumerate(draw(st.lists(st.sampled_from([70, 90, 95]), max_size=6)), start=1)
        ),
    )  # fmt: skip


def _landed(result: Calculation, month: str) -> set[Line]:
    return {line for line in result.lines if line.month is not None and line.month <= month}


@settings(max_examples=50, deadline=None)
@given(_plans(), _worlds(), st.integers(1, 9))
def test_what_lands_is_the_same_however_far_a_calculation_looks(plan, relations, number):
    month = Month(2026, number)
    early = calculate(plan, relations, until=month)
    late = calculate(plan, relations, until=LAST)

    assert _landed(early, str(month)) == _landed(late, str(month))


@settings(max_examples=30, deadline=None)
@given(_plans(), _worlds(), st.integers(1, 9))
def test_what_lands_from_a_month_on_is_the_same_without_what_came_before(plan, relations, number):
    since = Month(2026, number)
    whole = calculate(plan, relations, until=LAST)
    later = calculate(plan, relations, until=LAST, since=since)

    wanted = {line for line in whole.lines if line.month is not None and line.month >= str(since)}
    assert wanted == {line for line in later.lines if line.month is not None}


@settings(max_examples=30, deadline=None)
@given(_plans(), _worlds())
def test_every_line_is_explained_and_used_once(plan, relations):
    result = calculate(plan, relations, until=LAST)

    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    assert len({line.line_id for line in result.lines}) == len(result.lines)


@settings(max_examples=30, deadline=None)
@given(_plans(), _worlds(), st.integers(1, 9))
def test_what_orders_add_is_what_the_measure_is(plan, relations, number):
    """Every credit that counts is in one cell, and nothing else is: the cells add up to the orders."""
    assume(plan.credits["sale"].first is None)
    until = Month(2026, number)
    own = replace(
        relations, assignments=tuple(replace(row, valid_to=None) for row in relations.assignments)
    )
    result = calculate(replace(plan, measures=_staying(plan)), own, until=until)

    sold: dict[str, Decimal] = defaultdict(Decimal)
    for order in own.orders:
        for item in order.states:
            if item.state == "activated" and max(item.on, order.signed_on) < until.period.end:
                sold[f"{item.on:%Y-%m}"] += order.amount
    counted: dict[str, Decimal] = defaultdict(Decimal)
    for cell in result.cells:
        if cell.measure == "sold":
            counted[cell.month] += Decimal(cell.value)
    assert {month: amount for month, amount in counted.items() if amount} == {
        month: amount for month, amount in sold.items() if amount
    }


def _staying(plan: CheckedPlan) -> dict[str, Measure]:
    sold = plan.measures["sold"]
    assert isinstance(sold, SummedMeasure)
    return {**plan.measures, "sold": replace(sold, reversed_order="stays")}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(CARRIED), _orders())
def test_what_a_cap_carries_on_is_paid_held_or_named_and_goes_back_with_its_order(cap, orders):
    """All in all the cap changes nothing but when, and what is left at the plan's end is named."""
    names = ("A1", "B1", "C1")
    world = Relations(
        payees=tuple(PayeeRow(name, None, None, {"kind": "agency"}) for name in names),
        assignments=tuple(
            AssignmentRow(f"{name} {principal}", name, principal, name, None, None)
            for name in names
            for principal in PRINCIPALS
        ),
        orders=orders,
    )
    free, capped = (calculate(_plain(steps), world, until=LAST) for steps in ("", f", {cap}"))

    assert _by_payee(capped, {"surplus"}) == _by_payee(free, set())
    left = [line for line in capped.lines if _is_surplus(line)]
    named = [item for item in capped.exceptions if item.code == "surplus_left"]
    assert len(named) == len(left)


def _plain(base_steps: str, leaves: str = "leaves") -> CheckedPlan:
    text = PLAN.format(
        first="", leaves=leaves, rate="10 %", base_steps=base_steps, period="month",
        mode="whole", total="sold", true_up="", bonus_steps="", spread="", lands="the measured month",
        limits="", base_release="[{share: rest, at: activated}]",
        bonus_release="[{share: rest, at: close of the measured month}]",
        storno_lands="month of the event", undecided="",
        base_effect="{takes: 100 %, out_of: released, unreleased: dropped}",
        bonus_effect="{recount: the measured period}",
    )  # fmt: skip
    return _checked(text)


def _is_surplus(line: Line) -> bool:
    return (line.reason_code or "").startswith("surplus")


def _by_payee(result: Calculation, also: set[str]) -> dict[str | None, Decimal]:
    found: dict[str | None, Decimal] = defaultdict(Decimal)
    for line in result.lines:
        if line.component == "base" and (line.month is not None or (also and _is_surplus(line))):
            found[line.payee_id] += line.amount
    return {payee: amount for payee, amount in found.items() if amount}


def test_a_law_world_is_reversed_and_limited() -> None:
    """Say that the worlds are no empty ones: a cap cuts, and a cancellation takes back."""
    order = OrderRow(
        "O", "O", "P", date(2026, 2, 1), PayeeRef.known("A1"), None, "gas", "nord", Decimal(1000),
        "EUR", {}, (), (), None, None, SOURCE, 1,
    )  # fmt: skip
    reached = (
        StateReached("activated", date(2026, 2, 3), None, SOURCE),
        StateReached("cancelled", date(2026, 4, 3), None, SOURCE),
    )
    world = Relations(
        payees=(PayeeRow("A1", None, None, {"kind": "agency"}),),
        assignments=(AssignmentRow("A1", "A1", "P", "A1", None, None),),
        orders=(replace(order, states=reached),),
    )
    lines = calculate(_plain(f", {CAPS[0]}", "stays"), world, until=LAST).lines
    base = {(line.month, line.amount) for line in lines if line.component == "base"}
    assert base == {("2026-02", Decimal(60)), ("2026-04", Decimal(-60))}
