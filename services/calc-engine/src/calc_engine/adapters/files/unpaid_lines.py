"""One payee's lines that are held or not paid, from a run's file of lines."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq

from calc_engine.application.read_models import UnpaidLine
from premia_runtime.store import Store


class ParquetUnpaidLines:
    """Decodes only the row groups that hold the payee."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_payee(self, tenant_id: UUID, address: str, payee_id: UUID) -> Sequence[UnpaidLine]:
        """Return one payee's lines."""
        path = self._store.local_path(tenant_id, address)
        return await asyncio.to_thread(_read, path, str(payee_id))


def _read(path: Path, payee_id: str) -> list[UnpaidLine]:
    wanted = [("payee_id", "=", payee_id), ("what", "in", ["held", "not_paid"])]
    return [
        UnpaidLine(
            UUID(row["line_id"]),
            row["plan"],
            row["component"],
            row["what"],
            row["competence"],
            Decimal(row["amount"]),
            row["currency"],
            row["order_id"],
            row["reason"],
        )
        for row in pq.read_table(path, filters=wanted).to_pylist()
    ]
