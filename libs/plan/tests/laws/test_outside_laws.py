"""Who is not in the plan in a period is paid nothing for it, whatever is recorded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree
from premia_plan.period import PeriodKind, enclosing, end_day, first_day, months_of
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    EdgeRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
    StateReached,
    TargetRow,
)
from premia_plan.results import Calculation, Line

from ..small_plans import checked  # noqa: TID252

STARTS, ENDS = date(2026, 2, 10), date(2026, 6, 16)
PLAN = f"""
plan: outside
title: {{en: Outside}}
language: 1
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {{from: {STARTS}, to: {ENDS}, by: order.signed_on}}
participants: payee.kind = "agency"
acceptance: {{required: true, until_accepted: hold}}
credits:
  sale: {{amount: order.amount, divides: base, shares: [{{to: order.seller, share: rest}}]}}
measures:
  sold: {{sum: credit.amount, of: sale, dated_by: day of activated, over: PERIOD, per: payee}}
  team: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: PERIOD, per: team along sales}}
  all: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: PERIOD, per: plan}}
  quality: {{loaded: kpi, gives: percent, over: PERIOD, per: payee, missing: MISSING}}
targets: {{sold: {{gives: money, over: PERIOD, per: payee, missing: 900 EUR}}}}
attainments: {{attainment: {{of: sold, against: target, target_zero: 100 %}}}}
populations: {{everybody: {{who: payee.kind is known, day: last day}}}}
components:
  bonus:
    per: payee and PERIOD
    AMOUNT
    steps: [{{round: cent, mode: half_up, each: sum}}STEPS]
    lands_in: the measured month
settlement:
  states: {{model: energy_order, of: order}}
  release: {{bonus: [{{share: rest, at: close of the measured month}}]}}
