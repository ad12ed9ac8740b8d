"""What pay would be: nothing of it is stored in statements or ledger."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from calc_engine.adapters.files.simulation_files import StoredSimulations
from calc_engine.application.ask_simulation import forget_expired

from ..conftest import Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    agency_plan_text,
    ident,
    master_data,
    order,
)

NORD_RATE = "category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %"
MARCH = {"from": "2026-03", "to": "2026-03"}


async def prepared(office: Office) -> None:
    """Two orders of A1 above the target of March, and the month open."""
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")


async def answered(
    office: Office, body: dict[str, Any], path: str = "/v1/simulations"
) -> dict[str, Any]:
    started = await office.analyst.post(path, body)
    assert started.status_code == 202, started.text
    await office.work()
    found: dict[str, Any] = (await office.analyst.get(started.headers["Location"])).json()
    assert found["status"] == "completed", found["failure"]
    return found


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


async def test_a_draft_with_an_error_is_refused_with_its_place(office: Office) -> None:
    draft = agency_plan_text().replace("credit.amount * commission_rate", "credit.amont * 2", 1)

    answer = await office.analyst.post(
        "/v1/simulations", {**MARCH, "changes": [{"kind": "draft_plan", "document": draft}]}
    )

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "draft-not-usable")
    assert body["errors"][0]["plan_path"] == "/components/base/amount"
    assert body["errors"][0]["line"] > 0


async def test_what_is_not_there_cannot_be_changed_and_the_answer_says_so(office: Office) -> None:
    await prepared(office)
    changes = {
        "no order salesforce/none": {
            "kind": "order",
            "order_id": "salesforce/none",
            "category": "gas",
        },
        "nothing at /tables/none": {
            "kind": "plan_number",
            "plan": "agency-energy-2026",
            "at": "/tables/none/rows/0/gives",
            "value": "1 %",
        },
        "no published plan unknown": {
            "kind": "plan_number",
            "plan": "unknown",
            "at": "/title/en",
            "value": "x",
        },
    }

    for expected, change in changes.items():
        started = await office.analyst.post("/v1/simulations", {**MARCH, "changes": [change]})
        await office.work()
        found = (await office.analyst.get(started.headers["Location"])).json()
        assert found["status"] == "failed"
        assert expected in found["failure"]
        assert found["answer"] is None


async def test_a_question_with_too_many_months_or_half_an_order_is_refused(
    office: Office,
) -> None:
    target = {"kind": "order", "order_number": "O9"}

    long = await office.analyst.post(
        "/v1/simulations", {"from": "2024-01", "to": "2026-01", "changes": [target]}
    )
    half = await office.analyst.post("/v1/simulations", {**MARCH, "changes": [target]})

    assert long.status_code == 422
    assert "an order that nobody recorded needs principal" in half.json()["detail"]


async def test_an_answer_is_thrown_away_after_its_time(office: Office) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    found = await answered(office, body)
    store = office.service.runtime.store
    async with office.service.runtime.open_work(office.tenant) as work:
        kept = await work.simulations.get(UUID(found["id"]))
    assert kept.result is not None
    paths = [store.local_path(office.tenant, address) for address in kept.result.addresses]
    files = StoredSimulations(store)

    async with office.service.runtime.open_work(office.tenant) as work:
        await forget_expired(work, files=files, now=kept.expires_at - timedelta(seconds=1))
        assert all(path.exists() for path in paths)
        await forget_expired(work, files=files, now=kept.expires_at)

    assert len(paths) == 3
    assert not any(path.exists() for path in paths)


async def test_a_queued_question_that_is_cancelled_is_not_answered(office: Office) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    started = await office.analyst.post("/v1/simulations", body)
    path = started.headers["Location"]

    cancelled = await office.analyst.post(f"{path}/cancel")
    await office.work()
    lines = await office.analyst.get(f"{path}/lines")

    assert cancelled.json()["status"] == "cancelled"
    assert (await office.analyst.get(path)).json()["status"] == "cancelled"
    assert (lines.status_code, lines.json()["code"]) == (409, "simulation-not-complete")


async def test_payees_and_managers_ask_no_questions_and_others_see_no_answers(
    office: Office, make_office: Any
) -> None:
    await prepared(office)
    body = {**MARCH, "changes": [{"kind": "draft_plan", "document": agency_plan_text()}]}
    found = await answered(office, body)
    agency = office.person("agency", "payee", payee_id=ident(office.tenant, "payee", "A1"))
    designer = office.person("designer", "plan_designer")
    stranger = make_office().analyst

    assert (await agency.post("/v1/simulations", body)).status_code == 403
    assert (await agency.get(f"/v1/simulations/{found['id']}")).status_code == 403
    assert (await designer.get(f"/v1/simulations/{found['id']}")).status_code == 200
    assert (await stranger.get(f"/v1/simulations/{found['id']}")).status_code == 404
    assert (await office.analyst.get(f"/v1/back-tests/{found['id']}")).status_code == 404
