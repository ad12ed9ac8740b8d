"""What a person must look at: whom it touches, how it is settled, who took it on."""

from datetime import date
from typing import Any

from premia_common.contracts.plans import TargetSet

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import (  # noqa: TID252
    above_target,
    accepted,
    agency_plan_text,
    assignment,
    ident,
    mandate,
    master_data,
    order,
    payee,
    plan_published,
    target,
)
from .flows import submit


async def without_target(office: Office) -> dict[str, Any]:
    """Calculate March while A1 has no target, and return the run."""
    events = [event for event in master_data(office.tenant) if not isinstance(event, TargetSet)]
    await office.arrive([*events, *above_target(office.tenant)])
    await office.open("2026-03")
    return await office.run("2026-03")


def nowhere(office: Office) -> Any:
    """An order of A1 that is not activated yet, in a territory without a rate."""
    stray = order(office.tenant, "X1", "900.00", states={}, signed_on=date(2026, 3, 5))
    return stray.model_copy(update={"territory": "nowhere"})


async def desk(office: Office, **more: Any) -> list[dict[str, Any]]:
    answer = await office.analyst.get("/v1/exceptions", period="2026-03", **more)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_an_exception_says_whom_and_how_much_it_affects_and_where_it_is_repaired(
    office: Office,
) -> None:
    await without_target(office)
    a1 = str(ident(office.tenant, "payee", "A1"))

    [item] = await desk(office, code="target_missing")
    causes = (await office.analyst.get("/v1/exceptions/causes", period="2026-03")).json()["items"]

    assert (item["status"], item["blocks"], item["month"]) == ("open", True, "2026-03")
    assert (item["payee_id"], item["payee_code"]) == (a1, "A1")
    assert item["message"].startswith("A1, accelerator of 2026-03: not paid, because there is no")
    assert [cause["example"] for cause in causes] == [item["message"]]
    assert item["affects"] == {
        "payees": [a1],
        "orders": 2,
        "amount": {"amount": "66000.00", "currency": "EUR"},
        "estimate": "measured",
    }
    assert item["repair"] == {"service": "plans-api", "method": "POST", "path": "/v1/targets"}


async def test_an_order_of_an_unknown_payee_is_estimated_by_what_it_would_pay(
    office: Office,
) -> None:
    await office.arrive(master_data(office.tenant))
    stray = order(
        office.tenant, "X1", "900.00", seller="NOBODY", states={"activated": "2026-03-02"}
    )
    await office.arrive([stray])
    await office.open("2026-03")
    await office.run("2026-03")

    [item] = await desk(office, code="payee_unknown")

    assert item["affects"] == {
        "payees": [],
        "orders": 1,
        "amount": {"amount": "27.00", "currency": "EUR"},
        "estimate": "unpaid_lines",
    }


async def test_an_order_without_a_rate_is_estimated_by_its_amount(office: Office) -> None:
    await office.arrive(master_data(office.tenant))
    await office.arrive([nowhere(office)])
    await office.open("2026-03")
    await office.run("2026-03")

    items = await desk(office, code="rate_missing")

    [item] = [item for item in items if item["order_id"] == "salesforce/R-X1"]
    assert item["affects"] == {
        "payees": [str(ident(office.tenant, "payee", "A1"))],
        "orders": 1,
        "amount": {"amount": "900.00", "currency": "EUR"},
        "estimate": "order_amount",
    }


async def test_exceptions_are_grouped_by_cause(office: Office) -> None:
    await office.arrive(master_data(office.tenant))
    await office.arrive(
        [
            order(office.tenant, number, amount, seller="NOBODY", states={"activated": day})
            for number, amount, day in (
                ("X1", "900.00", "2026-03-02"),
                ("X2", "100.50", "2026-03-03"),
            )
        ]
    )
    await office.open("2026-03")
    await office.run("2026-03")

    causes = (await office.analyst.get("/v1/exceptions/causes", period="2026-03")).json()["items"]

    [found] = [cause for cause in causes if cause["code"] == "payee_unknown"]
    assert (found["count"], found["orders"], found["payees"]) == (2, 2, 0)
    assert found["amounts"] == [{"amount": "30.02", "currency": "EUR"}]
    assert found["repair"]["path"] == "/v1/payees/{id}"


async def test_an_exception_is_settled_when_the_next_run_finds_the_cause_repaired(
    office: Office,
) -> None:
    await without_target(office)
    [before] = await desk(office, code="target_missing")
    await office.arrive([target(office.tenant, "A1", {"2026-03": "50000.00"})])

    await office.run("2026-03")

    assert await desk(office, code="target_missing") == []
    [settled] = await desk(office, status="settled")
    assert (settled["id"], settled["status"]) == (before["id"], "settled")


