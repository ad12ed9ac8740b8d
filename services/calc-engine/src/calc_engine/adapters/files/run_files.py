"""The immutable files of runs, as Parquet and canonical JSON in the store."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from calc_engine.application.file_ports import FileDamaged
from calc_engine.application.ports import FactRow, StoredFile
from calc_engine.domain.fact import Fact
from calc_engine.domain.flat_rows import TextRow
from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.run import Segment
from calc_engine.domain.statement_line import ResultLine, StatementLine
from premia_common.canonical import digest
from premia_runtime.store import FileNotStored, Store

NODES_A_GROUP = 2_000
"""Rows a row group: what a point read of one payee must decode."""

ROWS_A_GROUP = 50_000
"""Rows a row group of what is only read whole."""

_FACTS = pa.schema(
    [
        ("kind", pa.string()),
        ("key", pa.string()),
        ("version", pa.string()),
        ("known_at", pa.timestamp("us", tz="UTC")),
        ("event_id", pa.string()),
        ("body", pa.string()),
        ("digest", pa.string()),
    ]
)
NODES = pa.schema([(name, pa.string()) for name in NodeRow._fields])
_LINES = pa.schema(
    [
        ("payee_id", pa.string()),
        ("statement_id", pa.string()),
        ("line_id", pa.string()),
        ("plan", pa.string()),
        ("component", pa.string()),
        ("kind", pa.string()),
        ("what", pa.string()),
        ("competence", pa.string()),
        ("original_period", pa.string()),
        ("amount", pa.string()),
        ("currency", pa.string()),
        ("order_id", pa.string()),
        ("reason", pa.string()),
        ("node_id", pa.string()),
        ("origin_line_id", pa.string()),
        ("stated_amount", pa.string()),
        ("stated_currency", pa.string()),
    ]
)


class ParquetRunFiles:
    """Keeps and reads the files of runs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put_segment(self, tenant_id: UUID, facts: Sequence[FactRow]) -> Segment:
        """Store facts as a segment, addressed by its digest."""
        content = await asyncio.to_thread(_fact_bytes, facts)
        sha256 = digest(content)
        stored = await self._store.put(tenant_id, f"segments/{sha256}.parquet", content)
        return Segment(stored.address, stored.sha256, len(facts))

    async def read_segments(self, tenant_id: UUID, segments: Sequence[Segment]) -> Sequence[Fact]:
        """Return the facts of segments.

        Raises:
            FileDamaged: if a file is not what its digest says.
        """
        facts: list[Fact] = []
        for segment in segments:
            content = await self._store.read(tenant_id, segment.address)
            if digest(content) != segment.sha256:
                raise FileDamaged(segment.address)
            facts.extend(await asyncio.to_thread(_facts, content))
        return facts

    async def put_nodes(self, tenant_id: UUID, run_id: UUID, nodes: list[NodeRow]) -> StoredFile:
        """Store a run's lineage, sorted by payee."""
        content = await asyncio.to_thread(table_bytes, nodes, NODES, NODES_A_GROUP)
        return await self._put(tenant_id, run_id, "nodes", "parquet", content)

    async def put_lines(
        self,
        tenant_id: UUID,
        run_id: UUID,
        proposals: Sequence[Proposal],
        unpaid: Sequence[ResultLine],
    ) -> StoredFile:
        """Store a run's statement lines, and those held or not paid, sorted by payee."""
        content = await asyncio.to_thread(_line_bytes, proposals, unpaid)
        return await self._put(tenant_id, run_id, "lines", "parquet", content)

    async def put_rows(
        self,
        tenant_id: UUID,
        run_id: UUID,
        name: str,
        columns: Sequence[str],
        rows: Sequence[TextRow],
    ) -> StoredFile:
        """Store a table of texts beside a run's other files."""
        schema = pa.schema([(column, pa.string()) for column in columns])
        content = await asyncio.to_thread(table_bytes, rows, schema, ROWS_A_GROUP)
        return await self._put(tenant_id, run_id, name, "parquet", content)

    async def read_rows(
        self, tenant_id: UUID, address: str, sha256: str, columns: Sequence[str]
    ) -> Sequence[TextRow]:
        """Return the rows of a stored table.

        Raises:
            FileDamaged: if the file has another digest.
        """
        content = await self._read(tenant_id, address)
        if digest(content) != sha256:
            raise FileDamaged(address)
        return await asyncio.to_thread(_rows, content, list(columns))

    async def put_json(
        self, tenant_id: UUID, run_id: UUID, name: str, content: bytes
    ) -> StoredFile:
        """Store canonical JSON beside a run's other files, addressed by its digest."""
        return await self._put(tenant_id, run_id, name, "json", content)

    async def read_json(
        self, tenant_id: UUID, address: str, sha256: str | None = None
    ) -> Mapping[str, Any]:
        """Return stored JSON.

        Raises:
            FileDamaged: if a digest is given and the file has another.
        """
        content = await self._read(tenant_id, address)
        if sha256 is not None and digest(content) != sha256:
            raise FileDamaged(address)
        return cast("Mapping[str, Any]", orjson.loads(content))

    async def _read(self, tenant_id: UUID, address: str) -> bytes:
        try:
            return await self._store.read(tenant_id, address)
        except FileNotStored as error:
            raise FileDamaged(address) from error

    async def _put(
        self, tenant_id: UUID, run_id: UUID, name: str, kind: str, content: bytes
    ) -> StoredFile:
        # The digest is part of the address: an attempt that died and the one after it may have
        # sealed different facts, and neither may be in the other's way.
        path = f"runs/{run_id}/{name}-{digest(content)[:16]}.{kind}"
        stored = await self._store.put(tenant_id, path, content)
        return StoredFile(stored.address, stored.sha256)


