"""What happens at the same time: one of two goes first, and the other one sees it."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text

from calc_engine.adapters.database.job_queue import PostgresJobs
from calc_engine.application.close_period import request_close
from calc_engine.application.jobs import LEASE
from calc_engine.domain.period import Exclusion
from calc_engine.main import create_worker
from premia_common.periods import Month

from ..api.flows import settle, submit  # noqa: TID252
from ..conftest import NOW, Office  # noqa: TID252
from ..samples import above_target, ident, master_data  # noqa: TID252

R = TypeVar("R")

# What complete_run does to a statement that changed: a new revision, and the head on it as draft.
NEW_REVISION = """
    insert into statement_revision
    select tenant_id, statement_id, 2, repeat('0', 64), run_id, made_by, made_at, totals,
           brought_forward, held, payable, carried_forward, lines_address, lines_sha256
    from statement_revision where statement_id = :id
"""
BACK_TO_DRAFT = """
    update statement_head
    set revision = 2, status = 'draft', version = version + 1, submitted_by = null
    where statement_id = :id
"""


async def in_review(office: Office) -> dict[str, Any]:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await submit(office, await office.run("2026-03"))
    return await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")


def approval(office: Office, statement: dict[str, Any]) -> Awaitable[Any]:
    path = f"/v1/statements/{statement['id']}/approve"
    return office.approver.post(path, {"digest": statement["digest"]}, if_match='"1"')


async def started(waiting: Awaitable[R]) -> "asyncio.Task[R]":
    """Begin something that must wait, and return it once it waits."""
    task = asyncio.ensure_future(waiting)
    await asyncio.wait([task], timeout=0.5)
    assert not task.done()
    return task


async def test_an_approval_that_waits_for_a_newer_revision_is_told_of_it(office: Office) -> None:
    statement = await in_review(office)

    async with office.service.runtime.open_work(office.tenant) as run:
        await run.statements.of_period(Month(2026, 3))
        for change in (NEW_REVISION, BACK_TO_DRAFT):
            await run.connection.execute(text(change), {"id": UUID(statement["id"])})
        waiting = await started(approval(office, statement))
    answer = await waiting

    assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")


async def test_an_approval_that_waits_for_a_close_is_refused(office: Office) -> None:
    statement = await in_review(office)
    excluded = tuple(
        Exclusion(UUID(item["id"]), "disputed") for item in await office.statements("2026-03")
    )

    async with office.service.runtime.open_work(office.tenant) as work:
        await request_close(
            work, month=Month(2026, 3), exclude=excluded, by=office.analyst.id, now=NOW
        )
        waiting = await started(approval(office, statement))
    answer = await waiting

    assert (answer.status_code, answer.json()["code"]) == (409, "period-not-open")


async def test_a_close_that_waits_for_an_approval_finds_it(office: Office) -> None:
    await in_review(office)
    both = await office.statements("2026-03")
    items = [{"statement_id": item["id"], "revision": 1, "digest": item["digest"]} for item in both]

    approved, asked = await asyncio.gather(
        office.approver.post("/v1/statements:approve", {"items": items}),
        office.analyst.post("/v1/periods/2026-03/close", {"exclude": []}),
    )

    closed_after = asked.status_code == 200 and approved.json()["approved"] == 2
    refused = asked.status_code == 409 and asked.json()["code"] == "period-not-closable"
    assert closed_after or refused
    assert approved.json()["approved"] == 2


async def test_two_workers_give_each_run_one_result(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = (await office.analyst.post("/v1/runs", {"period": "2026-03"})).json()
    service = office.service
    workers = [create_worker(service.settings, service.runtime) for _ in range(2)]

    worked = await asyncio.gather(*(worker.work_once() for worker in workers))

    assert sorted(worked) == [False, True]
    ended = (await office.analyst.get(f"/v1/runs/{run['id']}")).json()
    assert (ended["status"], ended["counts"]["new_revisions"]) == ("completed", 2)


async def test_a_worker_that_lost_its_lease_changes_nothing_of_the_job(office: Office) -> None:
    await office.open("2026-03")
    await office.analyst.post("/v1/runs", {"period": "2026-03"})
    queue = PostgresJobs(office.service.runtime.system_database)
    now = office.service.runtime.clock.now()
    late = now + LEASE + timedelta(seconds=1)
    lost = await queue.claim(now)
    held = await queue.claim(late)
    assert lost is not None
    assert held is not None

    await queue.release(lost)
    await queue.finish(lost)

    assert await queue.claim(late) is None
    await queue.release(held)
    again = await queue.claim(late)
    assert again is not None
    assert again.attempts == 3
    await queue.finish(again)


async def test_a_job_that_ended_many_workers_fails_and_says_so(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    async with office.service.runtime.system_database.system() as connection:
        await connection.execute(
            text("update job set attempts = 10 where kind = 'replay' and tenant_id = :tenant"),
            {"tenant": office.tenant},
        )

    await office.work()

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert replay["status"] == "failed"
    assert "gave up after 10 attempts" in replay["failure"]


async def test_an_approval_and_a_reopening_of_the_month_before_do_not_wait_for_each_other(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    await submit(office, await office.run("2026-04"))
    april = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-04")
    why = {"reason": "late orders"}
    await office.analyst.post("/v1/periods/2026-03/reopen", why)

    approved, reopened = await asyncio.gather(
        approval(office, april), office.approver.post("/v1/periods/2026-03/reopen", why)
    )

    # Whoever comes first, the other one is told why not.
    codes = (approved.status_code, reopened.status_code)
    assert codes in {(200, 409), (409, 200)}, (approved.text, reopened.text)
