"""Writing a batch of facts as one Parquet file, by the shared contract."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.application.publication import FactRow
from premia_common.contracts.batches import COLUMNS, FACTS_V1
from premia_runtime.store import Store

_TYPES = {"string": pa.string(), "timestamp[us, tz=UTC]": pa.timestamp("us", tz="UTC")}
SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in COLUMNS[FACTS_V1]])
"""The Arrow schema of a batch of facts."""


class ParquetBatchFile:
    """A batch being written: first to a local file, then handed over as a whole."""

    def __init__(self, store: Store, tenant_id: UUID, batch_id: UUID) -> None:
        self._store = store
        self._tenant_id = tenant_id
        self._batch_id = batch_id
        with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as made:
            self._path = Path(made.name)
        self._writer: pq.ParquetWriter | None = pq.ParquetWriter(
            self._path, SCHEMA, compression="zstd"
        )

    async def append(self, rows: Sequence[FactRow]) -> None:
        """Write rows."""
        await asyncio.to_thread(self._append, rows)

    def _append(self, rows: Sequence[FactRow]) -> None:
        assert self._writer is not None, "the file was closed"  # noqa: S101 - a caller's mistake
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=SCHEMA))

    async def keep(self) -> tuple[str, str]:
        """Close the file and hand it over; return its address and SHA-256."""
        self._close()
        stored = await self._store.put(
            self._tenant_id, f"facts/{self._batch_id}.parquet", self._path
        )
        return stored.address, stored.sha256

    def discard(self) -> None:
        """Remove what is left of it."""
        self._close()
        self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class ParquetBatchFiles:
    """Starts batches in one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, tenant_id: UUID, batch_id: UUID) -> ParquetBatchFile:
        """Start one."""
        return ParquetBatchFile(self._store, tenant_id, batch_id)
