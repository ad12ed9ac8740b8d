"""The exception desk in PostgreSQL: what runs found, and who took what on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.domain.exception_desk import (
    Acceptance,
    DeskGroup,
    DeskItem,
    ExceptionNotFound,
    ExceptionStatus,
)
from calc_engine.domain.run import Run
from calc_engine.domain.stake import Stake
from premia_common.identifiers import derive_id
from premia_common.money import Money

_found = tables.run_exception.c
_accepted = tables.exception_acceptance.c
_result = tables.run_result.c


class PostgresExceptions:
    """One tenant's exception desk."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def listed(
        self,
        run: Run,
        *,
        code: str | None = None,
        status: ExceptionStatus | None = None,
        payee_id: str | None = None,
        after: int = 0,
        limit: int = 1000,
    ) -> Sequence[DeskItem]:
        """Return what a run found after a number; open and accepted, or one of them."""
        query = self._of_run(run).where(_found.number > after)
        if code is not None:
            query = query.where(_found.code == code)
        if payee_id is not None:
            query = query.where(_found.payees.contains([payee_id]))
        if status is ExceptionStatus.OPEN:
            query = query.where(_accepted.exception_id.is_(None))
        if status is ExceptionStatus.ACCEPTED:
            query = query.where(_accepted.exception_id.is_not(None))
        found = await self._connection.execute(query.order_by(_found.number).limit(limit))
        return tuple(_item(row) for row in found)

    async def settled(
        self, run: Run, *, code: str | None, payee_id: str | None, after: UUID | None, limit: int
    ) -> Sequence[DeskItem]:
        """Return what earlier runs of the period found and this one does not, each once."""
        still_there = select(_found.exception_id).where(
            _found.tenant_id == self._tenant_id, _found.run_id == run.run_id
        )
        query = (
            select(tables.run_exception)
            .ext(distinct_on(_found.exception_id))
            .join(
                tables.run_result,
                and_(_result.tenant_id == _found.tenant_id, _result.run_id == _found.run_id),
            )
            .where(_found.tenant_id == self._tenant_id, _result.period == str(run.period))
            .where(_result.makes_statements, _found.exception_id.not_in(still_there))
        )
        if code is not None:
            query = query.where(_found.code == code)
        if payee_id is not None:
            query = query.where(_found.payees.contains([payee_id]))
        if after is not None:
            query = query.where(_found.exception_id > after)
        found = await self._connection.execute(
            query.order_by(_found.exception_id, _result.completed_at.desc()).limit(limit)
        )
        return tuple(_item(row, settled=True) for row in found)

    async def groups(self, run: Run) -> Sequence[DeskGroup]:
        """Return what a run found by cause and status."""
        is_accepted = _accepted.exception_id.is_not(None).label("is_accepted")
        found = await self._connection.execute(
            self._of_run(run)
            .with_only_columns(
                _found.code,
                is_accepted,
                _found.currency,
                func.bool_or(_found.blocks).label("blocks"),
                func.count().label("found"),
                func.sum(_found.orders).label("orders"),
                func.sum(_found.amount).label("amount"),
                func.min(_found.message).label("example"),
                func.min(_found.what_to_do).label("what_to_do"),
                func.jsonb_agg(_found.payees).label("payees"),
            )
            .group_by(_found.code, is_accepted, _found.currency)
            .order_by(_found.code, is_accepted, _found.currency)
        )
        return _grouped(found.all())

    async def open_blocking(self, run: Run) -> Sequence[DeskItem]:
        """Return what keeps a run's statements from approval and nobody took on."""
        query = self._of_run(run).where(_found.blocks, _accepted.exception_id.is_(None))
        found = await self._connection.execute(query.order_by(_found.number))
        return tuple(_item(row) for row in found)

    async def find(self, run: Run, exception_id: UUID) -> DeskItem:
        """Return an exception of a run.

        Raises:
            ExceptionNotFound: if the run has none of this id.
        """
        query = self._of_run(run).where(_found.exception_id == exception_id)
        row = (await self._connection.execute(query.limit(1))).one_or_none()
        if row is None:
            raise ExceptionNotFound(exception_id)
        return _item(row)

    async def accept(self, run: Run, items: Collection[DeskItem], acceptance: Acceptance) -> None:
        """Keep who took exceptions on; of two acceptances the first stays."""
        if not items:
            return
        await self._connection.execute(
            upsert(tables.exception_acceptance).on_conflict_do_nothing(),
            [
                {
                    "tenant_id": self._tenant_id,
                    "period": str(run.period),
                    "exception_id": item.exception_id,
                    "run_id": run.run_id,
                    "code": item.code,
                    "by": acceptance.by,
                    "at": acceptance.at,
                    "reason": acceptance.reason,
                }
                for item in items
            ],
        )

    async def conflicts(self, limit: int) -> Sequence[DeskItem]:
        """Return facts that came again with other content under the same version."""
        table = tables.fact_conflict.c
        found = await self._connection.execute(
            select(table.kind, table.key, table.version)
            .where(table.tenant_id == self._tenant_id)
            .order_by(table.kind, table.key, table.version)
            .limit(limit)
        )
        return tuple(
            DeskItem(
                0,
                derive_id("fact-conflict", str(self._tenant_id), row.kind, row.key, row.version),
                None,
                "fact-conflict",
                f"{row.kind} {row.key} came twice as version {row.version} with different content;"
                " the first one counts",
                "Ask the source to send what is right as a new version.",
                None,
                row.key if row.kind == "order" else None,
                None,
                blocks=False,
                stake=Stake((), 1 if row.kind == "order" else 0, None, None),
                status=ExceptionStatus.OPEN,
            )
            for row in found
        )

    def _of_run(self, run: Run) -> Select[Any]:
        return (
            select(
                tables.run_exception,
                _accepted.by.label("accepted_by"),
                _accepted.at.label("accepted_at"),
                _accepted.reason.label("accepted_reason"),
            )
            .outerjoin(
                tables.exception_acceptance,
                and_(
                    _accepted.tenant_id == _found.tenant_id,
                    _accepted.exception_id == _found.exception_id,
                    _accepted.period == str(run.period),
                ),
            )
            .where(_found.tenant_id == self._tenant_id, _found.run_id == run.run_id)
        )


