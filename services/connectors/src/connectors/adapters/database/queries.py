"""What lists and screens read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.adapters.database.quarantine_repository import to_entry
from connectors.application.ports import QuarantineEntry
from connectors.application.queries import FeedFilter, OrderFilter

_record = tables.external_record.c
_source = tables.source.c
_entry = tables.quarantine.c
_invoice = tables.sap_invoice.c
_delivery = tables.sap_delivery.c


class Queries:
    """Reads of one tenant; nothing here changes anything."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def orders(
        self, wanted: OrderFilter, *, after: list[Any] | None, limit: int
    ) -> Sequence[RowMapping]:
        """Return orders by the instant of their last change."""
        query = self._orders()
        if wanted.source is not None:
            query = query.where(_source.code == wanted.source)
        if wanted.state is not None:
            query = query.where(_record.state == wanted.state)
        if wanted.changed_since is not None:
            query = query.where(_record.changed_at >= wanted.changed_since)
        if after is not None:
            key = (datetime.fromisoformat(after[0]), UUID(after[1]), str(after[2]))
            query = query.where(
                tuple_(_record.changed_at, _record.source_id, _record.record_id) > key
            )
        found = await self._connection.execute(
            query.order_by(_record.changed_at, _record.source_id, _record.record_id).limit(limit)
        )
        return found.mappings().all()

    async def order(self, source_id: UUID, record_id: str) -> RowMapping | None:
        """Return an order, if the source told of it."""
        found = await self._connection.execute(
            self._orders().where(_record.source_id == source_id, _record.record_id == record_id)
        )
        return found.mappings().one_or_none()

    def _orders(self) -> Select[*tuple[Any, ...]]:
        return (
            select(tables.external_record, _source.code.label("source"))
            .join(
                tables.source,
                (_source.tenant_id == _record.tenant_id) & (_source.id == _record.source_id),
            )
            .where(_record.tenant_id == self._tenant_id)
        )

    async def observations(self, source_id: UUID, record_id: str) -> Sequence[RowMapping]:
        """Return the states that an order was seen in, by day."""
        seen = tables.state_observation.c
        found = await self._connection.execute(
            select(seen.state, seen.effective_on, seen.observed_at)
            .where(seen.tenant_id == self._tenant_id)
            .where(seen.source_id == source_id, seen.record_id == record_id)
            .order_by(seen.effective_on, seen.state)
        )
        return found.mappings().all()

    async def quarantined(
        self, *, status: str, source_id: UUID | None, after: list[Any] | None, limit: int
    ) -> Sequence[QuarantineEntry]:
        """Return quarantine entries, oldest first."""
        query = (
            select(tables.quarantine)
            .where(_entry.tenant_id == self._tenant_id)
            .where(_entry.status == status)
        )
        if source_id is not None:
            query = query.where(_entry.source_id == source_id)
        if after is not None:
            key = (datetime.fromisoformat(after[0]), UUID(after[1]))
            query = query.where(tuple_(_entry.first_at, _entry.id) > key)
        found = await self._connection.execute(
            query.order_by(_entry.first_at, _entry.id).limit(limit)
        )
        return [to_entry(row) for row in found.mappings()]

    async def drift(self, source_id: UUID) -> Sequence[RowMapping]:
        """Return the fields that a source sends and no mapping speaks of."""
        drift = tables.schema_drift.c
        found = await self._connection.execute(
            select(drift.field, drift.first_at, drift.first_message_id)
            .where(drift.tenant_id == self._tenant_id, drift.source_id == source_id)
            .order_by(drift.field)
        )
        return found.mappings().all()

    async def mapping_document(self, source_id: UUID, version: int) -> dict[str, Any] | None:
        """Return a mapping version as it was given."""
        mapping = tables.mapping_version.c
        document: dict[str, Any] | None = await self._connection.scalar(
            select(mapping.document)
            .where(mapping.tenant_id == self._tenant_id)
            .where(mapping.source_id == source_id, mapping.version == version)
        )
        return document

    async def feed(self, wanted: FeedFilter, *, limit: int) -> Sequence[RowMapping]:
        """Return invoices of the feed with their standing, by number."""
        found = await self._connection.execute(
            self._feed_entries(wanted).order_by(_delivery.change_seq).limit(limit)
        )
        return found.mappings().all()

    async def feed_count(self, wanted: FeedFilter) -> int:
        """Return how many invoices of the feed match."""
        entries = self._feed_entries(wanted).subquery()
        found = await self._connection.scalar(select(func.count()).select_from(entries))
        return int(found or 0)

    async def feed_entries(self, invoice_ids: Sequence[UUID]) -> Sequence[RowMapping]:
        """Return these invoices of the feed, by number."""
        found = await self._connection.execute(
            self._feed_entries(FeedFilter())
            .where(_delivery.invoice_id.in_(list(invoice_ids)))
            .order_by(_delivery.change_seq)
        )
        return found.mappings().all()

    def _feed_entries(self, wanted: FeedFilter) -> Select[*tuple[Any, ...]]:
        query = (
            select(tables.sap_delivery, _invoice.document, _invoice.content_hash)
            .join(
                tables.sap_invoice,
                (_invoice.tenant_id == _delivery.tenant_id)
                & (_invoice.invoice_id == _delivery.invoice_id),
            )
            .where(_delivery.tenant_id == self._tenant_id)
            .where(_delivery.change_seq > wanted.after_seq)
        )
        return query if wanted.status is None else query.where(_delivery.status == wanted.status)

    async def alarms(self) -> Sequence[RowMapping]:
        """Return second postings that SAP told of, newest first."""
        alarm = tables.sap_alarm.c
        found = await self._connection.execute(
            select(tables.sap_alarm)
            .where(alarm.tenant_id == self._tenant_id)
            .order_by(alarm.at.desc(), alarm.invoice_id)
            .limit(500)
        )
        return found.mappings().all()
