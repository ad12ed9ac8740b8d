"""What sources sent: their order attributes, and statuses that no mapping knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from plans_api.adapters.database import tables
from plans_api.domain.catalogue.state_model import UnmappedStatus
from plans_api.domain.catalogue.variable import SeenAttribute


class SightingRepository:
    """One tenant's sightings; of an attribute only the newest version is kept."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def keep_attribute(self, seen: SeenAttribute) -> bool:
        """Keep what a source says now; False if something newer is known."""
        of = tables.seen_attribute
        body = asdict(seen)
        first = seen.first_seen
        body["first_seen"] = first.isoformat() if first else None
        made = insert(of).values(
            tenant_id=self._tenant_id,
            source=seen.source,
            name=seen.name,
            version=seen.version,
            body=body,
        )
        kept = await self._connection.execute(
            made.on_conflict_do_update(
                index_elements=["tenant_id", "source", "name"],
                set_={"version": made.excluded.version, "body": made.excluded.body},
                where=of.c.version < made.excluded.version,
            ).returning(of.c.version)
        )
        return kept.first() is not None

    async def attributes(self, names: Collection[str] | None = None) -> Sequence[SeenAttribute]:
        """Return what sources say, by source and name; only of some names if they are given."""
        of = tables.seen_attribute.c
        query = select(of.body).where(of.tenant_id == self._tenant_id)
        if names is not None:
            query = query.where(of.name.in_(names))
        rows = await self._connection.execute(query.order_by(of.source, of.name))
        return [_attribute(body) for body in rows.scalars()]

    async def keep_status(self, status: UnmappedStatus) -> None:
        """Keep a status that no mapping knows; known already, nothing changes."""
        await self._connection.execute(
            insert(tables.unmapped_status)
            .values(
                tenant_id=self._tenant_id,
                source=status.source,
                field=status.field,
                status=status.status,
                first_seen=status.first_seen,
            )
            .on_conflict_do_nothing()
        )

    async def statuses(self) -> Sequence[UnmappedStatus]:
        """Return the statuses that no mapping knew, by source."""
        of = tables.unmapped_status.c
        rows = await self._connection.execute(
            select(of.source, of.field, of.status, of.first_seen)
            .where(of.tenant_id == self._tenant_id)
            .order_by(of.source, of.field, of.status)
        )
        return [UnmappedStatus(*row) for row in rows]


def _attribute(body: Mapping[str, Any]) -> SeenAttribute:
    first = body["first_seen"]
    return SeenAttribute(
        **{
            **body,
            "first_seen": datetime.fromisoformat(first) if first else None,
            "samples": tuple(body["samples"]),
        }
    )
