"""What pay would be: nothing of it is stored in statements or ledger."""

from typing import Any

from ..conftest import Office  # noqa: TID252
from ..samples import agency_plan_text, ident, order  # noqa: TID252
from .flows import answered, prepared

NORD_RATE = "category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %"
MARCH = {"from": "2026-03", "to": "2026-03"}


def amounts(rows: list[dict[str, Any]], name: str) -> dict[str, tuple[str, str, str]]:
    """Return before, after and difference by a column."""
    return {
        row[name]: tuple(row[side]["amount"] for side in ("before", "after", "difference"))  # type: ignore[misc]
        for row in rows
    }


async def test_an_order_that_would_be_larger_pays_more_and_moves_the_tier(office: Office) -> None:
    await prepared(office)
    a1, m1 = (str(ident(office.tenant, "payee", code)) for code in ("A1", "M1"))

    found = await answered(
        office,
        {
            **MARCH,
            "changes": [
                {
                    "kind": "order",
                    "order_id": "salesforce/R-O2",
                    "amount": {"amount": "36000.00", "currency": "EUR"},
                }
            ],
        },
    )

    # Base: 65 % of 3 % of 10 000 more.  Bands: 1.5 % to 57 500, 3 % above; 76 000 measured.
    answer = found["answer"]
    assert amounts(answer["components"], "component") == {
        "accelerator": ("367.50", "667.50", "300.00"),
        "base": ("1287.00", "1482.00", "195.00"),
        "override": ("214.50", "247.00", "32.50"),
    }
    assert amounts(answer["payees"], "payee_id") == {
        a1: ("1654.50", "2149.50", "495.00"),
        m1: ("214.50", "247.00", "32.50"),
    }
    assert answer["totals"][0]["difference"] == {"amount": "527.50", "currency": "EUR"}


async def test_a_question_stores_nothing_in_statements_or_ledger(office: Office) -> None:
    await prepared(office)
    a1 = ident(office.tenant, "payee", "A1")

    await answered(
        office,
        {
            **MARCH,
            "changes": [
                {
                    "kind": "order",
                    "order_number": "O9",
                    "principal": "1000",
                    "signed_on": "2026-02-20",
                    "seller": {"system": "salesforce", "code": "A1"},
                    "category": "gas",
                    "territory": "nord",
                    "amount": {"amount": "1000.00", "currency": "EUR"},
                    "states": [{"state": "activated", "on": "2026-03-05"}],
                }
            ],
        },
    )

    assert await office.statements("2026-03") == []
    assert (await office.analyst.get("/v1/runs")).json()["items"] == []
    assert (await office.analyst.get(f"/v1/ledger/{a1}")).json()["postings"] == []
    orders = (await office.analyst.get("/v1/facts/order")).json()["items"]
    assert {item["key"] for item in orders} == {"salesforce/R-O1", "salesforce/R-O2"}


async def test_a_given_order_is_answered_beside_nothing_before(office: Office) -> None:
    await prepared(office)

    found = await answered(
        office,
        {
            **MARCH,
            "changes": [
                {
                    "kind": "order",
                    "order_number": "O9",
                    "principal": "1000",
                    "signed_on": "2026-02-20",
                    "seller": {"system": "salesforce", "code": "A1"},
                    "category": "gas",
                    "territory": "nord",
                    "amount": {"amount": "1000.00", "currency": "EUR"},
                    "states": [{"state": "activated", "on": "2026-03-05"}],
                }
            ],
        },
    )

    lines = [row for row in found["answer"]["lines"] if row["order_id"] == "what-if/O9"]
    paid = {row["component"]: row["after"]["amount"] for row in lines if row["standing"] == "paid"}
    held = {row["component"]: row["after"]["amount"] for row in lines if row["standing"] == "held"}
    # The month's 397.50 are pushed back to its orders: 1 000 of 67 000.
    assert paid == {"accelerator": "5.93", "base": "19.50", "override": "3.25"}
    assert held == {"base": "10.50", "override": "1.75"}
    assert {row["before"]["amount"] for row in lines} == {"0.00"}
    [waits] = [row for row in lines if row["standing"] == "held" and row["component"] == "base"]
    assert waits["why_after"]["reasons"] == ["held until the order reaches first_bill_paid"]


async def test_another_target_changes_the_accelerator_alone(office: Office) -> None:
    await prepared(office)
    a1 = str(ident(office.tenant, "payee", "A1"))

    found = await answered(
        office,
        {
            **MARCH,
            "payees": [a1],
            "changes": [
                {
                    "kind": "target",
                    "payee_id": a1,
                    "name": "activated_value",
                    "month": "2026-03",
                    "amount": {"amount": "60000.00", "currency": "EUR"},
                }
            ],
        },
    )

    # 66 000 of 60 000: 6 000 in the band of 1.5 %.
    components = amounts(found["answer"]["components"], "component")
    assert components["accelerator"] == ("367.50", "90.00", "-277.50")
    assert components["base"] == ("1287.00", "1287.00", "0.00")
    assert "override" not in components


