"""What is due: terms of payment that the manual does not show, and what is told of bad input."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree
from premia_plan.library import library_plan
from premia_plan.paying import Pay, pay
from premia_plan.relations import AdjustmentRow, LoanRow, OpeningRow, SourceRef

DRAW = "payment: {draws: {level: {preset: recoverable guarantee, level: payee.base_pay}}}"


def source(key: str) -> SourceRef:
    return SourceRef("message", key)


def adjustment(amount: str, **fields: object) -> AdjustmentRow:
    row = AdjustmentRow(
        "M1", "A1", "P", "2026-03", Decimal(amount), "error", "ada", "bruno", None, None,
        source("M1"),
    )  # fmt: skip
    return replace(row, **fields)


def opening(kind: str, name: str, amount: str) -> OpeningRow:
    return OpeningRow(kind, "A1", name, "2026-02", Decimal(amount), date(2026, 2, 28), source(name))


def paid(plan: CheckedPlan, world, until: str = "2026-04") -> Pay:
    result = world.calculated(plan, until)
    found = pay(plan, world.relations, result.lines, until=Month.parse(until))
    nodes = {node.node_id: node for node in (*result.nodes, *found.nodes)}
    for item in found.balances:
        assert check_tree(nodes[item.node_id], nodes) == ()
    return found


def due(found: Pay) -> dict[tuple[str, str], Decimal]:
    return {(item.payee_id, item.month): item.paid for item in found.balances}


@pytest.fixture(scope="module")
def world(facts):
    # 20,000 EUR: 600.00 in all, 390.00 of it in March and 210.00 in April.
    return facts.with_order(
        "O1", "20000", {"activated": "2026-03-04", "first_bill_paid": "2026-04-10"}
    ).with_target("A1", "2026-03", "50000")


def test_what_lands_is_due_where_the_plan_says_nothing_else(agency, world) -> None:
    found = paid(agency, world)

    assert due(found)["A1", "2026-03"] == Decimal("390.00")
    assert due(found)["A1", "2026-04"] == Decimal("210.00")
    assert found.lines == ()


@pytest.mark.parametrize(
    ("fields", "code", "blocks"),
    [
        ({"approved_by": None}, "adjustment_not_approved", True),
        ({"approved_by": "ada"}, "adjustment_not_approved", True),
        ({"approved_by": None, "expires_on": date(2026, 4, 30)}, "adjustment_expired", False),
        (
            {"approved_on": date(2026, 4, 2), "expires_on": date(2026, 4, 1)},
            "adjustment_expired",
            False,
        ),
    ],
)
def test_an_adjustment_counts_only_when_another_approved_it_in_time(
    agency, world, fields, code, blocks
) -> None:
    found = paid(agency, world.with_rows(adjustments=(adjustment("50", **fields),)))

    assert due(found)["A1", "2026-03"] == Decimal("390.00")
    assert [(item.code, item.blocks) for item in found.exceptions] == [(code, blocks)]


def test_two_contents_of_one_adjustment_are_both_left_out(agency, world) -> None:
    rows = (adjustment("50"), adjustment("60"))
    found = paid(agency, world.with_rows(adjustments=rows))

    assert due(found)["A1", "2026-03"] == Decimal("390.00")
    assert [item.code for item in found.exceptions] == ["adjustment_ambiguous"]


def test_the_reason_of_an_adjustment_stands_on_its_line(agency, world) -> None:
    found = paid(agency, world.with_rows(adjustments=(adjustment("-50"),)))

    [line] = found.lines
    assert (line.what, line.amount, line.reason) == ("adjustment", Decimal("-50.00"), "error")
    assert due(found)["A1", "2026-03"] == Decimal("340.00")


def test_a_loan_is_due_in_full_when_the_payee_leaves(agency, world) -> None:
    loan = LoanRow("L1", "A1", "P", "2026-03", Decimal(100), Decimal(10), "2026-03", source("L1"))
    rows = tuple(replace(row, valid_to=date(2026, 5, 1)) for row in world.relations.assignments)
    found = paid(agency, world.with_rows(loans=(loan,), assignments=rows))

    # 390 + 100 lent - 10; then 210 less the 90 that are left.
    assert due(found)["A1", "2026-03"] == Decimal("480.00")
    assert due(found)["A1", "2026-04"] == Decimal("120.00")


def test_a_balance_of_a_draw_that_the_plan_does_not_have_is_told(agency, world) -> None:
    found = paid(agency, world.with_rows(openings=(opening("draw", "unknown", "100"),)))

    assert [item.code for item in found.exceptions] == ["opening_unknown"]
    assert due(found)["A1", "2026-03"] == Decimal("390.00")


def test_a_level_that_is_not_known_of_a_payee_is_told_and_nothing_is_drawn(
    agency_with: Callable[..., CheckedPlan], world
) -> None:
    plan = agency_with(
        ("payment: {negative_balance: carried, minimum: 0 EUR}", DRAW),
        ("tables:\n", "attributes: {payee: {base_pay: money}}\ntables:\n"),
    )
    found = paid(plan, world, "2026-03")

    codes = {(item.code, item.payee_id) for item in found.exceptions}
    assert ("draw_unknown", "A1") in codes
    assert due(found)["A1", "2026-03"] == Decimal("390.00")


def test_the_months_before_are_counted_and_not_returned(agency, world) -> None:
    rows = world.with_rows(adjustments=(adjustment("-500"),))
    result = rows.calculated(agency, "2026-04")

    found = pay(agency, rows.relations, result.lines, until=Month(2026, 4), since=Month(2026, 4))

    [item] = [item for item in found.balances if item.payee_id == "A1"]
    assert (item.month, item.paid) == ("2026-04", Decimal("100.00"))


@pytest.mark.parametrize(
    ("terms", "code", "path"),
    [
        ("minimum: -1 EUR", "payment.negative", "/payment/minimum"),
        (
            "draws: {a: {preset: recoverable draw, level: 1 EUR}}",
            "draw.preset",
            "/payment/draws/a/preset",
        ),
        ("draws: {a: {amount: 1 EUR}}", "key.missing", "/payment/draws/a"),
        (
            "draws: {a: {preset: recoverable draw, amount: 1 EUR, recovery_share: 0 %}}",
            "payment.share",
            "/payment/draws/a/recovery_share",
        ),
        (
            "draws: {a: {preset: recoverable draw, amount: 1 EUR, drawn: {first: 3, last: 2}}}",
            "span.empty",
            "/payment/draws/a/drawn",
        ),
        (
            "draws: {carried: {preset: recoverable draw, amount: 1 EUR}}",
            "payment.same_name",
            "/payment",
        ),
        (
            "reserves: {r: {of: [bas], withholds: [{from: 0 EUR, share: 5 %}], released: {months: 1}}}",
            "name.unknown",
            "/payment/reserves/r/of/0",
        ),
        (
            "reserves: {r: {of: all, withholds: [{from: 5 EUR, share: 5 %}], released: {months: 1}}}",
            "reserve.bands",
            "/payment/reserves/r/withholds/0/from",
        ),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(terms: str, code: str, path: str) -> None:
    old = "payment: {negative_balance: carried, minimum: 0 EUR}"
    text = library_plan("agency-energy")
    assert old in text

    found = check_plan(parse_plan(text.replace(old, f"payment: {{{terms}}}"))).findings

    assert (code, path) in [(item.code, item.path) for item in found]
