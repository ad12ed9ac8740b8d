from datetime import date
from typing import Any

from premia_common.contracts.plans import AssignmentChanged

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    agency_plan_text,
    assignment,
    ident,
    mandate,
    master_data,
    order,
    payee,
    plan_published,
    watermark,
)


async def codes(office: Office) -> list[str]:
    items = (await office.analyst.get("/v1/exceptions", period="2026-03")).json()["items"]
    return [item["code"] for item in items]


async def test_a_run_answers_at_once_and_tells_how_far_it_is(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    queued = (await office.analyst.get(started.headers["Location"])).json()
    await office.work()
    ended = (await office.analyst.get(started.headers["Location"])).json()

    assert started.status_code == 202
    assert (queued["status"], queued["progress_percent"]) == ("queued", 0)
    assert (ended["status"], ended["progress_percent"]) == ("completed", 100)


async def test_a_second_run_of_a_period_waits_for_the_first(office: Office) -> None:
    await office.open("2026-03")
    first = await office.analyst.post("/v1/runs", {"period": "2026-03"}, key="first")

    same = await office.analyst.post("/v1/runs", {"period": "2026-03"}, key="first")
    second = await office.analyst.post("/v1/runs", {"period": "2026-03"}, key="second")

    await office.work()
    assert same.json()["id"] == first.json()["id"]
    assert (second.status_code, second.json()["code"]) == (409, "run-in-progress")
    assert first.json()["id"] in second.json()["detail"]


async def test_a_run_needs_a_period_that_was_opened(office: Office) -> None:
    answer = await office.analyst.post("/v1/runs", {"period": "2026-03"})

    assert (answer.status_code, answer.json()["code"]) == (404, "period-not-found")


async def test_a_run_refuses_what_it_does_not_know(office: Office) -> None:
    unknown = await office.analyst.post("/v1/runs", {"period": "2026-03", "perod": "x"})
    no_month = await office.analyst.post("/v1/runs", {"period": "2026-13"})
    missing = await office.analyst.get(f"/v1/runs/{NEW.new()}")

    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/perod")
    assert no_month.status_code == 422
    assert (missing.status_code, missing.json()["code"]) == (404, "run-not-found")


async def test_an_unknown_payee_is_an_exception_that_cures_itself(office: Office) -> None:
    late = order(office.tenant, "O8", "1000.00", seller="AG-9", states={"activated": "2026-03-10"})
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant), late])
    await office.open("2026-03")
    await office.run("2026-03")
    before = await codes(office)
    items = (await office.analyst.get("/v1/exceptions", period="2026-03")).json()["items"]

    await office.arrive([payee(office.tenant, "AG-9"), mandate(office.tenant, "AG-9")])
    await office.run("2026-03")
    known = await codes(office)
    plan = plan_published(office.tenant, agency_plan_text()).plan_name
    await office.arrive([assignment(office.tenant, "AG-9", plan)])
    await office.run("2026-03")

    assert before == ["payee_unknown"]
    assert "AG-9" in items[0]["message"]
    assert items[0]["order_id"] == "salesforce/R-O8"
    assert known == ["payee_not_assigned"]
    assert await codes(office) == ["target_missing"]  # it is in the plan now, without a target


async def test_pay_waits_until_the_plan_is_accepted(office: Office) -> None:
    await office.arrive([*master_data(office.tenant, accept=False), *above_target(office.tenant)])
    await office.open("2026-03")

    await office.run("2026-03")

    agency = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    unpaid = await office.analyst.get(f"/v1/statements/{agency['id']}/unpaid-lines")
    assert agency["payable"]["amount"] == "0.00"
    assert agency["held"]["amount"] == "2347.50"
    assert any("accept" in item["reason"] for item in unpaid.json()["items"])


async def test_what_was_sold_before_somebody_took_part_is_told_by_the_name_people_know(
    office: Office,
) -> None:
    whole = master_data(office.tenant)
    facts = [
        fact.model_copy(update={"valid_from": date(2026, 2, 25)})
        if isinstance(fact, AssignmentChanged)
        else fact
        for fact in whole
    ]
    await office.arrive([*facts, *above_target(office.tenant)])
    await office.open("2026-03")

    await office.run("2026-03")

    agency = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    unpaid = await office.analyst.get(f"/v1/statements/{agency['id']}/unpaid-lines")
    reasons = {item["reason"] for item in unpaid.json()["items"] if item["what"] == "not_paid"}
    assert reasons == {"not paid, because A1 is not assigned to the plan on 2026-02-20"}


async def test_a_run_waits_for_facts_that_a_watermark_promises(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.arrive([watermark(office.tenant, "salesforce", 2, "66000.00")])
    await office.open("2026-03")

    run = await office.run("2026-03", wait_seconds=5)

    manifest = (await office.analyst.get(f"/v1/runs/{run['id']}/manifest")).json()["manifest"]
    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    totals: dict[str, Any] = {item["name"]: item for item in report["control_totals"]}
    assert [state["source"] for state in manifest["waited_for"]] == ["salesforce"]
    assert totals["order amounts of salesforce"]["agrees"] is True
    assert totals["facts of salesforce"]["found"] == "2"
    assert totals["lines and statements in EUR"]["agrees"] is True
    assert report["sources_not_waited_for"] == ["billing", "quality"]


async def test_a_run_as_known_earlier_makes_no_statements(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    run = await office.run("2026-03", as_known_at="2026-03-31T00:00:00Z")
    submitted = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {})

    assert run["counts"]["statements"] == 0
    assert await office.statements("2026-03") == []
    assert (submitted.status_code, submitted.json()["code"]) == (409, "run-only-looks")


async def test_blocking_exceptions_are_cured_or_accepted_by_name(office: Office) -> None:
    events = [event for event in master_data(office.tenant) if event.type != "premia.target.set.v1"]
    await office.arrive([*events, *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    path = f"/v1/runs/{run['id']}/submit"
    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()

    refused = await office.analyst.post(path, {"accept": []})
    accepted = await office.analyst.post(
        path, {"accept": [{"code": code, "reason": "agreed"} for code in report["blocking"]]}
    )

    assert report["blocking"]
    assert (refused.status_code, refused.json()["code"]) == (409, "blocking-exceptions")
    assert report["blocking"][0] in refused.json()["detail"]
    assert len(accepted.json()["statements"]) == 2


async def test_only_the_latest_run_is_submitted(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    first = await office.run("2026-03")
    await office.run("2026-03")

    answer = await office.analyst.post(f"/v1/runs/{first['id']}/submit", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "run-not-latest")


async def test_a_plan_that_cannot_be_calculated_fails_the_run_with_its_reason(
    office: Office,
) -> None:
    events = master_data(office.tenant)
    [plan] = [event for event in events if event.type == "premia.plan.published.v1"]
    broken = plan.model_copy(update={"document": {**plan.document, "components": {}}})
    await office.arrive([broken if event is plan else event for event in events])
    await office.open("2026-03")

    started = await office.analyst.post("/v1/runs", {"period": "2026-03"})
    await office.work()

    run = (await office.analyst.get(started.headers["Location"])).json()
    assert run["status"] == "failed"
    assert "Publish a corrected version" in run["failure"]
    assert (await office.analyst.post("/v1/runs", {"period": "2026-03"})).status_code == 202
