"""Read a stored message, map its records, and announce what they say."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from connectors.application.format_ports import ReadRecords
from connectors.application.ports import ConnectorsWork
from connectors.application.publication import single_event
from connectors.application.settle_records import (
    interpreter_for,
    provenance,
    resolved_parts,
    settle_records,
)
from connectors.domain.message import Message, MessageState, PartOutcome, PartState
from connectors.domain.source import Source


async def interpret_message(
    work: ConnectorsWork,
    message: Message,
    source: Source,
    *,
    again: bool,
    read_records: ReadRecords,
    now: datetime,
    correlation_id: UUID,
) -> None:
    """Map the records of a message and announce each as an event.

    The first time only records not yet looked at count; `again` maps all of them with the
    mapping now in use.  Ids follow from the records, so what was announced before is not
    announced twice.
    """
    kept = await work.messages.parts(message.id)
    wanted = {part.part for part in kept if again or part.state is PartState.RECEIVED}
    records = [read for read in read_records(message) if read.part in wanted]
    interpreter = await interpreter_for(work, source, message, now=now)
    origin = provenance(work, source, message, interpreter, now=now, correlation_id=correlation_id)
    settled = await settle_records(
        work, interpreter.prepare(records), source=source, message=message, origin=origin
    )
    for fact in settled.recorded.accepted:
        work.outbox.add(single_event(fact, origin))
    outcomes: Sequence[PartOutcome] = settled.outcomes()
    if again:
        outcomes = _changed(outcomes, kept)
        await work.quarantine.release(message.id, resolved_parts(settled), by=None, at=now)
    await work.messages.settle_parts(message.id, outcomes)
    await work.messages.settle(message.id, MessageState.INTERPRETED)


def _changed(outcomes: Sequence[PartOutcome], kept: Sequence[PartOutcome]) -> list[PartOutcome]:
    """Return the outcomes of a replay that say something new: what was told stays told."""
    told = {part.part for part in kept if part.state in (PartState.PUBLISHED, PartState.STALE)}
    silent = (PartState.DUPLICATE, PartState.QUARANTINED)
    return [o for o in outcomes if not (o.part in told and o.state in silent)]
