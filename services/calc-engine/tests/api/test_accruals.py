"""What a close finds earned and not payable yet, posted and taken back by the next close."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ..conftest import NEW, Office  # noqa: TID252
from ..samples import above_target, ident, master_data  # noqa: TID252
from .flows import settle, submit


async def balances(office: Office, code: str) -> dict[str, str]:
    """Return a payee's account balances that are not zero."""
    payee = ident(office.tenant, "payee", code)
    ledger = (await office.analyst.get(f"/v1/ledger/{payee}")).json()
    return {
        item["account"]: item["amount"]["amount"]
        for item in ledger["balances"]
        if item["amount"]["amount"] != "0.00"
    }


async def batches(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await office.analyst.get("/v1/accruals")).json()["items"]
    return found


async def test_a_close_accrues_what_is_held_and_the_next_takes_it_back(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    await settle(office, "2026-03")
    march = await balances(office, "A1")
    await settle(office, "2026-04")
    april = await balances(office, "A1")

    # 35 % of 3 % of 40 000 and of 26 000 wait for a bill; that of the first order comes in April.
    assert (march["accrued"], march["accrued_against"]) == ("693.00", "-693.00")
    assert (april["accrued"], april["accrued_against"]) == ("273.00", "-273.00")
    assert april["held"] == "273.00"
    second, first = await batches(office)
    assert (first["number"], first["period"], first["reverses"]) == (1, "2026-03", None)
    assert (second["number"], second["reverses"]) == (2, first["id"])
    assert first["held"] == [{"amount": "808.50", "currency": "EUR"}]
    assert first["unapproved"] == [{"amount": "0.00", "currency": "EUR"}]


async def test_a_statement_that_a_close_excludes_is_accrued_by_component(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    exclude = [
        {"statement_id": item["id"], "reason": "in dispute"}
        for item in await office.statements("2026-03")
    ]
    await office.analyst.post("/v1/periods/2026-03/close", {"exclude": exclude})
    await office.approver.post("/v1/periods/2026-03/close", {})

    [batch] = await batches(office)
    lines = (await office.analyst.get(f"/v1/accruals/{batch['id']}/lines")).json()["items"]

    a1 = str(ident(office.tenant, "payee", "A1"))
    mine = {
        line["component"]: (line["unapproved"]["amount"], line["held"]["amount"])
        for line in lines
        if line["payee_id"] == a1
    }
    assert mine == {"accelerator": ("367.50", "0.00"), "base": ("1287.00", "693.00")}
    assert await balances(office, "A1") == {"accrued": "2347.50", "accrued_against": "-2347.50"}


async def test_the_ledger_adds_up_to_zero_after_every_step(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")

    for month in ("2026-03", "2026-04"):
        await settle(office, month)
        async with office.service.runtime.open_work(office.tenant) as work:
            found = await work.connection.execute(
                text("select account, sum(amount) as amount from ledger_entry group by account")
            )
            sums = {row.account: row.amount for row in found}
        assert sum(sums.values()) == 0
        assert sums["accrued"] == -sums["accrued_against"]
        assert len(sums) >= 5


async def test_an_accrual_is_announced_with_its_lines(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")

    async with office.service.runtime.open_work(office.tenant) as work:
        bodies = (
            await work.connection.scalars(
                text("select body::jsonb -> 'data' from outbox where type = :type"),
                {"type": "premia.accrual.posted.v1"},
            )
        ).all()

    [event] = bodies
    assert event["period"] == "2026-03"
    held = sorted(line["held"]["amount"] for line in event["lines"])
    assert held == ["115.50", "693.00"]


async def test_one_batch_cannot_be_taken_back_twice(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await settle(office, "2026-04")

    with pytest.raises(IntegrityError, match="uq_accrual_batch_tenant_id_reverses"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into accrual_batch select tenant_id, :id, 3, period, run_id, reverses,"
                    " posted_by, posted_at from accrual_batch where number = 2"
                ),
                {"id": NEW.new()},
            )


async def test_a_posting_has_one_cause(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")

    with pytest.raises(IntegrityError, match="ck_ledger_posting_one_cause"):
        async with office.service.runtime.open_work(office.tenant) as work:
            await work.connection.execute(
                text(
                    "insert into ledger_posting (tenant_id, posting_id, payee_id, principal_id,"
                    " period, posted_at) select tenant_id, :id, payee_id, principal_id, period,"
                    " posted_at from ledger_posting limit 1"
                ),
                {"id": NEW.new()},
            )


async def test_a_payee_sees_no_accruals_of_others(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    [batch] = await batches(office)
    agency = office.person("agency", "payee", payee_id=ident(office.tenant, "payee", "A1"))

    assert (await agency.get("/v1/accruals")).json()["items"] == []
    assert (await agency.get(f"/v1/accruals/{batch['id']}/lines")).status_code == 404