examples: [{{name: none, given: {{payees: [{{id: A1, kind: agency}}]}}, expect: {{}}}}]
"""
AMOUNTS = (
    "amount: quality * 100 EUR",
    "amount: 500 EUR + quality * 10 EUR",
    "amount: quality * 100 EUR + sold * 1 %",
    "amount: team * 1 %",
    "amount: all * 1 %",
    "amount: average of sold among everybody * 1 %",
    "amount: sold to date * 1 % + quality * 20 EUR",
    "amount: target.sold * 2 %",
    "amount: if attainment >= 50 % then 100 EUR else -20 EUR",
    "curve: {looked_up_by: quality, pays_on: team, points: POINTS}",
    "scorecard: {pays_on: 200 EUR, objectives: [{name: own, weight: 100 %, score: quality}]}",
)
STEPS = (
    "",
    ", {floor: 50 EUR}",
    ", {cap: 40 EUR, over: payee and PERIOD, surplus: carried}",
    ", {gate: quality >= 50 %, otherwise: 7 EUR}",
    ", {floor: 90 EUR, over: payee and year}",
)
PAYEES = ("A1", "B1", "M1", "X9")
MONTHS = months_of("2026")
days = st.integers(0, 270).map(lambda count: date(2026, 1, 1) + timedelta(days=count))
stretches = st.tuples(days, days).map(sorted).map(tuple)
held = st.one_of(st.just((None, None)), stretches, stretches.map(lambda each: (each[0], None)))
rows = st.tuples(days, st.integers(1, 60), st.integers(100, 5_000), st.sampled_from(PAYEES))


@st.composite
def plans(draw: st.DrawFn) -> CheckedPlan:
    text = PLAN.replace("AMOUNT", draw(st.sampled_from(AMOUNTS)))
    text = text.replace("POINTS", "[{at: 0 %, gives: 1 %}, {at: 100 %, gives: 3 %}]")
    text = text.replace("STEPS", draw(st.sampled_from(STEPS)))
    period = draw(st.sampled_from(["month", "month", "quarter"]))
    if period == "month" and draw(st.booleans()):
        text = text.replace("    lands_in", "    true_up: year\n    lands_in")
    text = text.replace("MISSING", draw(st.sampled_from(["exception", "zero", "last known"])))
    text = text.replace("PERIOD", period)
    return checked(text)


@st.composite
def cases(draw: st.DrawFn) -> tuple[CheckedPlan, Relations]:
    plan = draw(plans())
    return plan, draw(worlds(plan.measures["quality"].over))


@st.composite
def worlds(draw: st.DrawFn, over: PeriodKind) -> Relations:
    periods = list(dict.fromkeys(enclosing(month, over) for month in MONTHS))
    orders = draw(st.lists(rows, max_size=6))
    return Relations(
        payees=tuple(
            PayeeRow(name, None, None, {"kind": "agency" if draw(st.integers(0, 4)) else "other"})
            for name in PAYEES[:3]
        ),
        assignments=tuple(
            AssignmentRow(name, name, "P", name, *draw(held), accepted=True)
            for name in PAYEES[:3]
            if draw(st.integers(0, 4))
        ),
        edges=(EdgeRow("sales", "A1", "M1", None, None), EdgeRow("sales", "M1", "X9", None, None)),
        measurements=tuple(
            MeasurementRow(name, "quality", month, Decimal("0.8"), SourceRef("k", f"{name}{month}"))
            for name in PAYEES
            for month in periods
            if draw(st.booleans())
        ),
        targets=tuple(
            TargetRow(name, "sold", month, Decimal(1000), SourceRef("t", f"{name} {month}"))
            for name in PAYEES
            for month in draw(st.sampled_from([periods, periods[:3], ()]))
        ),
        orders=tuple(_order(place, *row) for place, row in enumerate(orders)),
    )


def _order(place: int, signed: date, later: int, amount: int, seller: str) -> OrderRow:
    activated = signed + timedelta(days=later)
    states = [StateReached("activated", activated, None, SourceRef("s", f"{place}"))]
    if place % 2:
        gone = activated + timedelta(days=20)
        states.append(StateReached("cancelled", gone, None, SourceRef("s", f"{place} gone")))
    return OrderRow(
        f"O{place}",
        f"O{place}",
        "P",
        signed,
        PayeeRef.known(seller),
        None,
        "gas",
        "nord",
        Decimal(amount),
        "EUR",
        {},
        (),
        tuple(states),
        None,
        None,
        SourceRef("o", f"{place}"),
    )


def in_the_plan(facts: Relations, payee_id: str | None, period: str) -> bool:
    """Say whether a payee takes part and is assigned on some day, counted day by day."""
    agencies = {row.payee_id for row in facts.payees if row.attributes["kind"] == "agency"}
    return payee_id in agencies and any(
        (row.valid_from is None or row.valid_from <= day)
        and (row.valid_to is None or day < row.valid_to)
        for row in facts.assignments
        if row.payee_id == payee_id
        for day in _days(period)
    )


def _days(period: str) -> Iterator[date]:
    day, end = max(first_day(period), STARTS), min(end_day(period), ENDS)
    if first_day(period) >= ENDS:
        day, end = ENDS - timedelta(days=1), ENDS
    while day < end:
        yield day
        day += timedelta(days=1)


def outside(facts: Relations, result: Calculation) -> list[Line]:
    return [line for line in result.lines if not in_the_plan(facts, line.payee_id, line.competence)]


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_who_is_not_in_the_plan_is_paid_nothing_and_told_so(
    case: tuple[CheckedPlan, Relations],
) -> None:
    plan, facts = case

    result = calculate(plan, facts, until=Month(2026, 9))

    corrects = plan.components["bonus"].true_up is not None
    for line in outside(facts, result):
        if line.what == "not_paid":
            assert line.amount == 0
            assert line.reason_code in {"payee_not_participating", "payee_not_assigned"}
        else:
            assert corrects
            assert in_the_plan(facts, line.payee_id, "2026")
            assert line.amount < 0
    blocked = [(item.payee_id, item.month) for item in result.exceptions if item.month]
    assert all(in_the_plan(facts, *cell) or corrects for cell in blocked)
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_what_is_recorded_of_people_outside_changes_nothing_for_those_inside(
    case: tuple[CheckedPlan, Relations],
) -> None:
    plan, facts = case
    known = calculate(plan, facts, until=Month(2026, 9))
    ever = {name for name in PAYEES if in_the_plan(facts, name, "2026")}
    other = replace(
        facts,
        measurements=tuple(
            row if row.payee_id in ever else replace(row, value=Decimal("0.3"))
            for row in facts.measurements
        ),
        targets=tuple(
            row if row.payee_id in ever else replace(row, amount=Decimal(10))
            for row in facts.targets
        ),
    )

    otherwise = calculate(plan, other, until=Month(2026, 9))

    def of_those_inside(result: Calculation) -> dict[object, Decimal]:
        return {line.line_id: line.amount for line in result.lines if line.payee_id in ever}

    assert of_those_inside(otherwise) == of_those_inside(known)


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_every_period_waits_for_a_value_that_is_never_recorded(unit: str) -> None:
    text = PLAN.replace("MISSING", "exception").replace("AMOUNT", AMOUNTS[0]).replace("STEPS", "")
    text = text.replace("over: PERIOD, per: payee, missing", f"over: {unit}, per: payee, missing")
    plan = checked(text.replace("PERIOD", unit))
    facts = Relations(
        payees=(PayeeRow("A1", None, None, {"kind": "agency"}),),
        assignments=(AssignmentRow("A1", "A1", "P", "A1", date(2026, 3, 20), None, accepted=True),),
    )

    result = calculate(plan, facts, until=Month(2026, 9))

    waits = {
        "month": ["2026-03", "2026-04", "2026-05", "2026-06"],
        "quarter": ["2026-Q1", "2026-Q2"],
    }
    assert [item.month for item in result.exceptions] == waits[unit]
    assert {item.code for item in result.exceptions} == {"measurement_missing"}
