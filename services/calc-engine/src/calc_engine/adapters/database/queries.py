"""What screens list and filter: read models, straight from the tables."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.posted_query import posted_amounts
from calc_engine.adapters.database.run_rows import run_of, run_query
from calc_engine.adapters.database.statement_rows import statement_of, statement_query
from calc_engine.application.read_models import StandingCell, StoredFact
from calc_engine.domain.order_difference import DifferenceKey, PostedAmount
from calc_engine.domain.progress import RunEvent, Stage
from calc_engine.domain.run import Run
from calc_engine.domain.statement import Statement, StatementNotFound, StatementStatus
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_run = tables.run.c
_fact = tables.fact.c


class Queries:
    """One tenant's lists."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def statement(self, statement_id: UUID) -> Statement:
        """Return a statement, not locked.

        Raises:
            StatementNotFound: if the tenant has no such statement.
        """
        found = await self._connection.execute(
            statement_query(self._tenant_id).where(_head.statement_id == statement_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise StatementNotFound(statement_id)
        return statement_of(row)

    async def statements(
        self,
        *,
        period: Month | None,
        payee_id: UUID | None,
        status: str | None,
        visible: Mapping[Month, Collection[UUID]] | None,
        after: tuple[str, UUID] | None,
        limit: int,
    ) -> Sequence[Statement]:
        """Return statements, latest period first; `visible` None means every payee's."""
        query = statement_query(self._tenant_id)
        if period is not None:
            query = query.where(_head.period == str(period))
        if payee_id is not None:
            query = query.where(_head.payee_id == payee_id)
        if status is not None:
            query = query.where(_head.status == status)
        if visible is not None:
            shown = [
                and_(_head.period == str(month), _head.payee_id.in_(list(payees)))
                for month, payees in visible.items()
            ]
            query = query.where(or_(false(), *shown))
        if after is not None:
            query = query.where(tuple_(_head.period, _head.statement_id) < after)
        query = query.order_by(_head.period.desc(), _head.statement_id.desc()).limit(limit)
        found = await self._connection.execute(query)
        return tuple(statement_of(row) for row in found.mappings())

    async def runs(
        self, *, period: Month | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Run]:
        """Return runs, latest first."""
        query = run_query(self._tenant_id)
        if period is not None:
            query = query.where(_run.period == str(period))
        if after is not None:
            query = query.where(tuple_(_run.requested_at, _run.run_id) < after)
        query = query.order_by(_run.requested_at.desc(), _run.run_id.desc()).limit(limit)
        found = await self._connection.execute(query)
        return tuple(run_of(row) for row in found.mappings())

    async def approved_totals(self, period: Month) -> Mapping[tuple[UUID, str], Money]:
        """Return the sum of each payee's approved lines of a period, by payee and currency."""
        line = tables.statement_line.c
        found = await self._connection.execute(
            select(_head.payee_id, _head.currency, func.sum(line.amount).label("amount"))
            .join(
                tables.statement_line,
                and_(
                    line.tenant_id == _head.tenant_id,
                    line.statement_id == _head.statement_id,
                    line.revision == _head.revision,
                ),
            )
            .where(_head.tenant_id == self._tenant_id, _head.period == str(period))
            .where(_head.status == StatementStatus.APPROVED.value)
            .group_by(_head.payee_id, _head.currency)
        )
        return {(row.payee_id, row.currency): Money(row.amount, row.currency) for row in found}

    async def posted_of(
        self,
        period: Month,
        *,
        payee_id: UUID | None,
        order_id: str | None,
        after: DifferenceKey | None,
        limit: int,
    ) -> Sequence[PostedAmount]:
        """Return the first sums after a key of what was paid for a month, then and later."""
        return await posted_amounts(
            self._connection,
            self._tenant_id,
            period,
            payee_id=payee_id,
            order_id=order_id,
            after=after,
            limit=limit,
        )

    async def run_events(self, run_id: UUID, *, after: int) -> Sequence[RunEvent]:
        """Return what was told of a run after a number, oldest first."""
        table = tables.run_progress.c
        found = await self._connection.execute(
            select(tables.run_progress)
            .where(table.tenant_id == self._tenant_id, table.run_id == run_id)
            .where(table.number > after)
            .order_by(table.number)
        )
        return tuple(
            RunEvent(
                row.number,
                row.at,
                row.status,
                Stage(row.phase, row.progress_percent, row.done, row.parts),
            )
            for row in found
        )

    async def standing(self, run_id: UUID, payee_id: UUID, month: Month) -> Sequence[StandingCell]:
        """Return a payee's measures of a month, as a run found them."""
        table = tables.run_cell
        found = await self._connection.execute(
            select(table)
            .where(table.c.tenant_id == self._tenant_id, table.c.run_id == run_id)
            .where(table.c.payee_id == str(payee_id), table.c.month == str(month))
            .order_by(table.c.measure)
        )
        return tuple(
            StandingCell(
                row.run_id, row.measure, row.month, row.value, row.target, row.ratio, row.percent
            )
            for row in found
        )

    async def facts(
        self,
        kind: str,
        *,
        key: str | None,
        after: tuple[str, str] | None,
        limit: int,
        known_at: datetime | None = None,
    ) -> Sequence[StoredFact]:
        """Return facts of a kind by key and version, perhaps only those known at an instant."""
        query = select(tables.fact).where(_fact.tenant_id == self._tenant_id, _fact.kind == kind)
        if known_at is not None:
            query = query.where(_fact.known_at <= known_at)
        if key is not None:
            query = query.where(_fact.key == key)
        if after is not None:
            query = query.where(tuple_(_fact.key, _fact.version) > after)
        found = await self._connection.execute(
            query.order_by(_fact.key, _fact.version).limit(limit)
        )
        return tuple(_stored(row) for row in found)


def _stored(row: Any) -> StoredFact:
    return StoredFact(
        row.kind,
        row.key,
        row.version,
        row.known_at,
        row.recorded_at,
        row.event_id,
        row.digest,
        row.body,
    )
