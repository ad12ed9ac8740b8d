"""Adjustments and their decisions in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.adjustment import (
    Adjustment,
    AdjustmentDecided,
    AdjustmentNotFound,
    AdjustmentStatus,
)
from premia_common.money import Money
from premia_common.periods import Month

_adjustment = tables.adjustment.c
_decision = tables.adjustment_decision.c


class PostgresAdjustments:
    """One tenant's adjustments."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, adjustment: Adjustment) -> None:
        """Store a proposed adjustment."""
        await self._connection.execute(
            insert(tables.adjustment).values(
                tenant_id=self._tenant_id,
                adjustment_id=adjustment.adjustment_id,
                payee_id=adjustment.payee_id,
                principal_id=adjustment.principal_id,
                month=str(adjustment.month),
                amount=adjustment.amount.amount,
                currency=adjustment.amount.currency,
                reason=adjustment.reason,
                expires_on=adjustment.expires_on,
                made_by=adjustment.made_by,
                made_at=adjustment.made_at,
            )
        )

    async def get(self, adjustment_id: UUID) -> Adjustment:
        """Return an adjustment."""
        found = await self._connection.execute(
            self._query().where(_adjustment.adjustment_id == adjustment_id)
        )
        row = found.one_or_none()
        if row is None:
            raise AdjustmentNotFound(adjustment_id)
        return _of(row)

    async def decide(self, adjustment: Adjustment) -> None:
        """Record how it was decided; of two decisions at once the second is refused."""
        made = await self._connection.execute(
            upsert(tables.adjustment_decision)
            .values(
                tenant_id=self._tenant_id,
                adjustment_id=adjustment.adjustment_id,
                to_status=adjustment.status.value,
                by=adjustment.decided_by,
                at=adjustment.decided_at,
                why=adjustment.why,
                made_by=adjustment.made_by,
            )
            .on_conflict_do_nothing()
            .returning(_decision.adjustment_id)
        )
        if made.one_or_none() is None:
            now = await self.get(adjustment.adjustment_id)
            raise AdjustmentDecided(adjustment.adjustment_id, now.status)

    async def listed(
        self,
        *,
        status: AdjustmentStatus | None,
        payees: Collection[UUID] | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Adjustment]:
        """Return adjustments, latest first; of some payees, or None of everybody."""
        query = self._query()
        if status is AdjustmentStatus.PROPOSED:
            query = query.where(_decision.to_status.is_(None))
        elif status is not None:
            query = query.where(_decision.to_status == status.value)
        if payees is not None:
            query = query.where(_adjustment.payee_id == func.any(list(payees)))
        if after is not None:
            query = query.where(tuple_(_adjustment.made_at, _adjustment.adjustment_id) < after)
        found = await self._connection.execute(
            query.order_by(_adjustment.made_at.desc(), _adjustment.adjustment_id.desc()).limit(
                limit
            )
        )
        return tuple(_of(row) for row in found)

    def _query(self) -> Select[Any]:
        return (
            select(
                tables.adjustment,
                _decision.to_status,
                _decision.by,
                _decision.at,
                _decision.why,
            )
            .outerjoin(
                tables.adjustment_decision,
                (_decision.tenant_id == _adjustment.tenant_id)
                & (_decision.adjustment_id == _adjustment.adjustment_id),
            )
            .where(_adjustment.tenant_id == self._tenant_id)
        )


def _of(row: Row[Any]) -> Adjustment:
    return Adjustment(
        row.adjustment_id,
        row.payee_id,
        row.principal_id,
        Month.parse(row.month),
        Money(row.amount, row.currency),
        row.reason,
        row.expires_on,
        row.made_by,
        row.made_at,
        AdjustmentStatus(row.to_status or "proposed"),
        row.by,
        row.at,
        row.why,
    )
