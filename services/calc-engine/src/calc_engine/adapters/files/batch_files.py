"""Files of facts in the handover folder."""

import asyncio
import io
from collections.abc import Sequence
from uuid import UUID

import pyarrow.parquet as pq

from calc_engine.application.file_ports import Batch
from calc_engine.application.ports import FactRow
from premia_common.canonical import digest
from premia_runtime.store import Store


class HandoverBatches:
    """Reads what connectors handed over, and writes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_batch(self, tenant_id: UUID, address: str) -> Batch:
        """Return a file's digest and rows."""
        content = await self._store.read(tenant_id, address)
        return await asyncio.to_thread(_batch, content)


def _batch(content: bytes) -> Batch:
    names = ["kind", "key", "version", "known_at", "event_id", "body", "digest"]
    table = pq.read_table(io.BytesIO(content), columns=names)
    columns = [table.column(name).to_pylist() for name in names]
    return Batch(digest(content), _rows(columns))


def _rows(columns: Sequence[Sequence[str]]) -> list[FactRow]:
    return [
        FactRow(kind, key, version, known_at, UUID(event_id), body, sha256)
        for kind, key, version, known_at, event_id, body, sha256 in zip(*columns, strict=True)
    ]
