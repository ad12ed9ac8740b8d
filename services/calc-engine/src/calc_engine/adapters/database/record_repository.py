"""Loaded rows that wait for repair, and versions of loaded facts, in PostgreSQL."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.record import Problem, RejectedOutcome, RejectedRow, RejectedSettled
from premia_common.identifiers import derive_id

_rejected = tables.rejected_record.c
_outcome = tables.rejected_record_outcome.c
_VERSIONS = """
    select distinct on (kind, key) kind, key, version, body
    from fact join unnest($2::text[], $3::text[]) as wanted (kind, key) using (kind, key)
    where fact.tenant_id = $1
    order by kind, key, version desc
"""


class PostgresRecords:
    """One tenant's loaded rows."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def lock(self) -> None:
        """Wait until nobody else of the tenant loads rows; until the transaction ends."""
        key = derive_id("loading", str(self._tenant_id)).int & ((1 << 63) - 1)
        await self._connection.execute(select(func.pg_advisory_xact_lock(key)))

    async def versions(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[int, Mapping[str, Any]]]:
        """Return number and body of the current version of some facts, by kind and key."""
        driver = await driver_connection(self._connection)
        wanted = sorted(keys)
        columns = [kind for kind, _ in wanted], [key for _, key in wanted]
        rows = await driver.fetch(_VERSIONS, self._tenant_id, *columns)
        return {
            (row["kind"], row["key"]): (int(row["version"]), json.loads(row["body"]))
            for row in rows
        }

    async def reject(self, rows: Sequence[RejectedRow]) -> None:
        """Keep rows that could not be used."""
        if rows:
            await self._connection.execute(
                insert(tables.rejected_record),
                [
                    {
                        "tenant_id": self._tenant_id,
                        "rejected_id": row.rejected_id,
                        "kind": row.kind,
                        "number": row.number,
                        "row": json.dumps(row.row),
                        "problems": [
                            [item.field, item.value, item.message] for item in row.problems
                        ],
                        "source": row.source,
                        "loaded_by": row.loaded_by,
                        "loaded_at": row.loaded_at,
                    }
                    for row in rows
                ],
            )

    async def rejected(self, rejected_id: UUID) -> RejectedRow | None:
        """Return a rejected row, if there is one."""
        found = await self._connection.execute(
            self._query().where(_rejected.rejected_id == rejected_id)
        )
        row = found.one_or_none()
        return None if row is None else _row(row)

    async def waiting(
        self, *, kind: str | None, after: UUID | None, limit: int
    ) -> Sequence[RejectedRow]:
        """Return the rejected rows that nobody settled, in the order of their ids."""
        query = self._query().where(_outcome.outcome.is_(None))
        if kind is not None:
            query = query.where(_rejected.kind == kind)
        if after is not None:
            query = query.where(_rejected.rejected_id > after)
        found = await self._connection.execute(query.order_by(_rejected.rejected_id).limit(limit))
        return tuple(_row(row) for row in found)

    async def settle(
        self,
        row: RejectedRow,
        outcome: RejectedOutcome,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
    ) -> RejectedRow:
        """Record what became of a rejected row; of two who settle it the second is refused."""
        settled = await self._connection.execute(
            upsert(tables.rejected_record_outcome)
            .values(
                tenant_id=self._tenant_id,
                rejected_id=row.rejected_id,
                outcome=outcome.value,
                by=by,
                at=at,
                reason=reason,
            )
            .on_conflict_do_nothing()
            .returning(_outcome.rejected_id)
        )
        if settled.one_or_none() is None:
            raise RejectedSettled(row.rejected_id, outcome)
        return replace(row, outcome=outcome)

    def _query(self) -> Select[Any]:
        return (
            select(tables.rejected_record, _outcome.outcome)
            .outerjoin(
                tables.rejected_record_outcome,
                (_outcome.tenant_id == _rejected.tenant_id)
                & (_outcome.rejected_id == _rejected.rejected_id),
            )
            .where(_rejected.tenant_id == self._tenant_id)
        )


def _row(row: Row[Any]) -> RejectedRow:
    return RejectedRow(
        row.rejected_id,
        row.kind,
        row.number,
        json.loads(row.row),
        tuple(Problem(*item) for item in row.problems),
        row.source,
        row.loaded_by,
        row.loaded_at,
        None if row.outcome is None else RejectedOutcome(row.outcome),
    )
