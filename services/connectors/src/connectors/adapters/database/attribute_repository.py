"""The order attributes known of each source, and the statuses that no mapping knows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.domain.attribute_catalogue import KnownAttribute

_attribute = tables.order_attribute.c
_CHANGING = (
    "field",
    "standing",
    "value_type",
    "mapping_version",
    "version",
    "label_it",
    "label_en",
    "unit",
    "personal",
    "first_seen",
    "records",
    "filled",
    "samples",
)


class AttributeRepository:
    """One tenant's catalogue."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def of(self, source_id: UUID) -> Mapping[str, KnownAttribute]:
        """Return every attribute of a source, by name."""
        return await self._found(self._of(source_id))

    async def take(self, source_id: UUID) -> Mapping[str, KnownAttribute]:
        """Return those that no other transaction is changing, locked until this one ends."""
        return await self._found(self._of(source_id).with_for_update(skip_locked=True))

    async def add(self, source_id: UUID, entries: Sequence[KnownAttribute]) -> Collection[str]:
        """Keep new ones; return the names of those that were not there."""
        if not entries:
            return ()
        rows = [
            {
                "tenant_id": self._tenant_id,
                "source_id": source_id,
                "name": entry.name,
                **_changing(entry),
            }
            for entry in sorted(entries, key=lambda entry: entry.name)
        ]
        added = await self._connection.execute(
            insert(tables.order_attribute)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(_attribute.name)
        )
        return frozenset(added.scalars())

    async def save(self, source_id: UUID, entries: Sequence[KnownAttribute]) -> None:
        """Keep what is known now of attributes that were taken."""
        if not entries:
            return
        await self._connection.execute(
            update(tables.order_attribute)
            .where(_attribute.tenant_id == self._tenant_id)
            .where(_attribute.source_id == source_id)
            .where(_attribute.name == bindparam("of_name"))
            .values({name: bindparam(f"new_{name}") for name in _CHANGING}),
            [
                {
                    "of_name": entry.name,
                    **{f"new_{name}": value for name, value in _changing(entry).items()},
                }
                for entry in entries
            ],
        )

    async def note_statuses(
        self,
        source_id: UUID,
        statuses: Collection[tuple[str, str]],
        *,
        message_id: UUID,
        at: datetime,
    ) -> Collection[tuple[str, str]]:
        """Remember (field, status) once each; return those that were not known."""
        of = tables.unmapped_status.c
        rows = [
            {
                "tenant_id": self._tenant_id,
                "source_id": source_id,
                "field": field,
                "status": status.replace("\x00", "�"),
                "first_message_id": message_id,
                "first_at": at,
            }
            for field, status in sorted(statuses)
        ]
        new = await self._connection.execute(
            insert(tables.unmapped_status)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(of.field, of.status)
        )
        return [(row.field, row.status) for row in new]

    def _of(self, source_id: UUID) -> Select[Any]:
        return (
            select(tables.order_attribute)
            .where(_attribute.tenant_id == self._tenant_id)
            .where(_attribute.source_id == source_id)
            .order_by(_attribute.name)
        )

    async def _found(self, query: Select[Any]) -> dict[str, KnownAttribute]:
        rows = await self._connection.execute(query)
        return {row["name"]: _entry(row) for row in rows.mappings()}


def _changing(entry: KnownAttribute) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(entry, name) for name in _CHANGING}
    return {**values, "samples": list(entry.samples)}


def _entry(row: RowMapping) -> KnownAttribute:
    values: dict[str, Any] = {name: row[name] for name in _CHANGING}
    return KnownAttribute(name=row["name"], **{**values, "samples": tuple(row["samples"])})