async def test_a_kpi_below_its_gate_would_pay_no_accelerator(office: Office) -> None:
    await prepared(office)
    a1 = str(ident(office.tenant, "payee", "A1"))

    found = await answered(
        office,
        {
            **MARCH,
            "changes": [
                {
                    "kind": "measurement",
                    "payee_id": a1,
                    "name": "first_time_right",
                    "month": "2026-03",
                    "value": "0.90",
                }
            ],
        },
    )

    components = amounts(found["answer"]["components"], "component")
    assert components["accelerator"] == ("367.50", "0.00", "-367.50")


async def test_another_rate_row_of_the_published_plan(office: Office) -> None:
    await prepared(office)

    found = await answered(
        office,
        {
            **MARCH,
            "changes": [
                {
                    "kind": "plan_number",
                    "plan": "agency-energy-2026",
                    "at": "/tables/commission_rate/rows/0/gives",
                    "value": "4 %",
                }
            ],
        },
    )

    components = amounts(found["answer"]["components"], "component")
    assert components["base"] == ("1287.00", "1716.00", "429.00")
    assert components["accelerator"] == ("367.50", "367.50", "0.00")


async def test_a_draft_plan_is_taken_as_accepted_in_the_place_of_the_published_one(
    office: Office,
) -> None:
    await prepared(office)
    draft = agency_plan_text().replace(NORD_RATE, NORD_RATE.replace("3 %", "3.5 %"), 1)

    found = await answered(
        office, {**MARCH, "changes": [{"kind": "draft_plan", "document": draft}]}
    )

    components = amounts(found["answer"]["components"], "component")
    assert components["base"] == ("1287.00", "1501.50", "214.50")
    assert components["override"] == ("214.50", "214.50", "0.00")
    assert not [row for row in found["answer"]["lines"] if row["standing"] == "not_paid"]


async def test_every_amount_of_either_side_is_explained(office: Office) -> None:
    await prepared(office)
    body = {
        **MARCH,
        "changes": [
            {
                "kind": "plan_number",
                "plan": "agency-energy-2026",
                "at": "/tables/commission_rate/rows/0/gives",
                "value": "4 %",
            }
        ],
    }
    found = await answered(office, body)
    [line] = [
        row
        for row in found["answer"]["lines"]
        if row["component"] == "base"
        and row["order_id"] == "salesforce/R-O1"
        and row["standing"] == "paid"
    ]

    told = {}
    for side in ("before", "after"):
        [node] = line[f"why_{side}"]["nodes"]
        answer = await office.analyst.get(
            f"/v1/simulations/{found['id']}/explain/{node}",
            side=side,
            payee_id=line["payee_id"],
            words="en",
        )
        told[side] = (answer.json()["tree"]["value"], " ".join(answer.json()["words"]))
    unknown = await office.analyst.get(
        f"/v1/simulations/{found['id']}/explain/{found['id']}", payee_id=line["payee_id"]
    )

    assert told["before"][0] == "780.00"
    assert told["after"][0] == "1040.00"
    assert "3 %" in told["before"][1]
    assert "4 %" in told["after"][1]
    assert (unknown.status_code, unknown.json()["code"]) == (404, "node-not-found")


async def test_real_orders_are_tried_on_a_draft_one_by_one(office: Office) -> None:
    await prepared(office)
    later = order(office.tenant, "O3", "500.00", states={})
    await office.arrive([later])
    draft = agency_plan_text().replace(NORD_RATE, NORD_RATE.replace("3 %", "5 %"), 1)

    found = await answered(
        office,
        {**MARCH, "document": draft, "orders": ["salesforce/R-O3", "salesforce/R-O1"]},
        "/v1/simulations/orders:check",
    )

    first, second = found["answer"]["picked"]
    a1 = str(ident(office.tenant, "payee", "A1"))
    assert (first["order_id"], second["order_id"]) == ("salesforce/R-O3", "salesforce/R-O1")
    mine = {
        (row["component"], row["standing"]): (row["before"]["amount"], row["after"]["amount"])
        for row in first["lines"]
        if row["payee_id"] == a1
    }
    assert mine == {("base", "held"): ("15.00", "25.00")}
    assert second["states"] == {"activated": "2026-03-04", "first_bill_paid": "2026-04-15"}


async def test_orders_to_try_are_found_by_territory_and_payee(office: Office) -> None:
    await prepared(office)
    a1 = str(ident(office.tenant, "payee", "A1"))
    body = {**MARCH, "document": agency_plan_text(), "territory": "nord", "payee_id": a1}

    every = await answered(office, body, "/v1/simulations/orders:check")
    one = await answered(office, {**body, "limit": 1}, "/v1/simulations/orders:check")
    none = await answered(office, {**body, "territory": "sud"}, "/v1/simulations/orders:check")

    counts = [len(found["answer"]["picked"]) for found in (every, one, none)]
    assert counts == [2, 1, 0]
