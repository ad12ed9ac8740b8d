from datetime import timedelta

from calc_engine.adapters.database.job_queue import PostgresJobs
from calc_engine.application.jobs import LEASE

from ..conftest import Office  # noqa: TID252
from ..samples import above_target, master_data  # noqa: TID252


async def test_a_job_whose_worker_died_comes_again_when_its_lease_has_run_out(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.analyst.post("/v1/runs", {"period": "2026-03"})
    queue = PostgresJobs(office.service.runtime.system_database)
    now = office.service.runtime.clock.now()

    first = await queue.claim(now)
    meanwhile = await queue.claim(now + LEASE - timedelta(seconds=1))
    again = await queue.claim(now + LEASE + timedelta(seconds=1))

    assert first is not None
    assert meanwhile is None
    assert again is not None
    assert (again.job_id, again.attempts) == (first.job_id, 2)
    await queue.release(again)
    await office.work()
    assert await queue.claim(now + timedelta(days=1)) is None
    assert len(await office.statements("2026-03")) == 2


async def test_a_run_that_is_worked_on_twice_has_one_result(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    run = await office.run("2026-03")
    queue = PostgresJobs(office.service.runtime.system_database)
    async with office.service.runtime.open_work(office.tenant) as work:
        again = await work.runs.attempt(
            (await work.runs.get(run["id"])).run_id, at=office.service.runtime.clock.now()
        )

    assert again.status.has_ended
    assert again.version == 3
    assert await queue.claim(office.service.runtime.clock.now()) is None