def _item(row: Row[Any], *, settled: bool = False) -> DeskItem:
    accepted_at: datetime | None = None if settled else row.accepted_at
    acceptance = None
    if accepted_at is not None:
        acceptance = Acceptance(row.accepted_by, accepted_at, row.accepted_reason)
    status = ExceptionStatus.ACCEPTED if acceptance else ExceptionStatus.OPEN
    return DeskItem(
        row.number,
        row.exception_id,
        row.run_id,
        row.code,
        row.message,
        row.what_to_do,
        row.payee_id,
        row.order_id,
        row.month,
        row.blocks,
        Stake(
            tuple(row.payees or ()),
            row.orders or 0,
            Money(row.amount, row.currency) if row.amount is not None else None,
            row.estimate,
        ),
        ExceptionStatus.SETTLED if settled else status,
        acceptance,
    )


def _grouped(rows: Sequence[Row[Any]]) -> tuple[DeskGroup, ...]:
    """Join the rows of one cause and status, which differ by the currency of their estimates."""
    grouped: dict[tuple[str, bool], list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault((row.code, row.is_accepted), []).append(row)
    return tuple(
        DeskGroup(
            code,
            ExceptionStatus.ACCEPTED if is_accepted else ExceptionStatus.OPEN,
            any(row.blocks for row in same),
            sum(row.found for row in same),
            len({payee for row in same for some in row.payees for payee in some or ()}),
            sum(row.orders or 0 for row in same),
            tuple(Money(row.amount, row.currency) for row in same if row.amount is not None),
            min(row.example for row in same),
            same[0].what_to_do,
        )
        for (code, is_accepted), same in grouped.items()
    )
