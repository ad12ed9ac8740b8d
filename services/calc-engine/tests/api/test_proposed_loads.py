"""Opening balances, loans, what was paid before: loaded by one person, approved by another, until then without effect."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ..conftest import NEW, NOW, Office  # noqa: TID252
from .flows import settle, submit
from .test_records import LOAN, OPENING, approved, load
from .test_terms_of_payment import ledger_of, lines_of, sold, staffed, statement, with_terms

PAID = {
    "balance": "paid",
    "payee": "A1",
    "name": "commissions",
    "period": "2026-02",
    "amount": "150.00",
    "currency": "EUR",
    "on": "2026-02-28",
}
PLAIN_PAY = "{negative_balance: carried}"


async def earning(office: Office, terms: str | None = None) -> None:
    """4 % of 50 000 in February and of 40 000 in March: 2 000.00 and 1 600.00."""
    await (staffed(office) if terms is None else staffed(office, with_terms(terms)))
    await office.arrive(sold(office, {"2026-02": "50000", "2026-03": "40000"}))


async def decide(office: Office, load_id: str, what: str, **body: Any) -> dict[str, Any]:
    answer = await office.approver.post(f"/v1/records/proposed/{load_id}/{what}", body or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_rows_that_nobody_approved_have_no_effect_and_keep_the_statement_from_review(
    office: Office,
) -> None:
    await earning(office)
    found = await load(office, "opening", OPENING)

    run = await office.run("2026-02")
    refused = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {"accept": []})

    assert (found["recorded"], found["proposed"]) == (0, 1)
    assert await lines_of(office, "2026-02") == {"release": "2000.00"}
    assert refused.status_code == 409
    assert "rows_not_approved" in refused.json()["detail"]
    desk = (await office.analyst.get("/v1/exceptions", period="2026-02")).json()["items"]
    [told] = [item for item in desk if item["code"] == "rows_not_approved"]
    assert f"load {found['proposed_load']}" in told["message"]
    assert told["repair"]["path"] == "/v1/records/proposed/{id}/approve"


async def test_once_approved_they_count_and_say_who_approved_them(office: Office) -> None:
    await earning(office)
    found = await load(office, "opening", OPENING)
    path = f"/v1/records/proposed/{found['proposed_load']}"
    waiting = (await office.approver.get(path)).json()

    done = await decide(office, found["proposed_load"], "approve")
    again = await decide(office, found["proposed_load"], "approve")
    declined = await office.approver.post(f"{path}/decline", {"reason": "not so"})
    await submit(office, await office.run("2026-02"))

    assert [row["amount"] for row in waiting["rows"]] == ["300.00"]
    assert done == again
    assert (declined.status_code, declined.json()["code"]) == (409, "load-decided")
    assert "withdrawn: true" in declined.json()["detail"]
    assert (done["status"], done["decided_by"]) == ("approved", str(office.approver.id))
    assert await lines_of(office, "2026-02") == {"release": "2000.00", "draw_recovery": "-300.00"}
    [fact] = (await office.analyst.get("/v1/facts/opening")).json()["items"]
    assert fact["body"]["made_by"] == str(office.analyst.id)
    assert fact["body"]["approved_by"] == str(office.approver.id)


@pytest.mark.parametrize(("kind", "row"), [("opening", OPENING), ("loan", LOAN)])
async def test_nobody_approves_rows_of_his_own(
    office: Office, kind: str, row: dict[str, Any]
) -> None:
    both = office.person("both", "compensation_analyst", "compensation_approver")
    made = await both.post(f"/v1/records/{kind}", {"source": "test", "rows": [row]})
    load_id = made.json()["proposed_load"]

    refused = await both.post(f"/v1/records/proposed/{load_id}/approve")

    assert refused.status_code == 403
    assert refused.json()["code"] == "approver-is-maker"
    assert (await office.analyst.get(f"/v1/facts/{kind}")).json()["items"] == []
    with pytest.raises(IntegrityError, match="ck_load_decision_four_eyes"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into load_decision (tenant_id, load_id, to_status, by, at, made_by)"
                    " values (:tenant, :id, 'approved', :person, :at, :person)"
                ),
                {"tenant": office.tenant, "id": load_id, "person": both.id, "at": NOW},
            )


async def test_a_correction_leaves_what_was_approved_in_force_until_it_is_approved(
    office: Office,
) -> None:
    await earning(office)
    await approved(office, "opening", OPENING)
    corrected = await load(office, "opening", {**OPENING, "amount": "250.00"}, OPENING)

    await office.run("2026-02")
    before = await lines_of(office, "2026-02")
    await decide(office, corrected["proposed_load"], "approve")
    await office.run("2026-02")

    assert (corrected["proposed"], corrected["unchanged"]) == (1, 1)
    assert before["draw_recovery"] == "-300.00"
    assert (await lines_of(office, "2026-02"))["draw_recovery"] == "-250.00"


async def test_declined_rows_never_count_and_block_nothing(office: Office) -> None:
    await earning(office)
    found = await load(office, "loan", LOAN)

    done = await decide(office, found["proposed_load"], "decline", reason="paid back by now")
    refused = await office.approver.post(f"/v1/records/proposed/{found['proposed_load']}/approve")
    await submit(office, await office.run("2026-02"))

    assert (done["status"], done["why_declined"]) == ("declined", "paid back by now")
    assert refused.status_code == 409
    assert refused.json()["code"] == "load-decided"
    assert await lines_of(office, "2026-02") == {"release": "2000.00"}


async def test_an_older_load_does_not_undo_what_was_proposed_later_and_is_approved(
    office: Office,
) -> None:
    older = await load(office, "opening", OPENING)
    newer = await load(office, "opening", {**OPENING, "amount": "250.00"})
    await decide(office, newer["proposed_load"], "approve")
    path = f"/v1/records/proposed/{older['proposed_load']}"

    refused = await office.approver.post(f"{path}/approve")

    assert (refused.status_code, refused.json()["code"]) == (409, "load-outdated")
    assert (await office.analyst.get(path)).json()["status"] == "proposed"
    facts = (await office.analyst.get("/v1/facts/opening")).json()["items"]
    assert [fact["body"]["amount"] for fact in facts] == ["250.00"]
    await decide(office, older["proposed_load"], "decline", reason="corrected since")


async def test_loads_that_are_approved_in_the_order_of_their_proposals_count_in_it(
    office: Office,
) -> None:
    older = await load(office, "opening", OPENING)
    newer = await load(office, "opening", {**OPENING, "amount": "250.00"})

    for found in (older, newer):
        await decide(office, found["proposed_load"], "approve")

    facts = (await office.analyst.get("/v1/facts/opening")).json()["items"]
    assert facts[-1]["body"]["amount"] == "250.00"


async def test_who_proposed_rows_may_take_them_back_and_nobody_else_without_the_permission(
    office: Office,
) -> None:
    found = await load(office, "loan", LOAN)
    path = f"/v1/records/proposed/{found['proposed_load']}"
    colleague = office.person("colleague", "compensation_analyst")

    refused = await colleague.post(f"{path}/decline", {"reason": "not mine"})
    approved_alone = await office.analyst.post(f"{path}/approve")
    taken_back = await office.analyst.post(f"{path}/decline", {"reason": "a test row"})

    assert (refused.status_code, approved_alone.status_code) == (403, 403)
    assert "adjustments:approve" in refused.json()["detail"]
    assert (taken_back.status_code, taken_back.json()["status"]) == (200, "declined")
    assert taken_back.json()["decided_by"] == str(office.analyst.id)


async def test_loads_are_listed_by_where_they_are(office: Office) -> None:
    first = await approved(office, "opening", OPENING)
    second = await load(office, "loan", LOAN)

    listed = (await office.analyst.get("/v1/records/proposed", limit=1)).json()
    rest = await office.analyst.get("/v1/records/proposed", limit=1, cursor=listed["next_cursor"])
    waiting = await office.analyst.get("/v1/records/proposed", status="proposed")

    assert [item["id"] for item in listed["items"]] == [second["proposed_load"]]
    assert [item["id"] for item in rest.json()["items"]] == [first["proposed_load"]]
    assert [item["id"] for item in waiting.json()["items"]] == [second["proposed_load"]]


async def test_a_repaired_opening_waits_for_the_second_person_too(office: Office) -> None:
    found = await load(office, "opening", {**OPENING, "amount": "three hundred"})
    path = f"/v1/records/rejected/{found['rejected'][0]['id']}/repair"

    repaired = (await office.analyst.post(path, {"row": OPENING})).json()

    assert (found["proposed"], found["proposed_load"]) == (0, None)
    assert repaired["outcome"] == "repaired"
    assert (await office.analyst.get("/v1/facts/opening")).json()["items"] == []
    await decide(office, repaired["proposed_load"], "approve")
    assert len((await office.analyst.get("/v1/facts/opening")).json()["items"]) == 1


async def test_an_unknown_load_is_not_found(office: Office) -> None:
    answer = await office.approver.post(f"/v1/records/proposed/{NEW.new()}/approve")

    assert answer.status_code == 404
    assert answer.json()["code"] == "load-not-found"


async def test_what_was_paid_elsewhere_is_taken_from_its_month(office: Office) -> None:
    await earning(office, PLAIN_PAY)
    await approved(office, "opening", PAID)

    await settle(office, "2026-02")

    assert await lines_of(office, "2026-02") == {"release": "2000.00", "already_paid": "-150.00"}


async def test_what_was_paid_elsewhere_and_is_told_late_is_taken_in_the_next_open_month(
    office: Office,
) -> None:
    await earning(office, PLAIN_PAY)
    await settle(office, "2026-02")
    await approved(office, "opening", PAID)

    await settle(office, "2026-03")
    march = await lines_of(office, "2026-03")
    await office.run("2026-04")

    assert march == {"release": "1600.00", "already_paid": "-150.00"}
    assert (await statement(office, "2026-03"))["payable"]["amount"] == "1450.00"
    assert await office.statements("2026-04") == []
    assert await ledger_of(office) == {
        ("payable", ""): "3450.00",
        ("opening", ""): "150.00",
        ("earned", ""): "-3600.00",
    }


@pytest.mark.parametrize(
    ("later", "taken"),
    [({"amount": "200.00"}, "-50.00"), ({"withdrawn": True}, "150.00")],
)
async def test_a_late_correction_of_it_is_settled_with_the_difference(
    office: Office, later: dict[str, Any], taken: str
) -> None:
    await earning(office, PLAIN_PAY)
    await approved(office, "opening", PAID)
    await settle(office, "2026-02")
    await approved(office, "opening", {**PAID, **later})

    await settle(office, "2026-03")

    assert await lines_of(office, "2026-03") == {"release": "1600.00", "already_paid": taken}


async def test_what_was_paid_before_the_first_month_is_told_to_change_nothing(
    office: Office,
) -> None:
    await earning(office, PLAIN_PAY)
    await approved(office, "opening", {**PAID, "period": "2026-01"})

    run = await office.run("2026-02")

    report = (await office.analyst.get(f"/v1/runs/{run['id']}/validation-report")).json()
    [told] = [item for item in report["exceptions"] if item["code"] == "opening_before_go_live"]
    assert told["blocks"] is False
    assert await lines_of(office, "2026-02") == {"release": "2000.00"}
