"""Rows that wait for a second person, and their decisions, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.proposed_load import (
    LoadDecided,
    LoadNotFound,
    LoadStatus,
    ProposedLoad,
)

_load = tables.proposed_load.c
_decision = tables.load_decision.c


class PostgresLoads:
    """One tenant's proposed loads."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, load: ProposedLoad) -> None:
        """Store a proposed load."""
        await self._connection.execute(
            insert(tables.proposed_load).values(
                tenant_id=self._tenant_id,
                load_id=load.load_id,
                kind=load.kind,
                rows=[dict(row) for row in load.rows],
                source=load.source,
                made_by=load.made_by,
                made_at=load.made_at,
            )
        )

    async def get(self, load_id: UUID) -> ProposedLoad:
        """Return a load with its rows."""
        found = await self._connection.execute(self._query().where(_load.load_id == load_id))
        row = found.one_or_none()
        if row is None:
            raise LoadNotFound(load_id)
        return _of(row)

    async def decide(self, load: ProposedLoad) -> None:
        """Record how it was decided; of two decisions at once the second is refused."""
        made = await self._connection.execute(
            upsert(tables.load_decision)
            .values(
                tenant_id=self._tenant_id,
                load_id=load.load_id,
                to_status=load.status.value,
                by=load.decided_by,
                at=load.decided_at,
                why=load.why,
                made_by=load.made_by,
            )
            .on_conflict_do_nothing()
            .returning(_decision.load_id)
        )
        if made.one_or_none() is None:
            now = await self.get(load.load_id)
            raise LoadDecided(load.load_id, now.status)

    async def listed(
        self, *, status: LoadStatus | None, after: UUID | None, limit: int
    ) -> Sequence[ProposedLoad]:
        """Return loads with their rows, latest first: their ids rise with time."""
        query = self._query()
        if status is LoadStatus.PROPOSED:
            query = query.where(_decision.to_status.is_(None))
        elif status is not None:
            query = query.where(_decision.to_status == status.value)
        if after is not None:
            query = query.where(_load.load_id < after)
        found = await self._connection.execute(query.order_by(_load.load_id.desc()).limit(limit))
        return tuple(_of(row) for row in found)

    def _query(self) -> Select[Any]:
        return (
            select(
                tables.proposed_load,
                _decision.to_status,
                _decision.by,
                _decision.at,
                _decision.why,
            )
            .outerjoin(
                tables.load_decision,
                (_decision.tenant_id == _load.tenant_id) & (_decision.load_id == _load.load_id),
            )
            .where(_load.tenant_id == self._tenant_id)
        )


def _of(row: Row[Any]) -> ProposedLoad:
    return ProposedLoad(
        row.load_id,
        row.kind,
        tuple(row.rows),
        row.source,
        row.made_by,
        row.made_at,
        LoadStatus(row.to_status or "proposed"),
        row.by,
        row.at,
        row.why,
    )
