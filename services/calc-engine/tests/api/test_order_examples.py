"""A real order, seen paid, made a worked example in one call."""

from datetime import date
from typing import Any

import httpx

from premia_common.contracts.fields import DatedAttribute, ExternalRef, MoneyOut
from premia_common.contracts.orders import OrderLine, StateSeen
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    agency_plan_text,
    assignment,
    bill_paid,
    mandate,
    master_data,
    order,
    payee,
    plan_of,
    plan_published,
    position,
    principal,
)

PLAN = "agency-energy-2026"


async def example(office: Office, order_id: str, plan: str = PLAN) -> httpx.Response:
    return await office.analyst.post(f"/v1/orders/{order_id}/example?plan={plan}")


def passes(yaml: str) -> dict[str, Any]:
    """Paste an example below those of the plan, run them all, and return what it expects."""
    check = check_plan(parse_plan(agency_plan_text() + yaml))
    assert check.plan is not None, [str(item) for item in check.findings]
    results = run_examples(check.plan)
    assert all(result.passed for result in results), results
    return dict(check.plan.examples[-1].expected)


async def test_an_order_alone_becomes_an_example_that_passes_in_the_plan(office: Office) -> None:
    await office.arrive(master_data(office.tenant))
    small = order(office.tenant, "O1", "1200.00", states={"activated": "2026-03-04"})
    await office.arrive([small, bill_paid(office.tenant, "O1", "2026-04-10")])

    made = (await example(office, "salesforce/R-O1")).json()

    expected = passes(made["yaml"])
    assert {key: str(amount) for key, amount in expected.items()} == {
        ("A1", "2026-03", "base"): "23.40",
        ("A1", "2026-04", "base"): "12.60",
        ("M1", "2026-03", "override"): "3.90",
        ("M1", "2026-04", "override"): "2.10",
    }
    assert [tuple(row.values()) for row in made["paid"]] == [
        ("A1", "2026-03", "base", "23.40 EUR"),
        ("A1", "2026-04", "base", "12.60 EUR"),
        ("M1", "2026-03", "override", "3.90 EUR"),
        ("M1", "2026-04", "override", "2.10 EUR"),
    ]
    assert made["orders"] == ["salesforce/R-O1"]
    assert made["name"] == "order R-O1 as it was paid"


async def test_orders_that_its_pay_depends_on_are_given_too(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])

    made = (await example(office, "salesforce/R-O2")).json()

    expected = passes(made["yaml"])
    assert made["orders"] == ["salesforce/R-O2", "salesforce/R-O1"]
    assert str(expected["A1", "2026-03", "accelerator"]) == "367.50"
    assert str(expected["A1", "2026-03", "base"]) == "1287.00"
    assert str(expected["M1", "2026-04", "override"]) == "70.00"


async def test_a_reversal_imputed_to_the_principal_is_written_with_its_cause(
    office: Office,
) -> None:
    await office.arrive(master_data(office.tenant))
    gone = order(
        office.tenant,
        "O1",
        "1200.00",
        states={"activated": "2026-03-04", "cancelled": "2026-04-20"},
        imputable_to="principal",
    )
    await office.arrive([gone])

    made = (await example(office, "salesforce/R-O1")).json()

    expected = passes(made["yaml"])
    assert "reversals: [{order: R-O1, imputable_to: principal" in made["yaml"]
    assert str(expected["A1", "2026-04", "base"]) == "12.60"


async def test_what_cannot_be_an_example_says_why(office: Office) -> None:
    await office.arrive(master_data(office.tenant))
    old = order(office.tenant, "O9", "10.00", states={}, signed_on=date(2024, 1, 5))
    await office.arrive([old])

    unknown = await example(office, "salesforce/none")
    unclaimed = await example(office, "salesforce/R-O9")
    no_plan = await example(office, "salesforce/R-O9", plan="another")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "order-not-found")
    assert (unclaimed.status_code, unclaimed.json()["code"]) == (409, "example-not-made")
    assert f"no published version of {PLAN} claims it" in unclaimed.json()["detail"]
    assert f"published plans: {PLAN}" in no_plan.json()["detail"]


async def test_another_tenants_order_is_not_found(office: Office, make_office: Any) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])

    answer = await example(make_office(), "salesforce/R-O1")

    assert answer.status_code == 404


LINES = plan_of(
    "lines",
    """
attributes:
  line: {kwp: count}
  payee: {grade: percent}
  position: {weight: percent}
credits:
  fitting:
    from: line
    amount: line.amount
    divides: base
    shares: [{to: line.installer, share: rest}]
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
components:
  fitted:
    per: credit of fitting
    amount: line.kwp * 10 EUR
    steps: [{round: cent, mode: half_up, each: line}]
  base:
    per: credit of sale
    amount: credit.amount * (payee.grade otherwise 0 %) + credit.amount * (position.weight otherwise 0 %)
    steps: [{round: cent, mode: half_up, each: line}]
settlement:
  states:
    models:
      deal: {of: order, states: [signed, activated]}
      work: {of: line, states: [ordered, fitted]}
  release:
    fitted: [{share: rest, at: fitted}]
    base: [{share: rest, at: activated}]
examples:
  - name: none
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
""",
)


async def test_lines_roles_positions_and_dated_attributes_are_in_the_example(
    office: Office,
) -> None:
    tenant, days = office.tenant, {"valid_from": date(2026, 2, 1)}
    plan = plan_published(tenant, LINES)
    grade = {"name": "grade", "type": "percent", "value": "0.03", "unit": None}
    weight = DatedAttribute(**{**grade, "name": "weight", "value": "0.02"}, **days)
    raised = DatedAttribute(**{**grade, "value": "0.09"}, valid_from=date(2026, 3, 1))
    first = DatedAttribute(**grade, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 1))
    line = OrderLine(
        line_id="L1",
        product="pv",
        quantity="1",
        amount=MoneyOut(amount="600.00", currency="EUR"),
        states=(StateSeen(state="fitted", on=date(2026, 4, 10)),),
        payees={"installer": ExternalRef(system="salesforce", code="B1")},
        attributes={"kwp": "6.40"},
    )
    await office.arrive(
        [
            principal(tenant),
            plan,
            payee(tenant, "A1").model_copy(update={"dated_attributes": (first, raised)}),
            payee(tenant, "B1"),
            position(tenant, "A1", None).model_copy(update={"dated_attributes": (weight,)}),
            *(mandate(tenant, code) for code in ("A1", "B1")),
            *(assignment(tenant, code, "lines") for code in ("A1", "B1")),
            order(tenant, "O1", "1000.00", states={"activated": "2026-03-04"}, lines=(line,)),
        ]
    )

    made = (await example(office, "salesforce/R-O1", "lines")).json()

    check = check_plan(parse_plan(LINES + made["yaml"]))
    assert check.plan is not None, [str(item) for item in check.findings]
    results = run_examples(check.plan)
    assert all(result.passed for result in results), results
    # 3 % on the day it was signed and 2 % of the position; 6.4 times 10.00 for the line.
    assert {key: str(amount) for key, amount in check.plan.examples[-1].expected.items()} == {
        ("A1", "2026-03", "base"): "50.00",
        ("B1", "2026-04", "fitted"): "64.00",
    }
    assert "installer: B1" in made["yaml"]
