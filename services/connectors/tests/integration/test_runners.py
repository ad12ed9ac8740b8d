"""Two runners at one task, and a task that another transaction adds again."""

import asyncio
from datetime import datetime
from uuid import UUID

from connectors.adapters.csv_rows import CsvRows
from connectors.adapters.parquet_file import ParquetBatchFiles
from connectors.adapters.records import read_records
from connectors.adapters.salesforce.soap import read_outbound_message
from connectors.adapters.salesforce.wsdl import write_wsdl
from connectors.application.ports import Task
from connectors.entrypoints.doors import Doors
from connectors.entrypoints.task_runner import TaskRunner

from ..conftest import Tenant  # noqa: TID252


def runner_of(tenant: Tenant, source_id: UUID) -> TaskRunner:
    """Return a second runner, to which only the watermark of one source is ever due."""
    runtime = tenant.service.runtime

    async def only_this(now: datetime, *, limit: int) -> list[tuple[UUID, Task, UUID]]:
        return [(tenant.id, Task.WATERMARK, source_id)][:limit]

    doors = Doors(
        read_outbound_message,
        write_wsdl,
        read_records,
        CsvRows(runtime.store),
        ParquetBatchFiles(runtime.store),
        only_this,
    )
    return TaskRunner(runtime, doors)


async def test_a_runner_rests_while_another_is_at_the_only_task(tenant: Tenant) -> None:
    """What it counts decides whether it looks again at once; a long file would keep it spinning."""
    await tenant.salesforce()
    runtime = tenant.service.runtime
    far = runtime.clock.now().replace(year=2090)
    async with runtime.open_work(tenant.id) as work:
        source = await work.sources.get("salesforce")
        await work.tasks.add(Task.WATERMARK, source.id, not_before=far)
    runner = runner_of(tenant, source.id)

    async with runtime.open_work(tenant.id) as other:
        assert await other.tasks.take(Task.WATERMARK, source.id, wait=False)
        while_taken = await runner.run_due()
        await other.tasks.add(Task.WATERMARK, source.id, not_before=far)
    afterwards = await runner.run_due()

    assert (while_taken, afterwards) == (0, 1)
    assert len(await tenant.events("premia.source.watermark.v1")) == 1


async def test_a_watermark_that_waits_for_a_file_does_not_stop_that_file(tenant: Tenant) -> None:
    """Each waiting for the other, PostgreSQL would throw away the file's work."""
    await tenant.salesforce()
    runtime = tenant.service.runtime
    far = runtime.clock.now().replace(year=2090)
    async with runtime.open_work(tenant.id) as work:
        source = await work.sources.get("salesforce")
        await work.tasks.add(Task.WATERMARK, source.id, not_before=far)
    runner = runner_of(tenant, source.id)

    async with runtime.open_work(tenant.id) as file:
        await file.sources.lock_for_facts(source.id)
        waiting = asyncio.create_task(runner.run_due())
        await asyncio.sleep(0.3)
        async with asyncio.timeout(0.6):
            await file.tasks.add(Task.WATERMARK, source.id, not_before=far)
        assert not waiting.done()

    assert await waiting == 1
    assert len(await tenant.events("premia.source.watermark.v1")) == 1