def _fact_bytes(facts: Sequence[FactRow]) -> bytes:
    columns = [
        pa.array([fact.kind for fact in facts], pa.string()),
        pa.array([fact.key for fact in facts], pa.string()),
        pa.array([fact.version for fact in facts], pa.string()),
        pa.array([fact.known_at for fact in facts], pa.timestamp("us", tz="UTC")),
        pa.array([str(fact.event_id) for fact in facts], pa.string()),
        pa.array([fact.body for fact in facts], pa.string()),
        pa.array([fact.digest for fact in facts], pa.string()),
    ]
    return _written(pa.Table.from_arrays(columns, schema=_FACTS), ROWS_A_GROUP)


def _facts(content: bytes) -> list[Fact]:
    table = pq.read_table(io.BytesIO(content), schema=_FACTS)
    columns = [_values(column) for column in table.columns]
    return [
        Fact(kind, key, version, known_at, UUID(event_id), sha256, orjson.loads(body))
        for kind, key, version, known_at, event_id, body, sha256 in zip(*columns, strict=True)
    ]


def _rows(content: bytes, columns: list[str]) -> list[TextRow]:
    table = pq.read_table(io.BytesIO(content), columns=columns)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column's values; instants, slow to make and many of them equal, each once."""
    if not pa.types.is_timestamp(column.type):
        return cast("list[Any]", column.to_pylist())
    encoded = column.combine_chunks().dictionary_encode()
    instants = encoded.dictionary.to_pylist()
    return [instants[index] for index in encoded.indices.to_pylist()]


def _line_bytes(proposals: Sequence[Proposal], unpaid: Sequence[ResultLine]) -> bytes:
    rows: list[tuple[str | None, ...]] = [
        (
            line.payee_id,
            str(proposal.statement_id),
            str(line.line_id),
            line.plan,
            line.component,
            line.kind,
            line.what,
            line.competence,
            line.original_period,
            format(line.amount, "f"),
            line.currency,
            line.order_id,
            line.reason,
            str(line.node_id),
            str(line.origin_line_id),
            *_stated(proposal, line),
        )
        for proposal in proposals
        for line in proposal.lines
    ]
    rows.extend(
        (
            line.payee_id or "",
            None,
            str(line.line_id),
            line.plan,
            line.component,
            line.kind,
            line.what,
            line.competence,
            None,
            format(line.amount, "f"),
            line.currency,
            line.order_id,
            line.reason,
            str(line.node_id),
            str(line.line_id),
            None,
            None,
        )
        for line in unpaid
    )
    rows.sort(key=lambda row: (row[0], row[1] or "", row[2]))
    return table_bytes(rows, _LINES, NODES_A_GROUP)


def _stated(proposal: Proposal, line: StatementLine) -> tuple[str | None, str | None]:
    """Return a line as its statement has it, where that has another currency than the plan."""
    if proposal.stated is None:
        return None, None
    return format(line.shown, "f"), proposal.stated.currency


def table_bytes(rows: Sequence[tuple[Any, ...]], schema: pa.Schema, group: int) -> bytes:
    """Return rows of texts as a Parquet file with so many rows a group."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays = [pa.array(list(column), pa.string()) for column in columns]
    return _written(pa.Table.from_arrays(arrays, schema=schema), group)


def _written(table: pa.Table, rows_a_group: int) -> bytes:
    sink = io.BytesIO()
    pq.write_table(
        table, sink, row_group_size=rows_a_group, compression="zstd", compression_level=1
    )
    return sink.getvalue()
