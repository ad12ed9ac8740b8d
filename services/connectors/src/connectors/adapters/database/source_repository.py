"""Sources, their mappings, and the fields they speak of without a mapping."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.application.errors import SourceExists, SourceNotFound
from connectors.domain.field_mapping import OrderMapping, read_order_mapping
from connectors.domain.source import Source, SourceKind
from premia_common.identifiers import derive_id

_source = tables.source.c


class SourceRepository:
    """The sources of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, source: Source, *, token_hash: str, by: UUID) -> None:
        """Keep a new source."""
        kept = await self._connection.execute(
            insert(tables.source)
            .values(
                tenant_id=self._tenant_id,
                id=source.id,
                code=source.code,
                kind=source.kind.value,
                org_id=source.org_id,
                time_zone=source.time_zone,
                token_hash=token_hash,
                mapping_version=source.mapping_version,
                created_at=source.created_at,
                created_by=by,
            )
            .on_conflict_do_nothing()
        )
        if kept.rowcount == 0:
            raise SourceExists(source.code)

    async def replace_token(self, source_id: UUID, token_hash: str) -> None:
        """Let a source be called by another path token, and no more by the one before."""
        await self._connection.execute(
            update(tables.source)
            .where(_source.tenant_id == self._tenant_id)
            .where(_source.id == source_id)
            .values(token_hash=token_hash)
        )

    async def get(self, code: str) -> Source:
        """Return a source by its code."""
        return await self._one(_source.code == code, f"there is no source {code!r}")

    async def by_id(self, source_id: UUID) -> Source:
        """Return a source by its id."""
        return await self._one(_source.id == source_id, f"there is no source {source_id}")

    async def by_token(self, token_hash: str) -> Source:
        """Return the source of a path token."""
        return await self._one(_source.token_hash == token_hash, "there is no such endpoint")

    async def _one(self, condition: Any, missing: str) -> Source:
        found = await self._connection.execute(
            select(tables.source).where(_source.tenant_id == self._tenant_id).where(condition)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise SourceNotFound(missing)
        return _to_source(row)

    async def every(self) -> Sequence[Source]:
        """Return all sources, by code."""
        found = await self._connection.execute(
            select(tables.source).where(_source.tenant_id == self._tenant_id).order_by(_source.code)
        )
        return [_to_source(row) for row in found.mappings()]

    async def add_mapping(
        self, source_id: UUID, version: int, document: dict[str, Any], *, by: UUID, at: datetime
    ) -> None:
        """Keep a mapping version and make it the one in use."""
        await self._connection.execute(
            insert(tables.mapping_version).values(
                tenant_id=self._tenant_id,
                source_id=source_id,
                version=version,
                document=document,
                made_at=at,
                made_by=by,
            )
        )
        await self._connection.execute(
            update(tables.source)
            .where(_source.tenant_id == self._tenant_id)
            .where(_source.id == source_id)
            .values(mapping_version=version)
        )

    async def mapping(self, source: Source) -> OrderMapping | None:
        """Return the mapping in use."""
        mapping = tables.mapping_version.c
        document = await self._connection.scalar(
            select(mapping.document)
            .where(mapping.tenant_id == self._tenant_id)
            .where(mapping.source_id == source.id)
            .where(mapping.version == source.mapping_version)
        )
        return None if document is None else read_order_mapping(document)

    async def lock_for_facts(self, source_id: UUID) -> None:
        """Hold off watermarks of this source until the transaction ends."""
        await self._connection.execute(
            text("select pg_advisory_xact_lock_shared(:key)"), {"key": self._lock_key(source_id)}
        )

    async def lock_for_watermark(self, source_id: UUID) -> None:
        """Wait until no transaction is recording facts of this source, and hold off new ones."""
        await self._connection.execute(
            text("select pg_advisory_xact_lock(:key)"), {"key": self._lock_key(source_id)}
        )

    def _lock_key(self, source_id: UUID) -> int:
        return derive_id("facts", str(self._tenant_id), str(source_id)).int >> 65

    async def note_drift(
        self, source_id: UUID, fields: Collection[str], *, message_id: UUID, at: datetime
    ) -> None:
        """Remember unmapped fields, once each."""
        rows = [
            {
                "tenant_id": self._tenant_id,
                "source_id": source_id,
                "field": field.replace("\x00", "�")[:200],
                "first_message_id": message_id,
                "first_at": at,
            }
            for field in sorted(fields)[:500]
        ]
        await self._connection.execute(insert(tables.schema_drift).on_conflict_do_nothing(), rows)


def _to_source(row: RowMapping) -> Source:
    return Source(
        id=row["id"],
        code=row["code"],
        kind=SourceKind(row["kind"]),
        org_id=row["org_id"],
        time_zone=row["time_zone"],
        mapping_version=row["mapping_version"],
        created_at=row["created_at"],
    )
