"""Point reads of a run's stored nodes: one payee's, and the shared ones they lead to."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calc_engine.domain.lineage import NodeRow
from premia_runtime.store import Store

SHARED = ""
FILES_KEPT_OPEN = 16


class ParquetLineage:
    """Reads only the row groups that can hold what is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def nodes(
        self, tenant_id: UUID, address: str, payee_id: str, roots: Iterable[str]
    ) -> Mapping[str, NodeRow]:
        """Return the nodes reachable from some roots, of one payee and those that are shared."""
        path = self._store.local_path(tenant_id, address)
        return await asyncio.to_thread(_reachable, path, payee_id, frozenset(roots))


@lru_cache(maxsize=FILES_KEPT_OPEN)
def _groups(path: Path) -> tuple[tuple[str, str, str, str], ...]:
    """Return first and last payee, first and last node id of each row group."""
    metadata = pq.read_metadata(path)
    groups = []
    for number in range(metadata.num_row_groups):
        payee = metadata.row_group(number).column(0).statistics
        node = metadata.row_group(number).column(1).statistics
        groups.append((payee.min, payee.max, node.min, node.max))
    return tuple(groups)


def _reachable(path: Path, payee_id: str, roots: frozenset[str]) -> dict[str, NodeRow]:
    stored = _StoredNodes(path, payee_id)
    found: dict[str, NodeRow] = {}
    asked: set[str] = set()
    waiting = set(roots)
    while waiting:
        asked |= waiting
        rows = stored.rows(waiting)
        found.update(rows)
        waiting = {child for row in rows.values() for child in row.children.split()} - asked
    return found


class _StoredNodes:
    """One payee's nodes and the shared ones; rows are made only of those that are asked for."""

    def __init__(self, path: Path, payee_id: str) -> None:
        self._file = pq.ParquetFile(path)
        self._groups = _groups(path)
        self._shared: dict[int, pa.Table] = {}
        numbers = [
            number
            for number, (first, last, _, _) in enumerate(self._groups)
            if first <= payee_id <= last
        ]
        self._own = _of_payee(self._file.read_row_groups(numbers, use_threads=False), payee_id)

    def rows(self, wanted: set[str]) -> dict[str, NodeRow]:
        """Return those that exist, by id."""
        rows = _picked([self._own], wanted)
        missing = wanted - rows.keys()
        return {**rows, **_picked(self._groups_with(missing), missing)}

    def _groups_with(self, wanted: set[str]) -> Iterator[pa.Table]:
        """Return the shared row groups that may hold some ids; ids are hashes, known by bounds."""
        for number, (first_payee, last_payee, first, last) in enumerate(self._groups):
            if first_payee == SHARED and (
                (last_payee != SHARED and wanted)
                or any(first <= node_id <= last for node_id in wanted)
            ):
                if number not in self._shared:
                    group = self._file.read_row_group(number, use_threads=False)
                    self._shared[number] = _of_payee(group, SHARED)
                yield self._shared[number]


def _of_payee(table: pa.Table, payee_id: str) -> pa.Table:
    return table.filter(pc.equal(table.column("payee_id"), payee_id))


def _picked(tables: Iterable[pa.Table], wanted: set[str]) -> dict[str, NodeRow]:
    if not wanted:
        return {}
    ids = pa.array(sorted(wanted), pa.string())
    rows: dict[str, NodeRow] = {}
    for table in tables:
        picked = table.filter(pc.is_in(table.column("node_id"), ids))
        columns = [column.to_pylist() for column in picked.columns]
        rows.update({values[1]: NodeRow(*values) for values in zip(*columns, strict=True)})
    return rows
