"""A calculation since a month, as a tenant needs it that went live in it."""

from decimal import Decimal

from premia_plan.relations import AssignmentRow, PayeeRef

HALF_PAID = {"activated": "2026-03-04", "first_bill_paid": "2026-04-10"}
CANCELLED = {"activated": "2026-03-20", "cancelled": "2026-05-20"}


def test_what_landed_before_the_month_is_left_out(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000").with_order("O1", "1200", HALF_PAID)

    result = world.calculated(agency, since="2026-04")

    assert totals(result) == {
        ("A1", "2026-04", "base"): Decimal("12.60"),
        ("M1", "2026-04", "override"): Decimal("2.10"),
    }
    assert {line.month for line in result.lines} == {"2026-04"}
    assert (result.cells, result.exceptions) == ((), ())


def test_a_storno_in_the_month_takes_back_what_was_paid_long_before(facts, agency, totals) -> None:
    world = facts.with_target("A1", "2026-03", "50000")
    world = world.with_order("O1", "40000", HALF_PAID).with_order("O2", "26000", CANCELLED)

    result = world.calculated(agency, since="2026-05")

    assert totals(result) == {
        ("A1", "2026-05", "base"): Decimal("-507.00"),
        ("A1", "2026-05", "accelerator"): Decimal("-367.50"),
        ("M1", "2026-05", "override"): Decimal("-84.50"),
    }


def test_an_order_that_lay_still_before_the_month_calls_for_nobody_and_keeps_what_is_held(
    facts, agency
) -> None:
    world = facts.with_order("O1", "1200", {"activated": "2026-03-04"}).with_order(
        "O2", "1200", HALF_PAID | {"first_bill_paid": "2026-03-20"},
        partner=PayeeRef.unknown("crm", "X"),
    )  # fmt: skip

    before, after = (world.calculated(agency, since=month) for month in ("2026-03", "2026-04"))

    def held(result) -> dict[str | None, Decimal]:
        return {line.payee_id: line.amount for line in result.lines if line.what == "held"}

    assert {line.what for line in before.lines} == {"release", "held", "not_paid"}
    assert {item.code for item in before.exceptions} == {"target_missing", "payee_unknown"}
    assert held(before) == held(after) == {"A1": Decimal("12.60"), "M1": Decimal("2.10")}
    assert {line.order_id for line in after.lines} == {"O1"}
    assert (after.exceptions, after.cells) == ((), ())


def test_orders_before_the_month_still_count_towards_its_bonus(facts, agency, totals) -> None:
    """A bonus of March counts an order signed in February; nothing else of February is told."""
    world = facts.with_target("A1", "2026-03", "50000")
    world = world.with_order("O1", "66000", {"activated": "2026-03-04"}, signed_on="2026-02-01")

    result = world.calculated(agency, since="2026-03")

    assert totals(result)["A1", "2026-03", "accelerator"] == Decimal("367.50")


def test_pay_held_until_acceptance_counts_by_the_month_it_would_have_landed_in(
    facts, agency
) -> None:
    rows = tuple(
        AssignmentRow(row.assignment_id, row.mandate_id, "P", row.payee_id, None, None, False)
        for row in facts.relations.assignments
    )
    world = facts.with_rows(assignments=rows).with_order("O1", "1200", HALF_PAID)

    result = world.calculated(agency, since="2026-04")

    held = {(line.payee_id, line.share): line.amount for line in result.lines}
    assert held == {("A1", 1): Decimal("12.60"), ("M1", 1): Decimal("2.10")}


def test_what_waits_for_a_decision_is_still_held_months_later(facts, agency_with) -> None:
    void = '    void_when: reversal.imputable_to = "principal"\n'
    plan = agency_with((void, f"{void}    undecided_when: reversal.imputable_to is not known\n"))
    states = {"activated": "2026-03-04", "cancelled": "2026-03-20"}
    world = facts.with_target("A1", "2026-03", "50000").with_order("O1", "1200", states)

    whole, since = world.calculated(plan), world.calculated(plan, since="2026-04")

    held = {line for line in whole.lines if line.what == "held"}
    assert {(line.payee_id, line.amount, line.reason_code) for line in held} == {
        ("A1", Decimal("12.60"), "waits_for_decision"),
        ("M1", Decimal("2.10"), "waits_for_decision"),
    }
    assert held <= set(since.lines)
