"""Accrual batches in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.application.read_models import AccrualTotal
from calc_engine.domain.accrual import AccrualBatch, AccrualKey, AccrualLine, Amounts
from premia_common.money import Money

_batch = tables.accrual_batch.c
_line = tables.accrual_line.c
_held = tables.run_held.c


class PostgresAccruals:
    """One tenant's accruals."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def keep_held(self, run_id: UUID, held: Amounts) -> None:
        """Store what a run holds, by component."""
        rows = [
            {"tenant_id": self._tenant_id, "run_id": run_id, "number": number, "held": amount}
            | _key_row(key)
            for number, (key, amount) in enumerate(held.items(), start=1)
        ]
        if rows:
            await self._connection.execute(insert(tables.run_held), rows)

    async def held_by(self, run_id: UUID) -> Amounts:
        """Return what a run holds, by component."""
        found = await self._connection.execute(
            select(tables.run_held)
            .where(_held.tenant_id == self._tenant_id, _held.run_id == run_id)
            .order_by(_held.number)
        )
        return {_key(row): Money(row.held, row.currency).amount for row in found}

    async def latest(self) -> AccrualBatch | None:
        """Return the last batch: the one that counts."""
        row = (
            await self._connection.execute(
                select(tables.accrual_batch)
                .where(_batch.tenant_id == self._tenant_id)
                .order_by(_batch.number.desc())
                .limit(1)
            )
        ).one_or_none()
        return await self._whole(row) if row else None

    async def find(self, batch_id: UUID) -> AccrualBatch | None:
        """Return a batch, if the tenant has it."""
        row = (
            await self._connection.execute(
                select(tables.accrual_batch).where(
                    _batch.tenant_id == self._tenant_id, _batch.batch_id == batch_id
                )
            )
        ).one_or_none()
        return await self._whole(row) if row else None

    async def add(self, batch: AccrualBatch) -> None:
        """Store a batch; the database refuses a second one that takes the same one back."""
        await self._connection.execute(
            insert(tables.accrual_batch).values(
                tenant_id=self._tenant_id,
                batch_id=batch.batch_id,
                number=batch.number,
                period=batch.period,
                run_id=batch.run_id,
                reverses=batch.reverses,
                posted_by=batch.posted_by,
                posted_at=batch.posted_at,
            )
        )
        rows = [
            {
                "tenant_id": self._tenant_id,
                "batch_id": batch.batch_id,
                "number": number,
                "unapproved": line.unapproved.amount,
                "held": line.held.amount,
            }
            | _key_row(line.key)
            for number, line in enumerate(batch.lines, start=1)
        ]
        if rows:
            await self._connection.execute(insert(tables.accrual_line), rows)

    async def listed(self) -> Sequence[AccrualTotal]:
        """Return every batch with its sums by currency, latest first."""
        sums = (_line.currency, func.sum(_line.unapproved), func.sum(_line.held))
        found = await self._connection.execute(
            select(tables.accrual_batch, *sums)
            .outerjoin(
                tables.accrual_line,
                (_line.tenant_id == _batch.tenant_id) & (_line.batch_id == _batch.batch_id),
            )
            .where(_batch.tenant_id == self._tenant_id)
            .group_by(*_batch, _line.currency)
            .order_by(_batch.number.desc(), _line.currency)
        )
        grouped: dict[UUID, AccrualTotal] = {}
        for row in found:
            known = grouped.get(row.batch_id)
            if known is None:
                known = AccrualTotal(_batch_of(row, ()), [], [])
                grouped[row.batch_id] = known
            if row.currency is not None:
                known.unapproved.append(Money(row[-2], row.currency))
                known.held.append(Money(row[-1], row.currency))
        return tuple(grouped.values())

    async def _whole(self, row: Row[Any]) -> AccrualBatch:
        lines = await self._connection.execute(
            select(tables.accrual_line)
            .where(_line.tenant_id == self._tenant_id, _line.batch_id == row.batch_id)
            .order_by(_line.number)
        )
        return _batch_of(
            row,
            tuple(
                AccrualLine(
                    _key(line),
                    Money(line.unapproved, line.currency),
                    Money(line.held, line.currency),
                )
                for line in lines
            ),
        )


def _batch_of(row: Row[Any], lines: tuple[AccrualLine, ...]) -> AccrualBatch:
    return AccrualBatch(
        row.batch_id,
        row.number,
        row.period,
        row.run_id,
        row.reverses,
        row.posted_by,
        row.posted_at,
        lines,
    )


def _key(row: Row[Any]) -> AccrualKey:
    return AccrualKey(
        row.payee_id, row.principal_id, row.plan, row.component, row.kind, row.currency
    )


def _key_row(key: AccrualKey) -> dict[str, object]:
    return {
        "payee_id": key.payee_id,
        "principal_id": key.principal_id,
        "plan": key.plan,
        "component": key.component,
        "kind": key.kind,
        "currency": key.currency,
    }
