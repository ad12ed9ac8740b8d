"""The answers of simulations in the store."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import orjson

from calc_engine.adapters.files.run_files import NODES, NODES_A_GROUP, table_bytes
from calc_engine.application.file_ports import FileDamaged
from calc_engine.application.ports import StoredFile
from calc_engine.domain.lineage import NodeRow
from premia_common.canonical import digest
from premia_runtime.store import FileNotStored, Store


class StoredSimulations:
    """Keeps, reads and removes the answers of simulations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put_answer(self, tenant_id: UUID, simulation_id: UUID, content: bytes) -> StoredFile:
        """Store an answer as canonical JSON."""
        return await self._put(tenant_id, simulation_id, "answer", "json", content)

    async def put_nodes(
        self, tenant_id: UUID, simulation_id: UUID, side: str, nodes: list[NodeRow]
    ) -> StoredFile:
        """Store what explains one side of an answer, sorted by payee."""
        content = await asyncio.to_thread(table_bytes, nodes, NODES, NODES_A_GROUP)
        return await self._put(tenant_id, simulation_id, f"nodes-{side}", "parquet", content)

    async def read_answer(self, tenant_id: UUID, address: str, sha256: str) -> Mapping[str, Any]:
        """Return an answer.

        Raises:
            FileDamaged: if the file has another digest.
        """
        content = await self._store.read(tenant_id, address)
        if digest(content) != sha256:
            raise FileDamaged(address)
        return cast("Mapping[str, Any]", orjson.loads(content))

    async def remove(self, tenant_id: UUID, address: str) -> None:
        """Throw a file away; one that is gone already is no error."""
        try:
            path = self._store.local_path(tenant_id, address)
        except FileNotStored:
            return
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _put(
        self, tenant_id: UUID, simulation_id: UUID, name: str, kind: str, content: bytes
    ) -> StoredFile:
        path = f"simulations/{simulation_id}/{name}-{digest(content)[:16]}.{kind}"
        stored = await self._store.put(tenant_id, path, content)
        return StoredFile(stored.address, stored.sha256)
