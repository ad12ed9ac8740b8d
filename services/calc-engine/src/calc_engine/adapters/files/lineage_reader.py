"""Point reads of a run's stored nodes: one payee's, and the shared ones they lead to."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from uuid import UUID

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
    groups = _groups(path)
    file = pq.ParquetFile(path)
    own = _read(file, [n for n, group in enumerate(groups) if group[0] <= payee_id <= group[1]])
    known = {node_id: row for node_id, row in own.items() if row.payee_id == payee_id}
    found: dict[str, NodeRow] = {}
    asked: set[str] = set()
    waiting = set(roots)
    while waiting:
        missing = waiting - known.keys() - asked
        if missing:
            asked |= missing
            known.update(_shared(file, groups, missing))
        reached = [known[node_id] for node_id in waiting if node_id in known]
        found.update({row.node_id: row for row in reached})
        children = {child for row in reached for child in row.children.split()}
        waiting = {child for child in children if child not in found and child not in asked}
        waiting |= {child for child in children if child in known and child not in found}
    return found


def _shared(
    file: pq.ParquetFile, groups: tuple[tuple[str, str, str, str], ...], wanted: set[str]
) -> dict[str, NodeRow]:
    """Return shared nodes by id; ids are hashes, so the groups are found by their bounds."""
    numbers = [
        number
        for number, (first_payee, last_payee, first, last) in enumerate(groups)
        if first_payee == SHARED
        and (last_payee != SHARED or any(first <= node_id <= last for node_id in wanted))
    ]
    rows = _read(file, numbers)
    return {node_id: rows[node_id] for node_id in wanted if node_id in rows}


def _read(file: pq.ParquetFile, numbers: list[int]) -> dict[str, NodeRow]:
    if not numbers:
        return {}
    columns = [column.to_pylist() for column in file.read_row_groups(numbers).columns]
    rows = (NodeRow(*values) for values in zip(*columns, strict=True))
    return {row.node_id: row for row in rows}
