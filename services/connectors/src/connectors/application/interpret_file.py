"""Read a stored file row by row, record what it says, and hand it over in one batch."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from connectors.application.format_ports import BatchFile, OpenBatchFile, RowChunks
from connectors.application.ports import ConnectorsWork, FileJob, Task
from connectors.application.preparation import Prepared, PreparedFact
from connectors.application.publication import (
    SMALLEST_BATCH,
    Provenance,
    batch_row,
    single_event,
)
from connectors.application.settle_records import (
    Settled,
    interpreter_for,
    provenance,
    resolved_parts,
    settle_records,
)
from connectors.domain.message import FileRefused, FileTotals, MessageState
from connectors.domain.source import Source
from premia_common.contracts.orders import FactBatchLanded
from premia_common.identifiers import derive_id


async def interpret_file(
    work: ConnectorsWork,
    job: FileJob,
    source: Source,
    *,
    again: bool,
    rows: RowChunks,
    open_batch_file: OpenBatchFile,
    now: datetime,
    correlation_id: UUID,
) -> None:
    """Record every good row and quarantine every bad one, in this one transaction.

    From 1,000 new facts on they are handed over as one file, announced by one event.

    Raises:
        FileRefused: if the header cannot be read or a control total differs; nothing counts then.
    """
    message = job.message
    interpreter = await interpreter_for(work, source, message, now=now)
    origin = provenance(work, source, message, interpreter, now=now, correlation_id=correlation_id)
    batch_id = derive_id("batch", str(work.tenant_id), source.code, message.sha256, now.isoformat())
    spool = _Spool(origin, open_batch_file, batch_id)
    tally = _Tally()
    try:
        async for chunk in rows(work.tenant_id, message):
            prepared = await asyncio.to_thread(interpreter.prepare, chunk)
            settled = await settle_records(
                work, prepared, source=source, message=message, origin=origin
            )
            if again:
                await work.quarantine.release(message.id, resolved_parts(settled), by=None, at=now)
            tally.count(len(chunk), prepared, settled)
            await spool.add(settled.recorded.accepted)
        _check_control_totals(job, tally)
        address = await spool.announce(work)
    finally:
        spool.discard()
    if not again:
        await work.files.finish(message.id, tally.totals(), batch_address=address, at=now)
        await work.messages.settle(message.id, MessageState.INTERPRETED)
    await work.tasks.add(Task.WATERMARK, source.id, not_before=now)


class _Tally:
    """Counts what became of a file's rows."""

    def __init__(self) -> None:
        self.rows = 0
        self.accepted = 0
        self.stale = 0
        self.duplicates = 0
        self.quarantined = 0
        self.amount = Decimal(0)

    def count(self, rows: int, prepared: Prepared, settled: Settled) -> None:
        self.rows += rows
        self.accepted += len(settled.recorded.accepted)
        self.stale += len(settled.recorded.stale)
        self.duplicates += len(settled.recorded.duplicates)
        self.quarantined += len(settled.refused)
        self.amount += sum(
            (fact.fact.amount for fact in prepared.facts if fact.fact.amount is not None),
            Decimal(0),
        )

    def totals(self) -> FileTotals:
        return FileTotals(
            self.rows,
            self.accepted,
            self.stale,
            self.duplicates,
            self.quarantined,
            format(self.amount, "f"),
        )


class _Spool:
    """Holds accepted facts back until it is clear whether they are enough for a file."""

    def __init__(self, origin: Provenance, open_batch_file: OpenBatchFile, batch_id: UUID) -> None:
        self._origin = origin
        self._open = open_batch_file
        self._batch_id = batch_id
        self._waiting: list[PreparedFact] = []
        self._file: BatchFile | None = None
        self._rows = 0
        self._sums: defaultdict[str, Decimal] = defaultdict(Decimal)

    async def add(self, facts: Sequence[PreparedFact]) -> None:
        self._waiting.extend(facts)
        if self._file is None and len(self._waiting) < SMALLEST_BATCH:
            return
        if self._file is None:
            self._file = self._open(self._origin.tenant_id, self._batch_id)
        waiting, self._waiting = self._waiting, []
        rows = await asyncio.to_thread(lambda: [batch_row(fact, self._origin) for fact in waiting])
        await self._file.append(rows)
        self._rows += len(rows)
        for fact in waiting:
            if fact.fact.amount is not None and fact.fact.currency is not None:
                self._sums[f"{fact.fact.kind.value}/{fact.fact.currency}"] += fact.fact.amount

    async def announce(self, work: ConnectorsWork) -> str | None:
        if self._file is None:
            for fact in self._waiting:
                work.outbox.add(single_event(fact, self._origin))
            return None
        address, sha256 = await self._file.keep()
        work.outbox.add(
            FactBatchLanded(
                event_id=self._batch_id,
                occurred_at=self._origin.known_at,
                tenant_id=self._origin.tenant_id,
                correlation_id=self._origin.correlation_id,
                batch_id=self._batch_id,
                source=self._origin.source,
                address=address,
                sha256=sha256,
                rows=self._rows,
                sums=dict(self._sums),
            )
        )
        return address

    def discard(self) -> None:
        if self._file is not None:
            self._file.discard()


def _check_control_totals(job: FileJob, tally: _Tally) -> None:
    if job.declared_rows is not None and job.declared_rows != tally.rows:
        raise FileRefused(
            "CONTROL_ROWS",
            f"the file has {tally.rows} rows, {job.declared_rows} were announced; "
            "send the whole file, or the right number, under a new name",
        )
    if job.declared_sum is not None and job.declared_sum != tally.amount:
        raise FileRefused(
            "CONTROL_SUM",
            f"the readable rows add up to {tally.amount}, {job.declared_sum} was announced; "
            "correct the file or the sum, and send it under a new name",
        )
