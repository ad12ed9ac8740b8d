"""Load a file of facts, after checking that it is what its publisher promised."""

import asyncio
from datetime import datetime

from calc_engine.application.check_batch import check_batch
from calc_engine.application.file_ports import BatchFiles
from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.record import RejectedRow
from premia_common.contracts.orders import FactBatchLanded


async def load_batch(
    work: CalcWork, event: FactBatchLanded, *, files: BatchFiles, now: datetime, ids: Ids
) -> None:
    """Store every fact of the file in the open transaction.

    A row is keyed exactly like a single event, so what came singly before changes nothing.  One
    that does not fit its contract is kept for repair and stops no other.  A large file is checked
    beside the event loop, which goes on answering others.

    Raises:
        BatchDiffers: if digest, number of rows or a control sum is not as promised.
    """
    batch = await files.read_batch(work.tenant_id, event.address)
    good, refused = await asyncio.to_thread(check_batch, work.tenant_id, event, batch)
    await work.facts.add(good)
    await work.records.reject(
        [
            RejectedRow(
                ids.new(), item.kind, item.number, item.row, item.problems, event.source, None, now
            )
            for item in refused
        ]
    )
