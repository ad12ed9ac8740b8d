"""Try a quarantined record again, as it is or repaired."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from connectors.application.errors import QuarantineEntryReleased
from connectors.application.ports import ConnectorsWork
from connectors.application.preparation import RefusedRecord
from connectors.application.publication import single_event
from connectors.application.receive_message import message_of
from connectors.application.settle_records import (
    Settled,
    conflict,
    interpreter_for,
    provenance,
)
from connectors.domain.message import Channel, MessageState, PartOutcome, ReadRecord
from connectors.domain.reading import Record
from premia_common.canonical import canonical_json


async def replay_quarantine(
    work: ConnectorsWork,
    *,
    entry_id: UUID,
    repaired: Record | None,
    by: UUID,
    clock_now: Callable[[], datetime],
    correlation_id: UUID,
) -> PartOutcome:
    """Map the record again with the mapping now in use, and release the entry if it can be read.

    A repaired record is kept as a message of its own, linked to the one it came in.  A record
    that is still refused stays in quarantine with the new reason.

    Raises:
        QuarantineEntryNotFound: if the tenant has none of this id.
        QuarantineEntryReleased: if nothing is left to do.
    """
    entry = await work.quarantine.get(entry_id)
    if entry.status != "open":
        raise QuarantineEntryReleased(entry_id)
    source = await work.sources.by_id(entry.source_id)
    await work.sources.lock_for_facts(source.id)
    # Read under the lock: a watermark never speaks of an instant that comes later.
    now = clock_now()
    message = await work.messages.get(entry.message_id)
    part = entry.part
    if repaired is not None:
        message = message_of(
            work.tenant_id,
            source,
            channel=Channel.REPAIR,
            form=entry.form,
            media_type="application/json",
            content=canonical_json(repaired),
            records=1,
            now=now,
            replay_of=entry.message_id,
        )
        await work.messages.add(message)
        await work.messages.settle(message.id, MessageState.INTERPRETED)
        part = "1"
    record = entry.record if repaired is None else repaired
    interpreter = await interpreter_for(work, source, message, now=now)
    origin = provenance(work, source, message, interpreter, now=now, correlation_id=correlation_id)
    prepared = interpreter.prepare([ReadRecord(part, record)])
    recorded = await work.facts.record(source.id, prepared.facts, origin)
    settled = Settled(recorded, [*prepared.refused, *map(conflict, recorded.conflicting)])
    outcome = settled.outcomes()[0]
    if settled.refused:
        again = RefusedRecord(entry.part, settled.refused[0].refusal, record)
        await work.quarantine.refuse_again(entry.id, again, at=now)
        return outcome
    for fact in recorded.accepted:
        work.outbox.add(single_event(fact, origin))
    await work.quarantine.release(entry.message_id, [entry.part], by=by, at=now)
    await work.messages.settle_parts(
        entry.message_id, [PartOutcome(entry.part, outcome.state, outcome.code)]
    )
    return outcome
