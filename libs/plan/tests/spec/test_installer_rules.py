"""The installer plan's shape with other rules of storno, and what a line says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from premia_plan.explain import check_tree, label
from premia_plan.library import library_plan
from premia_plan.reference import Calculation
from premia_plan.relations import AssignmentRow, PayeeRef, PayeeRow, StateReached

from ..small_plans import checked  # noqa: TID252

Totals = Callable[[Calculation], dict[tuple[str | None, str | None, str], Decimal]]


@pytest.fixture
def world(facts):
    installers = facts.with_rows(
        payees=(PayeeRow("I1", None, None, {"kind": "installer"}),),
        assignments=(AssignmentRow("a", "m", "P", "I1", None, None),),
    )
    for order_id, kwp, amount, states in (
        ("P1", "12", "20000", {"first_bill_paid": "2026-03-12"}),
        ("P2", "10", "18000", {"first_bill_paid": "2026-03-30", "cancelled": "2026-05-02"}),
    ):
        installers = installers.with_order(
            order_id,
            amount,
            states,
            partner=PayeeRef("I1"),
            attributes={"product": "rooftop", "kwp": Decimal(kwp)},
        )
    return installers


def plan_with(*replacements: tuple[str, str]):
    text = library_plan("installer-fee")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return checked(text)


def test_the_whole_month_is_rated_again_without_the_cancelled_order(
    world, installer, totals: Totals
) -> None:
    assert totals(world.calculated(installer)) == {
        ("I1", "2026-03", "fee"): Decimal("1001.00"),
        ("I1", "2026-03", "volume"): Decimal("380.00"),
        ("I1", "2026-05", "fee"): Decimal("-455.00"),
        ("I1", "2026-05", "volume"): Decimal("-380.00"),
    }


def test_a_plan_may_take_back_the_orders_own_line_only(world, totals: Totals) -> None:
    plan = plan_with(
        ("reversed_order: leaves", "reversed_order: stays"),
        (
            "volume: {recount: the measured month}",
            "volume: {takes: 50 %, out_of: released, unreleased: dropped}",
        ),
    )

    result = world.calculated(plan)

    assert totals(result)["I1", "2026-05", "volume"] == Decimal("-90.00")
    assert {
        line.order_id: line.amount
        for line in result.lines
        if line.component == "volume" and line.what == "release"
    } == {"P1": Decimal("200.00"), "P2": Decimal("180.00")}


OWN_LINE = (
    ("reversed_order: leaves", "reversed_order: stays"),
    (
        "volume: {recount: the measured month}",
        "volume: {takes: 50 %, out_of: released, unreleased: dropped}",
    ),
)
AT_INSTALLATION = (
    *OWN_LINE,
    (
        "volume: [{share: rest, at: close of the measured month}]",
        "volume: [{share: 40 %, at: close of the measured month}, {share: rest, at: tested}]",
    ),
)


@pytest.mark.parametrize("changes", [(), OWN_LINE, AT_INSTALLATION], ids=["", "own", "two parts"])
@pytest.mark.parametrize("since", ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"])
def test_since_a_month_the_lines_are_those_of_the_whole_calculation(
    world, changes: tuple[tuple[str, str], ...], since: str
) -> None:
    plan = plan_with(*changes)
    orders = tuple(
        replace(
            order,
            states=(
                *order.states,
                StateReached("tested", date(2026, 4, 2 + number), None, order.source),
            ),
        )
        for number, order in enumerate(world.relations.orders)
    )
    world = world.with_rows(orders=orders)

    whole, part = (world.calculated(plan, since=first) for first in (None, since))

    assert part.lines == tuple(line for line in whole.lines if (line.month or "") >= since)
    nodes = {node.node_id: node for node in whole.nodes}
    assert all(nodes[node.node_id] == node for node in part.nodes)
    lookup = {node.node_id: node for node in part.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in part.lines)


def test_a_plan_without_a_storno_takes_nothing_back(world, totals: Totals) -> None:
    text = library_plan("installer-fee")
    storno = text[text.index("  storno:") : text.index("payment:")]
    later = text[text.index("  - name: the second order is cancelled") :]

    result = world.calculated(plan_with((storno, ""), (later, "")))

    assert totals(result) == {
        ("I1", "2026-03", "fee"): Decimal("1001.00"),
        ("I1", "2026-03", "volume"): Decimal("380.00"),
    }


def test_a_rate_that_is_missing_can_be_zero_with_a_reason(world, totals: Totals) -> None:
    text = library_plan("installer-fee")
    carport = text[text.index("  - name: a product without a fee") :]
    plan = plan_with(("missing: exception", "missing: zero"), (carport, ""))
    world = world.with_order(
        "P3",
        "900",
        {"first_bill_paid": "2026-07-12"},
        partner=PayeeRef("I1"),
        attributes={"product": "carport", "kwp": Decimal(1)},
    )

    result = world.calculated(plan)

    assert result.exceptions == ()
    assert [
        (line.what, line.amount, line.reason) for line in result.lines if line.order_id == "P3"
    ] == [("not_paid", 0, "not paid, because fee_per_kwp has no rate for product carport, kwp 1")]
    assert ("I1", "2026-07", "fee") not in totals(result)


def test_a_missing_rate_of_one_term_counts_as_zero_and_the_other_term_is_paid(
    world, totals: Totals
) -> None:
    table = """tables:
  visit_fee:
    gives: money
    keys: [{product: {value: order.product, match: exact}}]
    missing: zero
    rows: [{product: ground, gives: 25 EUR}]
"""
    text = library_plan("installer-fee")
    examples = text[text.index("  - name: two sizes") :]
    shown = examples[: examples.index("  - name: the month reaches")]
    plan = plan_with(
        ("tables:\n", table),
        ("order.kwp * fee_per_kwp", "order.kwp * fee_per_kwp + visit_fee"),
        (examples, shown),
    )

    world = world.with_order(
        "P3",
        "900",
        {"first_bill_paid": "2026-03-12"},
        partner=PayeeRef("I1"),
        attributes={"product": "ground", "kwp": Decimal(4)},
    )

    result = world.calculated(plan)

    assert {
        line.order_id: line.amount
        for line in result.lines
        if line.component == "fee" and line.what == "release"
    } == {"P1": Decimal("546.00"), "P2": Decimal("455.00"), "P3": Decimal("177.00")}
    assert (result.exceptions, {line.what for line in result.lines}) == (
        (),
        {"release", "reversal"},
    )
    [missing] = [node for node in result.nodes if node.kind == "rate_missing"]
    assert (missing.value, missing.detail["reason"]) == ("0", "rate_missing")
    assert label(missing, "en") == "0, because no row of visit_fee fits (product rooftop)"
    lookup = {node.node_id: node for node in result.nodes}
    assert all(check_tree(lookup[line.node_id], lookup) == () for line in result.lines)


def test_an_order_whose_size_is_unreadable_is_an_exception_and_its_neighbours_are_paid(
    world, installer, totals: Totals
) -> None:
    broken = world.with_order(
        "P4", "9000", {"first_bill_paid": "2026-03-12"}, attributes={"kwp": "4,5"}
    )

    result = broken.calculated(installer)

    [found] = result.exceptions
    assert (found.code, found.order_id) == ("attribute_unreadable", "P4")
    assert "kwp is '4,5', which is no count" in found.message
    assert totals(result) == totals(world.calculated(installer))
