"""Record what some records of a message say; the heart of every inbound path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connectors.application.catalogue_attributes import count_attributes, note_unmapped_statuses
from connectors.application.ports import ConnectorsWork, Recorded
from connectors.application.preparation import (
    Interpreter,
    Prepared,
    PreparedFact,
    RefusedRecord,
)
from connectors.application.publication import Provenance
from connectors.domain.message import Message, PartOutcome, PartState
from connectors.domain.refusal import Refusal, RefusalCode
from connectors.domain.source import Source


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of some records."""

    recorded: Recorded
    refused: list[RefusedRecord]

    def outcomes(self) -> list[PartOutcome]:
        """Return one outcome per record."""
        stale = self.recorded.stale
        return [
            *(
                PartOutcome(
                    fact.part, PartState.STALE if fact.part in stale else PartState.PUBLISHED
                )
                for fact in self.recorded.accepted
            ),
            *(PartOutcome(part, PartState.DUPLICATE) for part in self.recorded.duplicates),
            *(
                PartOutcome(entry.part, PartState.QUARANTINED, entry.refusal.code.value)
                for entry in self.refused
            ),
        ]


def provenance(
    work: ConnectorsWork,
    source: Source,
    message: Message,
    interpreter: Interpreter,
    *,
    now: datetime,
    correlation_id: UUID,
) -> Provenance:
    """Return where the facts of a message come from."""
    return Provenance(
        tenant_id=work.tenant_id,
        source=source.code,
        message_id=message.id,
        sha256=message.sha256,
        mapping_version=interpreter.mapping_version,
        known_at=now,
        correlation_id=correlation_id,
    )


async def interpreter_for(
    work: ConnectorsWork, source: Source, message: Message, *, now: datetime
) -> Interpreter:
    """Return what maps the records of a message with the mapping now in use."""
    return Interpreter(
        tenant_id=work.tenant_id,
        source=source,
        form=message.form,
        mapping=await work.sources.mapping(source),
        now=now,
    )


async def settle_records(
    work: ConnectorsWork,
    prepared: Prepared,
    *,
    source: Source,
    message: Message,
    origin: Provenance,
) -> Settled:
    """Record new versions, and put what cannot be read or contradicts a version into quarantine.

    Facts that are accepted are not announced yet: the caller chooses single events or a batch.
    """
    recorded = await work.facts.record(source.id, prepared.facts, origin)
    refused = [*prepared.refused, *(conflict(fact) for fact in recorded.conflicting)]
    if refused:
        await work.quarantine.put(message, refused, at=origin.known_at)
    if prepared.drift:
        await work.sources.note_drift(
            source.id, prepared.drift, message_id=message.id, at=origin.known_at
        )
    await note_unmapped_statuses(work, source, prepared.refused, origin)
    await count_attributes(work, source, recorded.accepted, prepared.drift, origin)
    return Settled(recorded, refused)


def resolved_parts(settled: Settled) -> Sequence[str]:
    """Return the records that need no person any more."""
    return [*(fact.part for fact in settled.recorded.accepted), *settled.recorded.duplicates]


def conflict(fact: PreparedFact) -> RefusedRecord:
    """Return the refusal of a fact whose version is known with another content."""
    return RefusedRecord(
        fact.part,
        Refusal(
            RefusalCode.VERSION_CONFLICT,
            f"record {fact.fact.record_id} has version {fact.fact.version} already, "
            "with another content",
            "version",
            fact.fact.version,
        ),
        fact.record,
    )
