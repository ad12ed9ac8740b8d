"""Worlds that generated facts seldom reach: both engines give what is worked out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calc_engine.engine.choice import unsupported
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, LoadedMeasure
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import metric
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    StateReached,
    TargetRow,
)
from premia_plan.results import Calculation

from ..generated.worlds import source  # noqa: TID252
from .plain_plans import typed

BEFORE = "2025-12"
STORNO = """
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      first: {recount: the measured month}
measures:
"""


def by_both(plan: CheckedPlan, facts: Relations, until: Month) -> Calculation:
    """Return what both engines give, node by node."""
    assert unsupported(plan) == ()
    plain = calculate(plan, facts, until=until)
    by_sets = SetBasedCalculator().calculate(plan, facts, since=None, until=until)
    assert by_sets.lines == plain.lines
    assert by_sets.cells == plain.cells
    assert by_sets.exceptions == plain.exceptions
    assert by_sets.nodes == plain.nodes
    return by_sets


def of_an_order(plan: CheckedPlan, activated: date, *targets: TargetRow) -> Relations:
    """Return one order of 2,000 EUR, signed on 2 January by an agency in the plan."""
    states = ("accepted", "activated", "first_bill_paid")
    order = OrderRow(
        "O1",
        "O1",
        "P",
        date(2026, 1, 2),
        PayeeRef.known("A1"),
        None,
        "gas",
        "italia",
        Decimal(2000),
        "EUR",
        {},
        (),
        tuple(StateReached(name, activated, None, source(name)) for name in states),
        None,
        None,
        source("O1"),
    )
    loaded = [name for name, rule in plan.measures.items() if isinstance(rule, LoadedMeasure)]
    return Relations(
        payees=(PayeeRow("A1", None, None, {"kind": "agency", "channel": "field"}),),
        orders=(order,),
        trees=plan.examples[0].relations.trees,
        targets=targets,
        measurements=tuple(
            MeasurementRow("A1", name, month, Decimal("0.95"), source(f"{name} {month}"))
            for name in loaded
            for month in (BEFORE, "2026-01")
        ),
        assignments=(AssignmentRow("a", "m", "P", "A1", None, None),),
    )


def target(subject: str, month: str, amount: int) -> TargetRow:
    key = f"{subject} {month}"
    return TargetRow(subject, "activated_value", month, Decimal(amount), source(key))


@pytest.mark.parametrize("targets", [(), (target("A1", BEFORE, 1000),)])
def test_a_month_before_the_plan_begins_has_commissions_of_its_orders_and_no_accelerator(
    targets: tuple[TargetRow, ...],
) -> None:
    plan = typed("agency-energy")

    found = by_both(plan, of_an_order(plan, date(2025, 12, 30), *targets), Month(2026, 3))

    assert {(line.component, line.month) for line in found.lines} == {("base", BEFORE)}
    assert sorted(line.amount for line in found.lines) == [Decimal("17.50"), Decimal("32.50")]
    assert found.exceptions == ()


def test_the_plan_and_a_team_have_targets_of_the_same_name_and_are_no_payees() -> None:
    plan = typed("agency-energy")
    targets = [target(name, "2026-01", 1000) for name in ("A1", "plan", "team:sales:M1")]

    found = by_both(plan, of_an_order(plan, date(2026, 1, 30), *targets), Month(2026, 3))

    assert {node.payee_id for node in found.nodes if node.kind == "target"} == {"A1", None, "M1"}


def test_a_prize_that_a_recount_hands_on_is_told_alike() -> None:
    text = metric("first-place").worked_plan()
    found = check_plan(parse_plan(text.replace("\nmeasures:\n", STORNO, 1))).plan
    assert found is not None
    given = found.examples[0].relations
    first, better = given.orders
    gone = StateReached("cancelled", date(2026, 3, 5), None, source("gone"))
    facts = replace(given, orders=(first, replace(better, states=(*better.states, gone))))

    lines = by_both(found, facts, Month(2026, 6)).lines

    assert {
        (line.payee_id, line.what, line.month, line.amount, line.reason_code)
        for line in lines
        if line.component == "first"
    } == {
        ("B1", "release", "2026-02", Decimal(500), None),
        ("B1", "reversal", "2026-03", Decimal(-500), "recounted"),
        ("A1", "reversal", "2026-03", Decimal(500), "recounted"),
    }
