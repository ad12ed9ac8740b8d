"""Two runners at one task."""

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


async def test_a_runner_rests_while_another_is_at_the_only_task(tenant: Tenant) -> None:
    """What it counts decides whether it looks again at once; a long file would keep it spinning."""
    await tenant.salesforce()
    runtime = tenant.service.runtime
    async with runtime.open_work(tenant.id) as work:
        source = await work.sources.get("salesforce")
    store = runtime.store

    async def only_this(_: object, *, limit: int) -> list[tuple[UUID, Task, UUID]]:
        return [(tenant.id, Task.WATERMARK, source.id)][:limit]

    runner = TaskRunner(
        runtime,
        Doors(
            read_outbound_message,
            write_wsdl,
            read_records,
            CsvRows(store),
            ParquetBatchFiles(store),
            only_this,
        ),
    )
    far = runtime.clock.now().replace(year=2090)
    async with runtime.open_work(tenant.id) as work:
        await work.tasks.add(Task.WATERMARK, source.id, not_before=far)

    async with runtime.open_work(tenant.id) as other:
        assert await other.tasks.take(Task.WATERMARK, source.id, wait=False)
        while_taken = await runner.run_due()
        await other.tasks.add(Task.WATERMARK, source.id, not_before=far)
    afterwards = await runner.run_due()

    assert (while_taken, afterwards) == (0, 1)
    assert len(await tenant.events("premia.source.watermark.v1")) == 1
