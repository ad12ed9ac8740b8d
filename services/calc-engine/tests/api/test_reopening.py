"""A closed month opened again by two people: what it pays, and what it never pays twice."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252
from .flows import approve_all, close, settle, submit, tax_answer

WHY = {"reason": "one agency's orders came too late"}
REOPEN = "/v1/periods/2026-03/reopen"


async def closed_march(office: Office, *, without_m1: bool = False) -> None:
    """Close March; M1's statement may be excluded from it."""
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    if not without_m1:
        await settle(office, "2026-03")
        return
    await submit(office, await office.run("2026-03"))
    left_out = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-03")
    for item in await office.statements("2026-03"):
        if item["id"] != left_out["id"]:
            await approve(office, item)
    exclude = [{"statement_id": left_out["id"], "reason": "in dispute"}]
    await office.analyst.post("/v1/periods/2026-03/close", {"exclude": exclude})
    await office.approver.post("/v1/periods/2026-03/close", {})


async def approve(office: Office, statement: dict[str, Any]) -> Any:
    item = {key: statement[key] for key in ("revision", "digest")}
    body = {"items": [{"statement_id": statement["id"], **item}]}
    return (await office.approver.post("/v1/statements:approve", body)).json()


async def reopen(office: Office) -> None:
    assert (await office.analyst.post(REOPEN, WHY)).status_code == 200
    assert (await office.approver.post(REOPEN, WHY)).json()["status"] == "open"


async def test_two_people_reopen_the_last_closed_month_and_that_is_announced(
    office: Office,
) -> None:
    await closed_march(office)

    asked = await office.analyst.post(REOPEN, WHY)
    both = office.person("both", "compensation_analyst", "compensation_approver")
    done = await both.post(REOPEN, WHY)

    assert (asked.json()["status"], asked.json()["reopen_reason"]) == ("reopening", WHY["reason"])
    assert asked.json()["reopen_requested_by"] == str(office.analyst.id)
    assert (done.json()["status"], done.json()["closed_at"]) == ("open", None)
    async with office.service.runtime.open_work(office.tenant) as work:
        [event] = await work.connection.scalars(
            text("select body::jsonb -> 'data' from outbox where type = :type"),
            {"type": "premia.period.reopened.v1"},
        )
    assert event["period"] == "2026-03"
    assert event["reason"] == WHY["reason"]
    assert (event["requested_by"], event["approved_by"]) == (
        str(office.analyst.id),
        str(both.id),
    )


async def test_whoever_asked_for_a_reopening_neither_approves_nor_declines_it(
    office: Office,
) -> None:
    await closed_march(office)
    both = office.person("both", "compensation_analyst", "compensation_approver")
    await both.post(REOPEN, WHY)

    approved = await both.post(REOPEN, WHY)
    declined = await both.post("/v1/periods/2026-03/decline-reopen")
    by_another = await office.approver.post("/v1/periods/2026-03/decline-reopen")

    for answer in (approved, declined):
        assert (answer.status_code, answer.json()["code"]) == (403, "approver-is-maker")
    assert by_another.json()["status"] == "closed"


async def test_one_person_cannot_reopen_by_sql(office: Office) -> None:
    await closed_march(office)

    with pytest.raises(IntegrityError, match="ck_period_transition_reopened_by_two"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into period_transition (tenant_id, month, version, to_status, by, at,"
                    " requested_by, excluded) values (:tenant, '2026-03', 99, 'open', :by, now(),"
                    " :by, '[]')"
                ),
                {"tenant": office.tenant, "by": office.analyst.id},
            )


async def test_a_reopened_month_pays_in_place_whoever_was_not_approved_in_it(
    office: Office,
) -> None:
    await closed_march(office, without_m1=True)
    m1 = ident(office.tenant, "payee", "M1")
    await reopen(office)

    await submit(office, await office.run("2026-03"))
    statement = await office.statement_of(m1, "2026-03")
    result = await approve(office, statement)
    await close(office, "2026-03")
    await office.run("2026-04")
    april = await office.statement_of(m1, "2026-04")

    assert result["approved"] == 1
    assert statement["payable"] == {"amount": "214.50", "currency": "EUR"}
    # April pays the rest of O1 alone: nothing of March comes a second time.
    assert april["payable"] == {"amount": "70.00", "currency": "EUR"}


