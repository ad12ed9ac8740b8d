"""Periods in PostgreSQL: content, transitions and head."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.period import Exclusion, Period, PeriodNotFound, PeriodStatus
from premia_common.periods import Month

_head = tables.period_head.c


class PostgresPeriods:
    """One tenant's periods."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def get(self, month: Month) -> Period:
        """Return a period, locked until the transaction ends."""
        await self.before(month)
        return await self._one(month, read=False)

    async def peek(self, month: Month) -> Period:
        """Return a period that others may read too, but nobody may change meanwhile."""
        await self.before(month)
        return await self._one(month, read=True)

    async def before(self, month: Month) -> Period | None:
        """Return the period before a month, if there is one; nobody may change it meanwhile.

        Every way to a month comes by the one before it, so that two who need both, as an approval
        and a reopening do, never wait for each other.
        """
        try:
            return await self._one(month.next(-1), read=True)
        except PeriodNotFound:
            return None

    async def _one(self, month: Month, *, read: bool) -> Period:
        found = await self._connection.execute(
            select(tables.period_head)
            .where(_head.tenant_id == self._tenant_id, _head.month == str(month))
            .with_for_update(read=read)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise PeriodNotFound(month)
        return _period(row)

    async def first(self) -> Month | None:
        """Return the month the tenant went live with."""
        found = await self._connection.scalar(
            select(func.min(_head.month)).where(_head.tenant_id == self._tenant_id)
        )
        return Month.parse(found) if found else None

    async def open(self, month: Month, *, by: UUID, at: datetime) -> Period:
        """Open a month; of two who open it at once one finds it open."""
        opened = await self._connection.execute(
            upsert(tables.period)
            .values(tenant_id=self._tenant_id, month=str(month), opened_by=by, opened_at=at)
            .on_conflict_do_nothing()
            .returning(tables.period.c.month)
        )
        if opened.one_or_none() is None:
            return await self.get(month)
        period = Period(month, PeriodStatus.OPEN, 1, at)
        await self._connection.execute(
            insert(tables.period_head).values(
                tenant_id=self._tenant_id,
                month=str(month),
                status=period.status.value,
                version=1,
                opened_at=at,
            )
        )
        await self._record(period, by=by, at=at, reason=None, requested_by=None)
        return period

    async def save(
        self,
        period: Period,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
        requested_by: UUID | None,
    ) -> None:
        """Record the transition to where the period is now, and who had asked for it."""
        await self._record(period, by=by, at=at, reason=reason, requested_by=requested_by)
        await self._connection.execute(
            update(tables.period_head)
            .where(_head.tenant_id == self._tenant_id, _head.month == str(period.month))
            .values(
                status=period.status.value,
                version=period.version,
                close_requested_by=period.close_requested_by,
                closed_by=period.closed_by,
                closed_at=period.closed_at,
                excluded=_excluded(period),
                reopen_requested_by=period.reopen_requested_by,
                reopen_reason=period.reopen_reason,
            )
        )

    async def listed(self) -> Sequence[Period]:
        """Return all periods, latest first."""
        found = await self._connection.execute(
            select(tables.period_head)
            .where(_head.tenant_id == self._tenant_id)
            .order_by(_head.month.desc())
        )
        return tuple(_period(row) for row in found.mappings())

    async def _record(
        self,
        period: Period,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
        requested_by: UUID | None,
    ) -> None:
        await self._connection.execute(
            insert(tables.period_transition).values(
                tenant_id=self._tenant_id,
                month=str(period.month),
                version=period.version,
                to_status=period.status.value,
                by=by,
                at=at,
                reason=reason,
                requested_by=requested_by,
                excluded=_excluded(period),
            )
        )


def _excluded(period: Period) -> list[dict[str, str]]:
    return [
        {"statement_id": str(item.statement_id), "reason": item.reason} for item in period.excluded
    ]


def _exclusion(item: dict[str, Any]) -> Exclusion:
    return Exclusion(UUID(item["statement_id"]), item["reason"])


def _period(row: RowMapping) -> Period:
    return Period(
        Month.parse(row["month"]),
        PeriodStatus(row["status"]),
        row["version"],
        row["opened_at"],
        row["close_requested_by"],
        row["closed_by"],
        row["closed_at"],
        tuple(_exclusion(item) for item in row["excluded"]),
        row["reopen_requested_by"],
        row["reopen_reason"],
    )
