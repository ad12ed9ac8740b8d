"""What holds where a plan says nothing: exceptions, who is not paid, and what is looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from premia_plan.reference import Calculation
from premia_plan.relations import AssignmentRow, EdgeRow, PayeeRef, PayeeRow

Totals = Callable[[Calculation], dict[tuple[str | None, str | None, str], Decimal]]
ACTIVE = {"activated": "2026-03-04"}


def codes(result: Calculation) -> set[str]:
    return {item.code for item in result.exceptions}


def not_paid(result: Calculation) -> dict[str, str | None]:
    return {
        f"{line.payee_id} {line.component}": line.reason
        for line in result.lines
        if line.what == "not_paid"
    }


def test_an_unknown_partner_is_not_paid_and_the_seller_beside_it_is(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order(
        "O1", "1000", ACTIVE, partner=PayeeRef.unknown("salesforce", "AG-9")
    )

    result = world.calculated(agency)

    assert totals(result) == {
        ("A1", "2026-03", "base"): Decimal("14.63"),
        ("M1", "2026-03", "override"): Decimal("2.44"),
    }
    assert not_paid(result) == {
        "None base": "not paid, because payee AG-9 of salesforce is unknown"
    }
    [line] = [line for line in result.lines if line.what == "not_paid"]
    assert (line.amount, line.order_id, line.reason_code) == (
        Decimal("7.50"),
        "O1",
        "payee_unknown",
    )
    [found] = result.exceptions
    assert (found.code, found.order_id, found.payee_id, found.blocks) == (
        "payee_unknown",
        "O1",
        None,
        False,
    )


def test_an_order_without_a_seller_is_an_exception_not_a_dropped_row(facts, agency) -> None:
    result = facts.with_order("O1", "1000", ACTIVE, seller=None).calculated(agency)

    assert not_paid(result) == {"None base": "not paid, because the order names no seller"}
    assert codes(result) == {"payee_missing"}


def test_an_order_of_another_principal_is_not_paid(facts, agency, totals) -> None:
    result = facts.with_order("O1", "1000", ACTIVE, principal="Q").calculated(agency)

    assert totals(result) == {}
    assert not_paid(result) == {
        "A1 base": "not paid, because A1 has no assignment under Q on 2026-02-20",
        "M1 override": "not paid, because M1 has no assignment under Q on 2026-02-20",
    }


@pytest.mark.parametrize(
    ("signed_on", "is_paid"),
    [("2026-02-01", True), ("2026-02-28", True), ("2026-03-01", False), ("2026-01-31", False)],
)
def test_an_assignment_is_half_open(facts, agency, totals, signed_on: str, is_paid: bool) -> None:
    rows = tuple(
        replace(row, valid_from=date(2026, 2, 1), valid_to=date(2026, 3, 1))
        for row in facts.relations.assignments
    )
    world = facts.with_rows(assignments=rows).with_target("A1", "2026-03", "50000")

    result = world.with_order("O1", "1000", ACTIVE, signed_on=signed_on).calculated(agency)

    assert (("A1", "2026-03", "base") in totals(result)) is is_paid
    assert ("A1 base" in not_paid(result)) is not is_paid


def test_a_payee_that_does_not_take_part_keeps_its_credit_and_is_not_paid(facts, agency) -> None:
    payees = (
        PayeeRow("A1", None, None, {"kind": "employee", "channel": "field"}),
        *(row for row in facts.relations.payees if row.payee_id != "A1"),
    )

    result = facts.with_rows(payees=payees).with_order("O1", "1000", ACTIVE).calculated(agency)

    assert not_paid(result) == {
        "A1 base": "not paid, because A1 does not take part in the plan on 2026-02-20"
    }
    assert [cell for cell in result.cells if cell.payee_id == "A1"] == []


def test_pay_is_held_until_the_payee_accepts_the_plan(facts, agency, totals) -> None:
    rows = tuple(replace(row, accepted=row.payee_id != "A1") for row in facts.relations.assignments)
    world = facts.with_rows(assignments=rows).with_target("A1", "2026-03", "50000")

    result = world.with_order("O1", "1200", ACTIVE).calculated(agency)

    assert totals(result) == {("M1", "2026-03", "override"): Decimal("3.90")}
    held = {
        line.reason: line.amount
        for line in result.lines
        if line.what == "held" and line.payee_id == "A1"
    }
    assert held == {
        "held until A1 accepts the plan": Decimal("23.40"),
        "held until the order reaches first_bill_paid": Decimal("12.60"),
    }


def test_a_cyclic_hierarchy_is_an_exception_naming_the_cycle(facts, agency, totals) -> None:
    edges = (
        EdgeRow("sales", "A1", "M1", None, None),
        EdgeRow("sales", "M1", "A2", None, None),
        EdgeRow("sales", "A2", "A1", None, None),
    )
    world = facts.with_rows(edges=edges).with_target("A1", "2026-03", "50000")

    result = world.with_order("O1", "1000", ACTIVE).calculated(agency)

    assert totals(result) == {("A1", "2026-03", "base"): Decimal("19.50")}
    assert {(item.code, item.payee_id, item.blocks) for item in result.exceptions} == {
        ("hierarchy_cyclic", "A1", True),
        ("hierarchy_cyclic", "A2", True),
        ("hierarchy_cyclic", "M1", True),
    }
    assert all("A1 → M1 → A2 → A1" in item.message for item in result.exceptions)


def test_the_superior_is_the_one_of_the_dated_day(facts, agency, totals) -> None:
    edges = (
        EdgeRow("sales", "A1", "M1", None, date(2026, 2, 20)),
        EdgeRow("sales", "A1", "A2", date(2026, 2, 20), None),
    )
    world = facts.with_rows(edges=edges).with_target("A1", "2026-03", "50000")

    result = world.with_order("O1", "1000", ACTIVE, signed_on="2026-02-20").calculated(agency)

    assert totals(result)["A2", "2026-03", "override"] == Decimal("3.25")


def test_sales_that_add_up_to_nothing_are_known_and_need_their_target(facts, agency) -> None:
    sold = facts.with_order("O1", "1000", ACTIVE)

    result = sold.with_order("O2", "-1000", ACTIVE).calculated(agency)

    assert [(i.code, i.payee_id, i.month) for i in result.exceptions] == [
        ("target_missing", "A1", "2026-03")
    ]


@pytest.mark.parametrize(("amount", "code"), [(None, "target_missing"), ("0", "target_zero")])
def test_a_target_missing_or_zero_is_an_exception_on_the_cell(
    facts, agency, amount: str | None, code: str
) -> None:
    world = facts if amount is None else facts.with_target("A1", "2026-03", amount)

    result = world.with_order("O1", "90000", ACTIVE).calculated(agency)

    assert [(i.code, i.payee_id, i.month, i.blocks) for i in result.exceptions] == [
        (code, "A1", "2026-03", True)
    ]
    assert "A1 accelerator" in not_paid(result)
    [cell] = result.cells
    assert (cell.value, cell.attainment) == ("90000.00", None)


def test_a_measurement_missing_for_a_gate_is_an_exception(facts, agency) -> None:
    world = facts.with_target("A1", "2026-03", "1000", kpi=None)

    result = world.with_order("O1", "2000", ACTIVE).calculated(agency)

    assert codes(result) == {"measurement_missing"}


@pytest.mark.parametrize(("since", "count"), [(None, 1), ("2026-05", 1), ("2026-06", 0)])
def test_a_measurement_missing_when_a_month_is_counted_again_is_an_exception(
    facts, agency, since: str | None, count: int
) -> None:
    """Without the order below zero, March passes its target in May and the gate is asked."""
    world = facts.with_target("A1", "2026-03", "1000", kpi=None)
    world = world.with_order("O1", "1200", ACTIVE).with_order(
        "O2", "-500", {"activated": "2026-03-20", "cancelled": "2026-05-20"}
    )

    result = world.calculated(agency, since=since)

    assert [(i.code, i.payee_id, i.month) for i in result.exceptions] == [
        ("measurement_missing", "A1", "2026-03")
    ] * count
    assert [i.what for i in result.lines if i.component == "accelerator"] == ["not_paid"] * count


def test_the_first_arrival_at_a_state_counts(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order("O1", "1000", ACTIVE)
    [order] = world.relations.orders
    again = replace(order.states[0], on=date(2026, 5, 1))
    rows = (replace(order, states=(again, *order.states)),)

    result = world.with_rows(orders=rows).calculated(agency)

    assert totals(result)["A1", "2026-03", "base"] == Decimal("19.50")
    assert not any(key[1] == "2026-05" for key in totals(result))


def test_a_later_state_does_not_imply_an_earlier_one(facts, agency, totals) -> None:
    result = facts.with_order("O1", "1000", {"first_bill_paid": "2026-04-10"}).calculated(agency)

    assert totals(result)["A1", "2026-04", "base"] == Decimal("10.50")
    [held] = [i for i in result.lines if i.what == "held" and i.component == "base"]
    assert (held.amount, held.reason) == (
        Decimal("19.50"),
        "held until the order reaches activated",
    )


def test_an_instant_becomes_a_day_in_the_plans_time_zone(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-04", "50000").with_order("O1", "1000", ACTIVE)
    [order] = world.relations.orders
    instant = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    states = (replace(order.states[0], on=date(2026, 3, 31), at=instant),)

    result = world.with_rows(orders=(replace(order, states=states),)).calculated(agency)

    assert totals(result)["A1", "2026-04", "base"] == Decimal("19.50")


def test_of_an_amended_order_only_the_latest_version_counts(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000")
    world = world.with_order("O1", "1000", ACTIVE, version=2).with_order("O1", "9000", ACTIVE)

    result = world.calculated(agency)

    assert totals(result)["A1", "2026-03", "base"] == Decimal("19.50")
    assert codes(result) == set()


def test_two_contents_of_one_version_are_an_exception(facts, agency) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order("O1", "1000", ACTIVE)

    result = world.with_order("O1", "9000", ACTIVE).calculated(agency)

    assert codes(result) == {"order_ambiguous"}


@pytest.mark.parametrize(
    ("signed_on", "is_paid"), [("2025-12-31", False), ("2026-01-01", True), ("2027-01-01", False)]
)
def test_a_plan_takes_the_orders_of_its_validity(
    facts, agency, signed_on: str, is_paid: bool
) -> None:
    world = facts.with_order("O1", "1000", {"activated": "2027-01-15"}, signed_on=signed_on)

    assert bool(world.calculated(agency, until="2027-02").lines) is is_paid


def test_an_order_in_another_currency_is_an_exception(facts, agency) -> None:
    result = facts.with_order("O1", "1000", ACTIVE, currency="CHF").calculated(agency)

    assert (codes(result), result.lines) == ({"order_currency"}, ())


def test_what_happens_after_the_last_month_is_not_looked_at(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order(
        "O1", "1200", {"activated": "2026-03-04", "cancelled": "2026-04-01"}
    )

    result = world.calculated(agency, until="2026-03")

    assert totals(result)["A1", "2026-03", "base"] == Decimal("23.40")
    assert {line.what for line in result.lines} == {"release", "held"}


def test_an_order_the_plan_does_not_cover_is_no_matter_of_it(facts, installer) -> None:
    result = facts.with_order("O1", "1000", {"first_bill_paid": "2026-03-04"}).calculated(installer)

    assert (result.lines, result.exceptions) == ((), ())


def test_an_attribute_written_as_text_is_read_in_its_declared_unit(
    facts, installer, totals
) -> None:
    world = facts.with_rows(
        payees=(PayeeRow("I1", None, None, {"kind": "installer"}),),
        assignments=(AssignmentRow("a", "m", "P", "I1", None, None),),
    ).with_order(
        "O1",
        "9000",
        {"first_bill_paid": "2026-03-12"},
        partner=PayeeRef("I1"),
        attributes={"product": "rooftop", "kwp": "4.5"},
    )

    assert totals(world.calculated(installer)) == {("I1", "2026-03", "fee"): Decimal("270.00")}


def test_a_bonus_of_two_principals_orders_is_shared_between_them(facts, agency) -> None:
    second = AssignmentRow("b", "n", "Q", "A1", None, None)
    world = facts.with_rows(assignments=(*facts.relations.assignments, second))
    world = world.with_target("A1", "2026-03", "1000").with_order("O1", "1500", ACTIVE)

    result = world.with_order("O2", "500", ACTIVE, principal="Q").calculated(agency)

    # 150 x 1.5 % + 850 x 3 % = 27.75, three quarters of it for P's order
    assert {
        line.principal: line.amount for line in result.lines if line.component == "accelerator"
    } == {"P": Decimal("20.81"), "Q": Decimal("6.94")}


def test_leaves_carry_the_source_message_of_order_and_state(facts, agency) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order("O1", "1000", ACTIVE)

    result = world.calculated(agency)

    sources = {node.source.id for node in result.nodes if node.source is not None}
    assert {"O1", "O1 activated"} <= sources