async def test_an_approved_statement_stays_and_its_difference_is_a_restatement_of_the_next(
    office: Office,
) -> None:
    await closed_march(office)
    a1 = ident(office.tenant, "payee", "A1")
    before = await office.statement_of(a1, "2026-03")
    late = order(
        office.tenant,
        "O3",
        "1000.00",
        states={"activated": "2026-03-25"},
        signed_on=date(2026, 2, 27),
    )
    await office.arrive([late])
    await reopen(office)

    await office.run("2026-03")
    during = await office.statement_of(a1, "2026-03")
    await close(office, "2026-03")
    await office.run("2026-04")
    april = await office.statement_of(a1, "2026-04")
    lines = (await office.analyst.get(f"/v1/statements/{april['id']}/lines")).json()["items"]

    assert (during["status"], during["digest"]) == ("approved", before["digest"])
    restated = [line for line in lines if line["what"] == "restatement"]
    new = [line for line in restated if line["order_id"] == "salesforce/R-O3"]
    assert {line["original_period"] for line in restated} == {"2026-03"}
    assert sorted(line["amount"]["amount"] for line in new) == ["19.50", "5.93"]


async def test_nothing_of_the_next_month_is_decided_while_the_month_before_is_open(
    office: Office,
) -> None:
    await closed_march(office, without_m1=True)
    april = await office.run("2026-04")
    await submit(office, april)
    statements = await office.statements("2026-04")
    await reopen(office)

    approved = await approve_all(office, "2026-04")
    submitted = await office.analyst.post(f"/v1/runs/{april['id']}/submit", {})

    assert approved["approved"] == 0
    assert {item["problem"]["code"] for item in approved["items"]} == {"earlier-month-open"}
    assert (submitted.status_code, submitted.json()["code"]) == (409, "earlier-month-open")
    assert statements


async def test_what_was_calculated_before_the_second_close_is_not_approved_after_it(
    office: Office,
) -> None:
    await closed_march(office, without_m1=True)
    await submit(office, await office.run("2026-04"))
    stale = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-04")
    await reopen(office)
    await submit(office, await office.run("2026-03"))
    await approve(office, await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-03"))
    await close(office, "2026-03")

    refused = await approve(office, stale)
    again = await office.run("2026-04")
    await submit(office, again)
    fresh = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-04")
    await office.arrive([tax_answer(office, fresh)])
    approved = await approve(office, fresh)

    assert stale["payable"]["amount"] == "284.50"
    assert refused["items"][0]["problem"]["code"] == "run-outdated"
    assert fresh["payable"]["amount"] == "70.00"
    assert approved["approved"] == 1


async def test_a_month_that_later_statements_rest_on_is_not_reopened(office: Office) -> None:
    await closed_march(office)
    await submit(office, await office.run("2026-04"))
    await approve_all(office, "2026-04")

    later = await office.analyst.post(REOPEN, WHY)
    await close(office, "2026-04")
    closed = await office.analyst.post(REOPEN, WHY)

    assert (later.status_code, later.json()["code"]) == (409, "period-not-reopenable")
    assert "statements of 2026-04 are approved" in later.json()["detail"]
    assert "2026-04 is closed" in closed.json()["detail"]


async def test_an_open_month_is_not_reopened_and_a_reason_is_needed(office: Office) -> None:
    await office.open("2026-03")

    answer = await office.analyst.post(REOPEN, WHY)
    silent = await office.analyst.post(REOPEN, {"reason": ""})

    assert (answer.status_code, answer.json()["code"]) == (409, "period-not-closed")
    assert silent.status_code == 422


async def test_the_second_close_takes_the_first_ones_accruals_back(office: Office) -> None:
    await closed_march(office)
    await reopen(office)
    await close(office, "2026-03")

    second, first = (await office.analyst.get("/v1/accruals")).json()["items"]

    assert (first["period"], second["period"]) == ("2026-03", "2026-03")
    assert second["reverses"] == first["id"]
    assert second["held"] == first["held"]
