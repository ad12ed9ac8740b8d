from typing import Any

import pytest
from sqlalchemy import text

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252
from .flows import approve_all, submit, tax_answer


async def in_review(office: Office) -> dict[str, Any]:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    return await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")


def body(statement: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"digest": statement["digest"], **more}


async def outbox_types(office: Office) -> list[str]:
    async with office.service.runtime.open_work(office.tenant) as work:
        found = await work.connection.execute(text("select type from outbox order by id"))
        return [row.type for row in found]


async def test_an_approval_is_posted_and_announced_once(office: Office) -> None:
    statement = await in_review(office)
    path = f"/v1/statements/{statement['id']}/approve"
    etag = (await office.approver.get(f"/v1/statements/{statement['id']}")).headers["ETag"]

    first = await office.approver.post(path, body(statement), key="one", if_match=etag)
    again = await office.approver.post(path, body(statement), key="one", if_match=etag)
    another_key = await office.approver.post(path, body(statement), if_match=etag)

    assert etag == '"1"'
    assert first.status_code == again.status_code == another_key.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json() == another_key.json()
    assert first.json()["status"] == "approved"
    assert (await outbox_types(office)).count("premia.statement.approved.v1") == 1
    ledger = (await office.analyst.get(f"/v1/ledger/{statement['payee_id']}")).json()
    assert {item["account"]: item["amount"]["amount"] for item in ledger["balances"]} == {
        "earned": "-2347.50",
        "held": "693.00",
        "payable": "1654.50",
    }


async def test_what_is_held_is_listed_with_its_reason(office: Office) -> None:
    statement = await in_review(office)

    answer = await office.analyst.get(f"/v1/statements/{statement['id']}/unpaid-lines")

    items = answer.json()["items"]
    assert sorted(item["amount"]["amount"] for item in items) == ["273.00", "420.00"]
    assert all(item["reason"] for item in items)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"if_match": '"2"'}, 412, "changed-meanwhile"),
        ({"if_match": None}, 428, "precondition-required"),
        ({"if_match": "1"}, 400, "bad-request"),
        ({"digest": "0" * 64}, 412, "changed-meanwhile"),
        ({"digest": "short"}, 422, "invalid"),
        ({"extra": 1}, 422, "invalid"),
    ],
)
async def test_an_approval_must_name_what_was_read(
    office: Office, change: dict[str, Any], status: int, code: str
) -> None:
    statement = await in_review(office)
    sent = {**body(statement), **{k: v for k, v in change.items() if k != "if_match"}}

    answer = await office.approver.post(
        f"/v1/statements/{statement['id']}/approve",
        sent,
        if_match=change.get("if_match", '"1"'),
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_maker_and_submitter_cannot_approve(office: Office) -> None:
    statement = await in_review(office)
    both = office.person("both", "compensation_analyst", "compensation_approver")
    await office.arrive([order(office.tenant, "O7", "50.00", states={"activated": "2026-03-08"})])
    started = await both.post("/v1/runs", {"period": "2026-03"})
    await office.work()
    run = (await both.get(started.headers["Location"])).json()
    await submit(office, run)
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")

    answer = await both.post(
        f"/v1/statements/{statement['id']}/approve", body(statement), if_match='"2"'
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "approver-is-maker"


async def test_a_draft_cannot_be_approved(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.run("2026-03")
    [statement, _] = await office.statements("2026-03")

    answer = await office.approver.post(
        f"/v1/statements/{statement['id']}/approve", body(statement), if_match='"1"'
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "statement-not-approvable")


async def test_blocked_tax_stops_an_approval_unless_it_is_accepted_by_name(
    office: Office,
) -> None:
    statement = await in_review(office)
    path = f"/v1/statements/{statement['id']}/approve"
    blocked = tax_answer(office, statement, status="blocked", reasons=("no fiscal profile",))
    await office.arrive([blocked])

    refused = await office.approver.post(path, body(statement), if_match='"1"')
    accepted = await office.approver.post(
        path,
        body(statement, accept_blocked={"code": "no-profile", "reason": "profile on its way"}),
        if_match='"1"',
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "tax-not-ok")
    assert "no fiscal profile" in refused.json()["detail"]
    assert accepted.status_code == 200


async def test_an_answer_to_an_older_revision_does_not_count(office: Office) -> None:
    old = await in_review(office)
    await office.arrive([order(office.tenant, "O7", "50.00", states={"activated": "2026-03-08"})])
    run = await office.run("2026-03")
    await office.analyst.post(f"/v1/runs/{run['id']}/submit", {})
    await office.arrive([tax_answer(office, old)])
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")

    answer = await office.approver.post(
        f"/v1/statements/{statement['id']}/approve", body(statement), if_match='"2"'
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "tax-not-ok")


async def test_one_refused_item_does_not_stop_the_others(office: Office) -> None:
    await in_review(office)
    statements = await office.statements("2026-03")
    items = [
        {"statement_id": item["id"], "revision": item["revision"], "digest": item["digest"]}
        for item in statements
    ]
    items.insert(1, {**items[0], "statement_id": str(ident(office.tenant, "nobody"))})

    first = await office.approver.post("/v1/statements:approve", {"items": items})
    again = await office.approver.post("/v1/statements:approve", {"items": items})

    assert (again.json()["approved"], again.json()["refused"]) == (2, 1)
    assert (first.json()["approved"], first.json()["refused"]) == (2, 1)
    assert [item["result"] for item in first.json()["items"]] == ["approved", "refused", "approved"]
    assert first.json()["items"][1]["problem"]["code"] == "statement-not-found"


async def test_nobody_approves_without_the_permission(office: Office) -> None:
    statement = await in_review(office)

    answer = await office.analyst.post(
        f"/v1/statements/{statement['id']}/approve", body(statement), if_match='"1"'
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_a_new_revision_sends_a_statement_in_review_back_to_draft(office: Office) -> None:
    before = await in_review(office)
    await office.arrive([order(office.tenant, "O7", "50.00", states={"activated": "2026-03-08"})])

    await office.run("2026-03")

    after = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    assert (after["status"], after["revision"]) == ("draft", 2)
    assert after["digest"] != before["digest"]
    assert (await office.approver.get(f"/v1/statements/{before['id']}/lines")).json()[
        "revision"
    ] == 2


async def test_an_approved_statement_keeps_its_revision_when_facts_change(office: Office) -> None:
    before = await in_review(office)
    await approve_all(office, "2026-03")
    await office.arrive([order(office.tenant, "O7", "50.00", states={"activated": "2026-03-08"})])

    run = await office.run("2026-03")

    after = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")
    assert run["counts"]["new_revisions"] == 0
    assert (after["status"], after["revision"]) == ("approved", before["revision"])
