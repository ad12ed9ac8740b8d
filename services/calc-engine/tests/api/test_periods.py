from ..conftest import Office  # noqa: TID252
from ..samples import above_target, master_data  # noqa: TID252
from .flows import settle, submit


async def test_closing_a_month_opens_the_next(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    await settle(office, "2026-03")

    items = (await office.analyst.get("/v1/periods")).json()["items"]
    assert [(item["month"], item["status"]) for item in items] == [
        ("2026-04", "open"),
        ("2026-03", "closed"),
    ]


async def test_a_tenant_goes_live_once(office: Office) -> None:
    await office.open("2026-03")

    again = await office.analyst.post("/v1/periods", {"month": "2026-03"})
    other = await office.analyst.post("/v1/periods", {"month": "2026-01"})

    assert again.status_code == 201
    assert (other.status_code, other.json()["code"]) == (409, "period-already-opened")


async def test_a_month_with_unapproved_statements_is_not_closed(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))

    answer = await office.analyst.post("/v1/periods/2026-03/close", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "period-not-closable")
    assert "2 statements are not approved" in answer.json()["detail"]


async def test_excluded_statements_are_paid_in_the_next_month(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    statements = await office.statements("2026-03")
    exclude = [{"statement_id": item["id"], "reason": "in dispute"} for item in statements]
    await office.analyst.post("/v1/periods/2026-03/close", {"exclude": exclude})
    await office.approver.post("/v1/periods/2026-03/close", {})

    await office.run("2026-04")
    late = await office.approver.post(
        f"/v1/statements/{statements[0]['id']}/approve",
        {"digest": statements[0]["digest"]},
        if_match='"1"',
    )

    april = await office.statements("2026-04")
    assert (late.status_code, late.json()["code"]) == (409, "period-not-open")
    assert sorted(item["payable"]["amount"] for item in april) == ["2074.50", "284.50"]


async def test_the_same_person_cannot_ask_for_and_confirm_a_close(office: Office) -> None:
    await office.open("2026-03")
    both = office.person("both", "compensation_analyst", "compensation_approver")
    asked = await both.post("/v1/periods/2026-03/close", {})

    confirmed = await both.post("/v1/periods/2026-03/close", {})

    assert asked.json()["status"] == "closing"
    assert (confirmed.status_code, confirmed.json()["code"]) == (403, "approver-is-maker")


async def test_a_closing_month_is_not_calculated_until_the_close_is_withdrawn(
    office: Office,
) -> None:
    await office.open("2026-03")
    await office.analyst.post("/v1/periods/2026-03/close", {})

    refused = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    withdrawn = await office.analyst.post("/v1/periods/2026-03/withdraw-close")
    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})

    await office.work()
    assert (refused.status_code, refused.json()["code"]) == (409, "period-not-open")
    assert withdrawn.json()["status"] == "open"
    assert started.status_code == 202


async def test_a_month_is_not_closed_while_a_run_has_not_ended(office: Office) -> None:
    await office.open("2026-03")
    await office.analyst.post("/v1/runs", {"period": "2026-03"})

    answer = await office.analyst.post("/v1/periods/2026-03/close", {})

    await office.work()
    assert (answer.status_code, answer.json()["code"]) == (409, "run-still-running")
