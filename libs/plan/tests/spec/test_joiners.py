"""The target of a month in which a payee is in the plan in part counts by calendar days."""

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


@pytest.mark.parametrize(
    ("joiner", "expected"),
    [("", "367.74"), ("joiner: by calendar days, ", "367.74"), ("joiner: in full, ", "0.00")],
)
def test_a_target_counts_by_days_unless_it_says_in_full(
    agency_with, facts, joiner: str, expected: str
) -> None:
    plan = agency_with(("joiner: by calendar days, ", joiner))

    assert bonus(one_order(facts, date(2026, 3, 16)).calculated(plan)) == Decimal(expected)


def test_a_payee_who_leaves_is_measured_against_its_days(agency: CheckedPlan, facts) -> None:
    relations = one_order(facts, None).relations
    leaving = tuple(replace(row, valid_to=date(2026, 3, 17)) for row in relations.assignments)
    states = {"activated": "2026-03-12", "first_bill_paid": "2026-04-15"}
    world = facts.with_rows(assignments=leaving).with_target("A1", "2026-03", "50000")
    order = world.with_order("O1", "40000", states, signed_on="2026-03-10")

    # the same 16 of 31 days as somebody who joins on the 16th
    assert bonus(order.calculated(agency)) == Decimal("367.74")


def test_who_is_not_in_the_plan_yet_has_the_whole_target_and_no_exception(
    agency: CheckedPlan, facts
) -> None:
    result = one_order(facts, date(2026, 5, 1)).calculated(agency)

    assert [item.code for item in result.exceptions] == []
    assert {line.what for line in result.lines} == {"not_paid"}


@pytest.mark.parametrize("day", [1, 2, 15, 30])
def test_joining_later_never_pays_less(agency: CheckedPlan, facts, day: int) -> None:
    def bonus_of(first: date) -> Decimal:
        full = joined(facts, first).with_target("A1", "2026-03", "50000")
        states = {"activated": "2026-03-31"}
        order = full.with_order("O1", "52000", states, signed_on="2026-03-31")
        return bonus(order.calculated(agency))

    assert bonus_of(date(2026, 3, day)) < bonus_of(date(2026, 3, day + 1))
