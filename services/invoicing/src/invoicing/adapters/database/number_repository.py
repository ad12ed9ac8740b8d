"""Counters of document numbers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.domain.numbering import DocumentNumber

_counters = tables.number_counters.c


class DatabaseNumberRepository:
    """One row per principal, series and year: a PostgreSQL sequence would leave gaps."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def take(
        self, principal_id: UUID, series: str, year: int, count: int
    ) -> Sequence[DocumentNumber]:
        """Return the next numbers; the counter stays locked until the transaction ends."""
        first = insert(tables.number_counters).values(
            tenant_id=self._tenant_id,
            principal_id=principal_id,
            series=series,
            year=year,
            last=count,
        )
        # The update locks the row: whoever else wants a number waits for this transaction's end.
        last = await self._connection.scalar(
            first.on_conflict_do_update(
                index_elements=["tenant_id", "principal_id", "series", "year"],
                set_={"last": _counters.last + count},
            ).returning(_counters.last)
        )
        end = int(last or 0) + 1
        return [DocumentNumber(series, year, sequence) for sequence in range(end - count, end)]
