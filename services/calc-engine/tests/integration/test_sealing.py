import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from calc_engine.adapters.database.unit_of_work import OpenCalcWork
from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.application.file_ports import FileDamaged
from calc_engine.application.prepare_run import prepare_run, sealed
from calc_engine.application.record_facts import fact_row
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import Run, RunKind, RunStatus
from calc_engine.engine.choice import EngineChoice
from premia_common.periods import Month

from ..conftest import NEW, NOW, Office  # noqa: TID252
from ..samples import above_target, ident, master_data, order  # noqa: TID252


async def seal(office: Office) -> list[set[str]]:
    """Seal the tail and return the event ids of each segment."""
    runtime = office.service.runtime
    files = ParquetRunFiles(runtime.store)
    prepared = await prepare_run(
        some_run(),
        tenant_id=office.tenant,
        open_work=OpenCalcWork(runtime.open_work),
        files=files,
        now=NOW,
        engines=EngineChoice(),
    )
    return [
        {str(fact.event_id) for fact in await files.read_segments(office.tenant, [segment])}
        for segment in prepared.segments
    ]


def some_run() -> Run:
    return Run(
        run_id=NEW.new(),
        kind=RunKind.PERIOD,
        period=Month(2026, 3),
        as_known_at=None,
        wait_seconds=0,
        everything=False,
        requested_by=NEW.new(),
        requested_at=NOW,
        correlation_id=NEW.new(),
        status=RunStatus.RUNNING,
        version=1,
        stage=Stage("", 0),
        attempts=0,
        failure=None,
        result=None,
    )


async def test_a_transaction_held_open_across_the_seal_comes_with_the_next_one(
    office: Office,
) -> None:
    runtime = office.service.runtime
    early = order(office.tenant, "EARLY", "10.00", states={})
    late = order(office.tenant, "LATE", "20.00", states={})
    await office.arrive([order(office.tenant, "FIRST", "5.00", states={})])

    async with runtime.open_work(office.tenant) as held_open:
        await held_open.facts.add([fact_row(late)])
        await office.arrive([early])
        during = await seal(office)
    after = await seal(office)

    assert len(during) == 1
    assert str(late.event_id) not in during[0]
    assert str(early.event_id) in during[0]
    assert len(after) == 2
    assert after[1] == {str(late.event_id)}


async def test_others_write_and_seal_while_a_run_still_reads_as_of_its_seal(
    office: Office,
) -> None:
    runtime = office.service.runtime
    late = order(office.tenant, "LATE", "20.00", states={})
    await office.arrive([order(office.tenant, "FIRST", "5.00", states={})])
    reading = sealed(
        office.tenant,
        open_work=OpenCalcWork(runtime.open_work),
        files=ParquetRunFiles(runtime.store),
        now=NOW,
    )

    async with asyncio.timeout(20), reading as first:
        await office.arrive([late])
        meanwhile = await seal(office)
        seen = await first.work.references.other_than(())

    assert len(first.segments) == 1
    assert [str(late.event_id) in events for events in meanwhile] == [False, True]
    assert str(late.event_id) not in {str(fact.event_id) for fact in seen}


async def test_sealing_without_new_facts_adds_no_segment(office: Office) -> None:
    await office.arrive(master_data(office.tenant))

    first = await seal(office)
    second = await seal(office)

    assert len(first) == len(second) == 1


async def test_a_run_and_its_replay_do_not_see_what_was_committed_after_the_seal(
    office: Office,
) -> None:
    runtime = office.service.runtime
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    late = order(office.tenant, "O3", "9000.00", states={"activated": "2026-03-09"})

    async with runtime.open_work(office.tenant) as held_open:
        await held_open.facts.add([fact_row(late)])
        run = await office.run("2026-03")
    asked = await office.analyst.post(f"/v1/runs/{run['id']}/replays")
    await office.work()
    next_run = await office.run("2026-03")

    replay = (await office.analyst.get(asked.headers["Location"])).json()
    assert replay["same"] is True
    assert next_run["counts"]["facts"] == run["counts"]["facts"] + 1
    assert next_run["result_digest"] != run["result_digest"]


async def test_a_database_restored_elsewhere_seals_everything_anew(office: Office) -> None:
    runtime = office.service.runtime
    await office.arrive(master_data(office.tenant))
    [everything] = await seal(office)
    async with runtime.open_work(office.tenant) as work:
        await work.connection.execute(
            text(
                "insert into segment (tenant_id, number, address, sha256, rows, snapshot,"
                " system_identifier, sealed_at) select tenant_id, 7, address, sha256, rows,"
                " snapshot, 'another cluster', sealed_at from segment"
            )
        )

    again = await seal(office)

    assert again == [everything]


async def test_a_damaged_segment_is_never_calculated_from(office: Office) -> None:
    runtime = office.service.runtime
    await office.arrive(master_data(office.tenant))
    await seal(office)
    async with runtime.open_work(office.tenant) as work:
        segments = await work.facts.segments()
    path = runtime.store.local_path(office.tenant, segments[0].address)
    path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(FileDamaged):
        await ParquetRunFiles(runtime.store).read_segments(office.tenant, segments)


async def test_a_file_of_another_tenant_cannot_be_opened(office: Office) -> None:
    runtime = office.service.runtime
    await office.arrive(master_data(office.tenant))
    await seal(office)
    async with runtime.open_work(office.tenant) as work:
        segments = await work.facts.segments()
    stranger: UUID = ident(office.tenant, "another tenant")

    with pytest.raises(LookupError):
        await ParquetRunFiles(runtime.store).read_segments(stranger, segments)
