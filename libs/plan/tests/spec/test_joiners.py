"""The target of the month in which a payee joins the plan counts by calendar days."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from premia_plan.checked import CheckedPlan
from premia_plan.explain import check_tree, words
from premia_plan.relations import AssignmentRow


def joined(facts, on: date | None):
    rows = tuple(
        AssignmentRow(row.assignment_id, row.mandate_id, row.principal, row.payee_id, on, None)
        for row in facts.relations.assignments
    )
    return facts.with_rows(assignments=rows)


def one_order(facts, on: date | None):
    states = {"activated": "2026-03-20", "first_bill_paid": "2026-04-15"}
    return (
        joined(facts, on)
        .with_target("A1", "2026-03", "50000")
        .with_order("O1", "40000", states, signed_on="2026-03-17")
    )


def bonus(result) -> Decimal:
    return sum(
        (line.amount for line in result.lines if line.component == "accelerator"), Decimal(0)
    )


@pytest.mark.parametrize(
    ("joined_on", "expected"),
    [
        (None, "0.00"),  # 40,000 of 50,000: below the first paid band
        (date(2026, 3, 1), "0.00"),
        # 16 of 31 days: target 25,806.45; 3,870.97 at 1.5 % and 10,322.58 at 3 %
        (date(2026, 3, 16), "367.74"),
    ],
)
def test_a_joiner_is_measured_against_its_days(agency, facts, joined_on, expected) -> None:
    result = one_order(facts, joined_on).calculated(agency)

    assert bonus(result) == Decimal(expected)


def test_the_explanation_names_the_day_and_follows(agency: CheckedPlan, facts) -> None:
    result = one_order(facts, date(2026, 3, 16)).calculated(agency)
    nodes = {node.node_id: node for node in result.nodes}
    [line] = [line for line in result.lines if line.component == "accelerator"]

    assert check_tree(nodes[line.node_id], nodes) == ()
    [node] = [node for node in result.nodes if node.kind == "joiner_target"]
    assert Fraction(node.value) == Fraction(50_000 * 16, 31)
    assert "16 of 31 days since joining on 2026-03-16" in words(node, nodes, "en")
    wrong = replace(node, value="25806.45")
    assert check_tree(wrong, {**nodes, node.node_id: wrong}) == (wrong,)


def test_a_plan_that_says_nothing_takes_the_target_as_recorded(agency_with, facts) -> None:
    plan = agency_with(("joiner: by calendar days, ", ""))

    assert bonus(one_order(facts, date(2026, 3, 16)).calculated(plan)) == Decimal("0.00")


@pytest.mark.parametrize("day", [1, 2, 15, 30])
def test_joining_later_never_pays_less(agency: CheckedPlan, facts, day: int) -> None:
    def bonus_of(first: date) -> Decimal:
        full = joined(facts, first).with_target("A1", "2026-03", "50000")
        states = {"activated": "2026-03-31"}
        order = full.with_order("O1", "52000", states, signed_on="2026-03-31")
        return bonus(order.calculated(agency))

    assert bonus_of(date(2026, 3, day)) < bonus_of(date(2026, 3, day + 1))
