"""Keep the catalogue of a source's order attributes and announce what is new in it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from connectors.application.preparation import PreparedFact, RefusedRecord
from connectors.application.publication import Provenance
from connectors.domain.attribute_catalogue import (
    KnownAttribute,
    Sighting,
    declared,
    newly_seen,
    sighting_of,
)
from connectors.domain.fact import FactKind
from connectors.domain.field_mapping import OrderMapping
from connectors.domain.reading import Record
from connectors.domain.refusal import RefusalCode
from connectors.domain.source import Source
from premia_common.contracts.envelope import Event
from premia_common.contracts.fields import Label
from premia_common.contracts.orders import OrderAttributeDeclared, OrderStatusUnmapped
from premia_common.identifiers import derive_id


class Attributes(Protocol):
    """The order attributes that are known of each source, and the statuses that no mapping knows.

    Counts are a sample: what another transaction is counting at the moment is left out.
    """

    async def of(self, source_id: UUID) -> Mapping[str, KnownAttribute]:
        """Return every attribute of a source, by name."""
        ...

    async def take(self, source_id: UUID) -> Mapping[str, KnownAttribute]:
        """Return those that no other transaction is changing, locked until this one ends."""
        ...

    async def add(self, source_id: UUID, entries: Sequence[KnownAttribute]) -> Collection[str]:
        """Keep new ones; return the names of those that were not there."""
        ...

    async def save(self, source_id: UUID, entries: Sequence[KnownAttribute]) -> None:
        """Keep what is known now of attributes that were taken."""
        ...

    async def note_statuses(
        self,
        source_id: UUID,
        statuses: Collection[tuple[str, str]],
        *,
        message_id: UUID,
        at: datetime,
    ) -> Collection[tuple[str, str]]:
        """Remember (field, status) once each; return those that were not known."""
        ...


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


class CatalogueWork(Protocol):
    """What of a transaction the catalogue needs."""

    @property
    def tenant_id(self) -> UUID:
        """Whose it is."""
        ...

    @property
    def attributes(self) -> Attributes:
        """The catalogue."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What it announces."""
        ...


async def declare_attributes(
    work: CatalogueWork,
    source: Source,
    mapping: OrderMapping,
    *,
    mapping_version: int,
    now: datetime,
    correlation_id: UUID,
) -> None:
    """Announce what a mapping version declares anew, changes or withdraws."""
    known = await work.attributes.of(source.id)
    changed = declared(mapping, known, mapping_version)
    added = [entry for entry in changed if entry.name not in known]
    await work.attributes.add(source.id, added)
    await work.attributes.save(source.id, [entry for entry in changed if entry.name in known])
    for entry in changed:
        work.outbox.add(_event(work, source.code, entry, now=now, correlation_id=correlation_id))


async def count_attributes(
    work: CatalogueWork,
    source: Source,
    facts: Sequence[PreparedFact],
    drift: Collection[str],
    origin: Provenance,
) -> None:
    """Count how the orders of a message fill their attributes; announce what is seen first."""
    orders = [fact for fact in facts if fact.fact.kind is FactKind.ORDER]
    if not orders:
        return
    free = await work.attributes.take(source.id)
    counted = [
        entry.counting(_sighting(entry, orders), at=origin.known_at)
        for entry in free.values()
        if entry.standing != "withdrawn"
    ]
    await work.attributes.save(source.id, counted)
    unknown = sorted(set(drift) - free.keys())[:MOST_DRIFT]
    entries = [_seen(name, [fact.record for fact in orders], origin) for name in unknown]
    new = await work.attributes.add(source.id, entries)
    told = [entry for entry in counted if entry.version != free[entry.name].version]
    for entry in (*told, *(entry for entry in entries if entry.name in new)):
        work.outbox.add(
            _event(
                work,
                source.code,
                entry,
                now=origin.known_at,
                correlation_id=origin.correlation_id,
            )
        )


_PLACE = re.compile(r"\[[0-9]+\]")
"""Which line of an order it is: a status is announced once, whichever line had it."""


async def note_unmapped_statuses(
    work: CatalogueWork, source: Source, refused: Sequence[RefusedRecord], origin: Provenance
) -> None:
    """Announce each status that the mapping does not know, the first time it is seen."""
    statuses = {
        (_PLACE.sub("", entry.refusal.field or ""), entry.refusal.value)
        for entry in refused
        if entry.refusal.code is RefusalCode.UNMAPPED_STATE and entry.refusal.value
    }
    if not statuses:
        return
    new = await work.attributes.note_statuses(
        source.id, statuses, message_id=origin.message_id, at=origin.known_at
    )
    for field, status in sorted(new):
        work.outbox.add(
            OrderStatusUnmapped(
                event_id=derive_id("order_status", str(work.tenant_id), source.code, field, status),
                occurred_at=origin.known_at,
                tenant_id=work.tenant_id,
                correlation_id=origin.correlation_id,
                source=source.code,
                field=field,
                status=status,
                mapping_version=origin.mapping_version,
                first_seen=origin.known_at,
            )
        )


MOST_DRIFT = 500
"""New fields taken from one message."""


def _sighting(entry: KnownAttribute, orders: Sequence[PreparedFact]) -> Sighting:
    if entry.standing == "unmapped":
        return sighting_of(fact.record.get(entry.field) for fact in orders)
    return sighting_of(fact.fact.content["attributes"].get(entry.name) for fact in orders)


def _seen(field: str, records: Sequence[Record], origin: Provenance) -> KnownAttribute:
    sighting = sighting_of(record.get(field) for record in records)
    return newly_seen(field, sighting, mapping_version=origin.mapping_version, at=origin.known_at)


def _event(
    work: CatalogueWork,
    source: str,
    entry: KnownAttribute,
    *,
    now: datetime,
    correlation_id: UUID,
) -> OrderAttributeDeclared:
    has_label = entry.label_it is not None and entry.label_en is not None
    return OrderAttributeDeclared(
        event_id=derive_id(
            "order_attribute", str(work.tenant_id), source, entry.name, str(entry.version)
        ),
        occurred_at=now,
        tenant_id=work.tenant_id,
        correlation_id=correlation_id,
        version=entry.version,
        source=source,
        name=entry.name,
        field=entry.field,
        standing=entry.standing,
        value_type=entry.value_type,
        label=Label(it=str(entry.label_it), en=str(entry.label_en)) if has_label else None,
        unit=entry.unit,
        personal=entry.personal,
        mapping_version=entry.mapping_version,
        first_seen=entry.first_seen,
        records=entry.records,
        filled=entry.filled,
        samples=entry.samples,
    )
