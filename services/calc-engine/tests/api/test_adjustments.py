"""Amounts by hand: one person proposes, another approves, and they are paid once."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ..conftest import NEW, NOW, Office  # noqa: TID252
from ..samples import ident  # noqa: TID252
from .flows import settle, submit
from .test_terms_of_payment import lines_of, sold, staffed, statement


async def proposed(
    office: Office, amount: str = "-120.00", month: str = "2026-02", **fields: Any
) -> dict[str, Any]:
    answer = await office.analyst.post(
        "/v1/adjustments",
        {
            "payee_id": str(ident(office.tenant, "payee", "A1")),
            "principal_id": str(ident(office.tenant, "principal", "1000")),
            "month": month,
            "amount": {"amount": amount, "currency": "EUR"},
            "reason": "a bonus that was paid twice",
            **fields,
        },
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def approve(office: Office, item: dict[str, Any]) -> dict[str, Any]:
    answer = await office.approver.post(f"/v1/adjustments/{item['id']}/approve")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def earning(office: Office) -> None:
    """4 % of 50 000 in February and of 40 000 in March, above the level that would be drawn."""
    await staffed(office)
    await office.arrive(sold(office, {"2026-02": "50000", "2026-03": "40000"}))


async def test_an_approved_adjustment_is_a_line_with_its_reason(office: Office) -> None:
    await earning(office)
    await approve(office, await proposed(office))

    await settle(office, "2026-02")

    assert await lines_of(office, "2026-02") == {"release": "2000.00", "adjustment": "-120.00"}
    assert (await statement(office, "2026-02"))["payable"]["amount"] == "1880.00"


async def test_it_is_explained_with_who_approved_it(office: Office) -> None:
    await earning(office)
    await approve(office, await proposed(office))
    await office.run("2026-02")
    path = f"/v1/statements/{(await statement(office, '2026-02'))['id']}"
    lines = (await office.analyst.get(f"{path}/lines")).json()["items"]
    [line] = [item for item in lines if item["what"] == "adjustment"]

    told = await office.analyst.get(f"{path}/lines/{line['id']}/explain", words="en")

    assert f"approved by {office.approver.id}" in " ".join(told.json()["words"])
    assert line["reason"] == "a bonus that was paid twice"


async def test_nobody_approves_an_adjustment_of_his_own(office: Office) -> None:
    both = office.person("both", "compensation_analyst", "compensation_approver")
    body = await proposed(office)
    own = await both.post(
        "/v1/adjustments",
        {name: body[name] for name in ("payee_id", "principal_id", "month", "amount", "reason")},
    )

    refused = await both.post(f"/v1/adjustments/{own.json()['id']}/approve")

    assert refused.status_code == 403
    assert refused.json()["code"] == "approver-is-maker"
    with pytest.raises(IntegrityError, match="ck_adjustment_decision_four_eyes"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into adjustment_decision (tenant_id, adjustment_id, to_status, by, at,"
                    " made_by) values (:tenant, :id, 'approved', :person, :at, :person)"
                ),
                {"tenant": office.tenant, "id": body["id"], "person": office.analyst.id, "at": NOW},
            )


async def test_one_that_nobody_approved_keeps_the_statement_from_review(office: Office) -> None:
    await earning(office)
    await proposed(office)
    run = await office.run("2026-02")

    refused = await office.analyst.post(f"/v1/runs/{run['id']}/submit", {"accept": []})

    assert refused.status_code == 409
    assert "adjustment_not_approved" in refused.json()["detail"]
    assert await lines_of(office, "2026-02") == {"release": "2000.00"}


async def test_a_declined_one_is_never_paid_and_blocks_nothing(office: Office) -> None:
    await earning(office)
    item = await proposed(office)
    declined = await office.approver.post(
        f"/v1/adjustments/{item['id']}/decline", {"reason": "it was paid once"}
    )
    run = await office.run("2026-02")

    await submit(office, run)

    assert declined.json()["status"] == "declined"
    assert await lines_of(office, "2026-02") == {"release": "2000.00"}


async def test_one_of_a_paid_month_counts_in_the_open_one_and_only_once(office: Office) -> None:
    await earning(office)
    await settle(office, "2026-02")
    await approve(office, await proposed(office, "75.00"))

    await settle(office, "2026-03")
    await settle(office, "2026-04")

    assert await lines_of(office, "2026-03") == {"release": "1600.00", "adjustment": "75.00"}
    assert await lines_of(office, "2026-04") == {"draw": "1200.00"}


async def test_approving_twice_is_the_same_answer_and_deciding_anew_is_refused(
    office: Office,
) -> None:
    item = await proposed(office)
    first = await approve(office, item)

    again = await approve(office, item)
    other = office.person("other", "compensation_approver")
    path = f"/v1/adjustments/{item['id']}"
    refused = [
        await other.post(f"{path}/approve"),
        await office.approver.post(f"{path}/decline", {"reason": "not so"}),
    ]

    assert again == first
    assert [answer.status_code for answer in refused] == [409, 409]
    assert {answer.json()["code"] for answer in refused} == {"adjustment-decided"}


async def test_one_whose_last_day_is_over_cannot_be_approved(office: Office) -> None:
    item = await proposed(office, expires_on="2026-01-31")

    refused = await office.approver.post(f"/v1/adjustments/{item['id']}/approve")

    assert refused.status_code == 409
    assert refused.json()["code"] == "adjustment-expired"


async def test_a_payee_sees_only_his_own(office: Office) -> None:
    await proposed(office)
    mine = office.person("A1", "payee", payee_id=ident(office.tenant, "payee", "A1"))
    other = office.person("A2", "payee", payee_id=NEW.new())

    assert len((await mine.get("/v1/adjustments")).json()["items"]) == 1
    assert (await other.get("/v1/adjustments")).json()["items"] == []


async def test_an_unknown_adjustment_is_not_found(office: Office) -> None:
    answer = await office.approver.post(f"/v1/adjustments/{NEW.new()}/approve")

    assert answer.status_code == 404
