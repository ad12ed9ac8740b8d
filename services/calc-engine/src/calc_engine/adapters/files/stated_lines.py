"""The lines that a run states, from its file of lines."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq

from calc_engine.application.read_models import StatedLine, StatedTotal
from premia_common.money import Money
from premia_runtime.store import Store


class ParquetStatedLines:
    """Reads the columns it needs; lines that are held or not paid are on no statement."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def totals(self, tenant_id: UUID, address: str) -> Sequence[StatedTotal]:
        """Return the sum of each payee's lines, by payee and currency."""
        return await asyncio.to_thread(_totals, self._store.local_path(tenant_id, address))

    async def of_payee(self, tenant_id: UUID, address: str, payee_id: UUID) -> Sequence[StatedLine]:
        """Return one payee's lines, in the order of their ids."""
        path = self._store.local_path(tenant_id, address)
        return await asyncio.to_thread(_lines, path, str(payee_id))


def _totals(path: Path) -> list[StatedTotal]:
    columns = ["payee_id", "statement_id", "amount", "currency"]
    sums: dict[tuple[str, str], Decimal] = {}
    for row in pq.read_table(path, columns=columns).to_pylist():
        if row["statement_id"] is not None:
            key = (row["payee_id"], row["currency"])
            sums[key] = sums.get(key, Decimal(0)) + Decimal(row["amount"])
    return [
        StatedTotal(UUID(payee_id), Money(sums[payee_id, currency], currency))
        for payee_id, currency in sorted(sums)
    ]


def _lines(path: Path, payee_id: str) -> list[StatedLine]:
    rows = pq.read_table(path, filters=[("payee_id", "=", payee_id)]).to_pylist()
    return [
        StatedLine(
            UUID(row["payee_id"]),
            UUID(row["line_id"]),
            # A run of an earlier release kept no such column; its lines are told by their own id.
            UUID(row.get("origin_line_id") or row["line_id"]),
            row["plan"],
            row["component"],
            row["kind"],
            row["what"],
            row["competence"],
            row["original_period"],
            Money(row["amount"], row["currency"]),
            row["order_id"],
            row["reason"],
            UUID(row["node_id"]),
        )
        for row in rows
        if row["statement_id"] is not None
    ]
