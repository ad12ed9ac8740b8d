"""Statements in PostgreSQL: content revisions, lines, transitions, head, tax answers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.baseline_query import (
    approved_before,
    carried_balances,
    closed_accounts,
    open_baseline,
    posted_lines,
    posted_payments,
    stated_balances,
)
from calc_engine.adapters.database.statement_rows import (
    account_of,
    account_row,
    line_of,
    line_row,
    revision_row,
    statement_of,
    statement_query,
)
from calc_engine.application.ports import StoredFile
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.payment_accounts import AccountMove
from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.run import Run
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement import (
    Statement,
    StatementNotFound,
    StatementStatus,
    TaxAnswer,
)
from calc_engine.domain.statement_line import StatementLine
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_revision = tables.statement_revision.c
_line = tables.statement_line.c
_account = tables.statement_account.c


class PostgresStatements:
    """One tenant's statements."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def periods_of(self, statement_ids: Collection[UUID]) -> Collection[Month]:
        """Return the periods that some statements belong to; they never change."""
        found = await self._connection.scalars(
            select(_head.period)
            .distinct()
            .where(_head.tenant_id == self._tenant_id)
            .where(_head.statement_id == func.any(list(statement_ids)))
            .order_by(_head.period)
        )
        return [Month.parse(period) for period in found]

    async def locked(self, statement_ids: Collection[UUID]) -> Sequence[Statement]:
        """Return those that exist, locked until the transaction ends, in the order of their ids."""
        return await self._locked(_head.statement_id == func.any(list(statement_ids)))

    async def of_period(self, period: Month) -> Sequence[Statement]:
        """Return the statements of a period, locked, in the order of their ids."""
        return await self._locked(_head.period == str(period))

    async def _locked(self, which: ColumnElement[bool]) -> Sequence[Statement]:
        # First the lock, then the reading: a query that waits for a lock sees the new head, but
        # of other tables what was there before, and so misses a revision made meanwhile.
        await self._connection.execute(
            select(_head.statement_id)
            .where(_head.tenant_id == self._tenant_id, which)
            .order_by(_head.statement_id)
            .with_for_update()
        )
        found = await self._connection.execute(
            statement_query(self._tenant_id).where(which).order_by(_head.statement_id)
        )
        return tuple(statement_of(row) for row in found.mappings())

    async def lines(self, statement_id: UUID, revision: int) -> Sequence[StatementLine]:
        """Return the lines of a revision in the order of plan, component and id."""
        found = await self._connection.execute(
            self._lines_of(statement_id, revision).order_by(
                _line.plan, _line.component, _line.line_id
            )
        )
        return tuple(line_of(row) for row in found.mappings())

    async def line(self, statement_id: UUID, revision: int, line_id: UUID) -> StatementLine | None:
        """Return one line of a revision, if it has it."""
        found = await self._connection.execute(
            self._lines_of(statement_id, revision).where(_line.line_id == line_id)
        )
        row = found.mappings().one_or_none()
        return None if row is None else line_of(row)

    def _lines_of(self, statement_id: UUID, revision: int) -> Select[Any]:
        return (
            select(
                tables.statement_line,
                _head.payee_id,
                _head.principal_id,
                _head.currency,
                _head.stated_in,
            )
            .join(
                tables.statement_head,
                (_head.tenant_id == _line.tenant_id) & (_head.statement_id == _line.statement_id),
            )
            .where(_line.tenant_id == self._tenant_id)
            .where(_line.statement_id == statement_id, _line.revision == revision)
        )

    async def accounts(
        self, statements: Collection[Statement]
    ) -> Mapping[UUID, Sequence[AccountMove]]:
        """Return what the current revisions of some statements do to accounts."""
        found = await self._connection.execute(
            select(tables.statement_account, _head.currency)
            .join(
                tables.statement_head,
                (_head.tenant_id == _account.tenant_id)
                & (_head.statement_id == _account.statement_id)
                & (_head.revision == _account.revision),
            )
            .where(_account.tenant_id == self._tenant_id)
            .where(_account.statement_id == func.any([item.statement_id for item in statements]))
            .order_by(_account.statement_id, _account.number)
        )
        moves: dict[UUID, list[AccountMove]] = {}
        for row in found:
            moves.setdefault(row.statement_id, []).append(account_of(row, row.currency))
        return moves

    async def revise(
        self,
        revisions: Sequence[tuple[Proposal, Statement | None]],
        *,
        run: Run,
        lines: StoredFile,
        at: datetime,
    ) -> Mapping[UUID, int]:
        """Store a new draft revision of each and return its number; lines and all."""
        if not revisions:
            return {}
        new = [proposal for proposal, known in revisions if known is None]
        if new:
            await self._connection.execute(
                insert(tables.statement), [self._identity(proposal) for proposal in new]
            )
        numbers = {
            proposal.statement_id: known.revision + 1 if known else 1
            for proposal, known in revisions
        }
        await self._connection.execute(
            insert(tables.statement_revision),
            [
                revision_row(
                    self._tenant_id,
                    proposal,
                    numbers[proposal.statement_id],
                    run=run,
                    lines=lines,
                    at=at,
                )
                for proposal, _ in revisions
            ],
        )
        rows = [
            line_row(self._tenant_id, proposal.statement_id, numbers[proposal.statement_id], line)
            for proposal, _ in revisions
            for line in proposal.lines
        ]
        accounts = [
            account_row(
                self._tenant_id, proposal.statement_id, numbers[proposal.statement_id], number, item
            )
            for proposal, _ in revisions
            for number, item in enumerate(proposal.accounts, start=1)
        ]
        for table, some in ((tables.statement_line, rows), (tables.statement_account, accounts)):
            if some:
                await self._connection.execute(insert(table), some)
        await self._to_draft(revisions, numbers, run=run, at=at)
        return numbers

    async def _to_draft(
        self,
        revisions: Sequence[tuple[Proposal, Statement | None]],
        numbers: Mapping[UUID, int],
        *,
        run: Run,
        at: datetime,
    ) -> None:
        heads, transitions = [], []
        for proposal, known in revisions:
            version = known.version + 1 if known else 1
            heads.append(
                {
                    **self._identity(proposal),
                    "revision": numbers[proposal.statement_id],
                    "status": StatementStatus.DRAFT.value,
                    "version": version,
                    "stated_in": None if proposal.stated is None else proposal.stated.currency,
                }
            )
            transitions.append(
                {
                    "tenant_id": self._tenant_id,
                    "statement_id": proposal.statement_id,
                    "version": version,
                    "revision": numbers[proposal.statement_id],
                    "to_status": StatementStatus.DRAFT.value,
                    "by": run.requested_by,
                    "at": at,
                    "reason": f"run {run.run_id}",
                    "made_by": run.requested_by,
                }
            )
        await self._connection.execute(insert(tables.statement_transition), transitions)
        statement = upsert(tables.statement_head)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "statement_id"],
                set_={
                    "revision": statement.excluded.revision,
                    "status": statement.excluded.status,
                    "version": statement.excluded.version,
                    "submitted_by": None,
                    "stated_in": statement.excluded.stated_in,
                },
            ),
            heads,
        )

    def _identity(self, proposal: Proposal) -> dict[str, Any]:
        return {
            "tenant_id": self._tenant_id,
            "statement_id": proposal.statement_id,
            "payee_id": UUID(proposal.payee_id),
            "principal_id": UUID(proposal.principal_id),
            "period": str(proposal.period),
            "currency": proposal.currency,
        }

    async def save_all(
        self, statements: Sequence[Statement], *, by: UUID, at: datetime, reason: str | None
    ) -> None:
        """Record each statement's transition to where it is now."""
        if not statements:
            return
        await self._connection.execute(
            insert(tables.statement_transition),
            [self._transition(statement, by, at, reason) for statement in statements],
        )
        await self._connection.execute(
            update(tables.statement_head)
            .where(_head.tenant_id == self._tenant_id)
            .where(_head.statement_id == bindparam("of_statement")),
            [
                {
                    "of_statement": statement.statement_id,
                    "status": statement.status.value,
                    "version": statement.version,
                    "submitted_by": statement.submitted_by,
                    "approved_by": statement.approved_by,
                    "approved_at": statement.approved_at,
                }
                for statement in statements
            ],
        )

    def _transition(
        self, statement: Statement, by: UUID, at: datetime, reason: str | None
    ) -> dict[str, Any]:
        block = statement.accepted_block
        return {
            "tenant_id": self._tenant_id,
            "statement_id": statement.statement_id,
            "version": statement.version,
            "revision": statement.revision,
            "to_status": statement.status.value,
            "by": by,
            "at": at,
            "reason": reason,
            "made_by": statement.made_by,
            "submitted_by": statement.submitted_by,
            "accepted_code": block.code if block else None,
            "accepted_reason": block.reason if block else None,
        }

    async def add_tax(
        self,
        statement_id: UUID,
        answer: TaxAnswer,
        *,
        event_id: UUID,
        occurred_at: datetime,
        body: str,
    ) -> None:
        """Store invoicing's answer to a revision; the latest answer counts."""
        known = await self._connection.scalar(
            select(_revision.revision).where(
                _revision.tenant_id == self._tenant_id,
                _revision.statement_id == statement_id,
                _revision.revision == answer.revision,
            )
        )
        if known is None:
            raise StatementNotFound(statement_id)
        await self._connection.execute(
            upsert(tables.statement_tax)
            .values(
                tenant_id=self._tenant_id,
                statement_id=statement_id,
                revision=answer.revision,
                event_id=event_id,
                occurred_at=occurred_at,
                status=answer.status,
                reasons=list(answer.reasons),
                net=answer.net.amount if answer.net else Decimal(0),
                body=body,
            )
            .on_conflict_do_nothing()
        )

    async def baseline(self, period: Month) -> Baseline:
        """Return what was posted before a period, and which statements it has."""
        asked = (self._connection, self._tenant_id, period)
        posted, balances = await posted_lines(*asked), await carried_balances(*asked)
        closed, payments = await closed_accounts(*asked), await posted_payments(*asked)
        approved: dict[tuple[str, str, str, str], UUID] = {}
        known: list[StatementKey] = []
        heads = await self._connection.execute(
            select(tables.statement_head)
            .where(_head.tenant_id == self._tenant_id, _head.period <= str(period))
            .order_by(_head.statement_id)
        )
        for row in heads:
            payee, principal = str(row.payee_id), str(row.principal_id)
            if row.period == str(period):
                known.append((payee, principal, row.currency))
            elif row.status == StatementStatus.APPROVED.value:
                approved[payee, principal, row.period, row.currency] = row.statement_id
        stated = await stated_balances(*asked)
        return Baseline(posted, balances, approved, tuple(known), closed, payments, stated)

    async def open_baseline(self, period: Month) -> Baseline:
        """Return what of a baseline changes within a period: balances, and its statements."""
        return await open_baseline(self._connection, self._tenant_id, period)

    async def approved_before(self, period: Month) -> str:
        """Return the digest of which revisions of statements before a period are approved."""
        return await approved_before(self._connection, self._tenant_id, period)

    async def paid_before(self, period: Month, payees: Collection[str] | None = None) -> Baseline:
        """Return what terms of payment of all or some payees go on from; no lines are among it."""
        asked = (self._connection, self._tenant_id, period, payees)
        return Baseline(
            (),
            await carried_balances(*asked),
            {},
            (),
            await closed_accounts(*asked),
            await posted_payments(*asked),
            await stated_balances(*asked),
        )

    async def last_payables(self, period: Month) -> Mapping[StatementKey, Money]:
        """Return what each payee's statement of the month before paid."""
        found = await self._connection.execute(
            statement_query(self._tenant_id).where(_head.period == str(period.next(-1)))
        )
        statements = (statement_of(row) for row in found.mappings())
        return {
            (str(item.payee_id), str(item.principal_id), item.currency): shown(item).payable
            for item in statements
        }