async def test_a_run_with_a_blocking_exception_says_so_and_is_not_submitted(
    office: Office,
) -> None:
    run = await without_target(office)

    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    refused = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {})

    assert run["counts"]["blocking_exceptions"] == 1
    assert report["open_blocking"] == ["target_missing"]
    assert (refused.status_code, refused.json()["code"]) == (409, "blocking-exceptions")
    assert "let an approver accept each" in refused.json()["detail"]


async def test_an_approver_takes_an_exception_on_by_name_and_later_runs_keep_that(
    office: Office,
) -> None:
    await without_target(office)
    [item] = await desk(office, code="target_missing")
    path = f"/v1/exceptions/{item['id']}/accept"
    body = {"period": "2026-03", "reason": "the target is agreed in April"}

    by_analyst = await office.analyst.post(path, body)
    accepted = await office.approver.post(path, body)
    again = await office.approver.post(path, {**body, "reason": "another reason"})
    run = await office.run("2026-03")
    submitted = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {})

    assert by_analyst.status_code == 403
    assert accepted.json()["status"] == "accepted"
    assert accepted.json()["accepted"]["by"] == str(office.approver.id)
    assert again.json()["accepted"]["reason"] == "the target is agreed in April"
    assert submitted.status_code == 200
    assert [item["status"] for item in await desk(office, code="target_missing")] == ["accepted"]
    assert await desk(office, status="open") == []


async def test_whoever_asked_for_the_run_cannot_take_on_what_it_found(office: Office) -> None:
    await without_target(office)
    both = office.person("both", "compensation_analyst", "compensation_approver")
    await both.post("/v1/runs", {"period": "2026-03"})
    await office.work()
    [item] = await desk(office, code="target_missing")

    answer = await both.post(
        f"/v1/exceptions/{item['id']}/accept", {"period": "2026-03", "reason": "fine"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "approver-is-maker")


async def test_an_unknown_exception_cannot_be_taken_on(office: Office) -> None:
    await without_target(office)

    answer = await office.approver.post(
        f"/v1/exceptions/{NEW.new()}/accept", {"period": "2026-03", "reason": "fine"}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "exception-not-found")


async def test_a_statement_in_review_waits_when_a_later_run_finds_a_blocking_exception(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    mine = ident(office.tenant, "payee", "A1")
    await office.arrive([nowhere(office)])
    await office.run("2026-03")
    [item] = await desk(office, code="rate_missing")
    statement = await office.statement_of(mine, "2026-03")
    approval = {
        "items": [
            {key: statement[key] for key in ("revision", "digest")}
            | {"statement_id": statement["id"]}
        ]
    }

    refused = (await office.approver.post("/v1/statements:approve", approval)).json()
    await office.approver.post(
        f"/v1/exceptions/{item['id']}/accept", {"period": "2026-03", "reason": "not ours"}
    )
    approved = (await office.approver.post("/v1/statements:approve", approval)).json()

    assert statement["status"] == "in_review"
    assert refused["items"][0]["problem"]["code"] == "blocking-exceptions"
    assert approved["approved"] == 1


async def test_a_payee_whom_nobody_assigned_is_told_until_somebody_does(office: Office) -> None:
    await office.arrive(master_data(office.tenant))
    await office.arrive(
        [
            payee(office.tenant, "A9"),
            mandate(office.tenant, "A9"),
            *(
                order(office.tenant, number, amount, seller="A9", states={"activated": day})
                for number, amount, day in (
                    ("X1", "900.00", "2026-03-02"),
                    ("X2", "100.00", "2026-03-03"),
                )
            ),
            order(office.tenant, "X3", "70.00", states={"activated": "2026-03-03"}),
        ]
    )
    await office.open("2026-03")
    await office.run("2026-03")

    [item] = await desk(office, code="payee_not_assigned")
    assert item["message"] == "2 of the orders of A9 in 2026-03 came under no plan it is in"
    # 3 % of 900 and of 100; what its orders are to the manager above is no matter of the payee's.
    assert item["affects"] == {
        "payees": [str(ident(office.tenant, "payee", "A9"))],
        "orders": 2,
        "amount": {"amount": "30.00", "currency": "EUR"},
        "estimate": "unpaid_lines",
    }
    assert item["blocks"] is False
    assert item["repair"] == {
        "service": "plans-api",
        "method": "POST",
        "path": "/v1/assignments",
    }

    plan = plan_published(office.tenant, agency_plan_text())
    await office.arrive(
        [
            assignment(office.tenant, "A9", plan.plan_name),
            accepted(office.tenant, plan, "A9"),
        ]
    )
    await office.run("2026-03")
    assert await desk(office, code="payee_not_assigned", status="open") == []
