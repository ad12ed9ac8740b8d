"""Statement revisions, their approvals, and the answers given to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.adapters.database.locks import let_in_statements
from invoicing.adapters.database.statement_codec import statement_from, statement_to
from invoicing.application.tax_records import TaxRecord
from invoicing.domain.pro_forma import StatementAlreadyInvoiced
from invoicing.domain.statement import StatementRevision, StatementRevisionDiffers
from invoicing.domain.tax_answer import TaxAnswer

_revisions = tables.statement_revisions.c
_approvals = tables.statement_approvals.c
_answers = tables.tax_answers.c


class DatabaseStatementRepository:
    """Insert-only: a revision and its approval are facts."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def record(self, statement: StatementRevision, at: datetime) -> None:
        """Keep a revision; the same one again changes nothing."""
        await let_in_statements(self._connection, self._tenant_id)
        added = await self._connection.scalar(
            insert(tables.statement_revisions)
            .values(tenant_id=self._tenant_id, known_at=at, **statement_to(statement))
            .on_conflict_do_nothing()
            .returning(_revisions.revision)
        )
        if added is None:
            await self._expect_same(statement)

    async def _expect_same(self, statement: StatementRevision) -> None:
        digest = await self._connection.scalar(
            select(_revisions.digest)
            .where(_revisions.tenant_id == self._tenant_id)
            .where(_revisions.statement_id == statement.statement_id)
            .where(_revisions.revision == statement.revision)
        )
        if digest != statement.digest:
            raise StatementRevisionDiffers(statement.statement_id, statement.revision)

    async def approve(self, statement: StatementRevision, by: UUID, at: datetime) -> bool:
        """Keep an approval; say whether it is new."""
        added = await self._connection.scalar(
            insert(tables.statement_approvals)
            .values(
                tenant_id=self._tenant_id,
                statement_id=statement.statement_id,
                revision=statement.revision,
                payee_id=statement.payee_id,
                principal_id=statement.principal_id,
                payable=statement.payable.amount,
                approved_by=by,
                approved_at=at,
            )
            .on_conflict_do_nothing()
            .returning(_approvals.revision)
        )
        if added is not None:
            return True
        before = await self._connection.scalar(
            select(_approvals.revision)
            .where(_approvals.tenant_id == self._tenant_id)
            .where(_approvals.statement_id == statement.statement_id)
        )
        if before != statement.revision:
            raise StatementAlreadyInvoiced(statement.statement_id, int(before or 0))
        return False

    async def blocked(self, payee_id: UUID) -> Sequence[StatementRevision]:
        """Return the payee's current revisions whose last answer is blocked."""
        newest = (
            select(_revisions.statement_id.label("id"), func.max(_revisions.revision).label("last"))
            .where(_revisions.tenant_id == self._tenant_id, _revisions.payee_id == payee_id)
            .group_by(_revisions.statement_id)
            .subquery()
        )
        last_status = (
            select(_answers.status)
            .where(_answers.tenant_id == _revisions.tenant_id)
            .where(_answers.statement_id == _revisions.statement_id)
            .where(_answers.revision == _revisions.revision)
            .order_by(_answers.answer_no.desc())
            .limit(1)
            .scalar_subquery()
        )
        return await self._read(
            select(tables.statement_revisions)
            .join(
                newest,
                and_(newest.c.id == _revisions.statement_id, newest.c.last == _revisions.revision),
            )
            .where(_revisions.tenant_id == self._tenant_id, last_status == "blocked")
            .order_by(_revisions.period, _revisions.statement_id)
        )

    async def waiting(
        self, *, payee_id: UUID | None = None, principal_id: UUID | None = None
    ) -> Sequence[StatementRevision]:
        """Return approved revisions with something payable that have no document yet."""
        heads = tables.documents.c
        query = (
            select(tables.statement_revisions)
            .join(
                tables.statement_approvals,
                and_(
                    _approvals.tenant_id == _revisions.tenant_id,
                    _approvals.statement_id == _revisions.statement_id,
                    _approvals.revision == _revisions.revision,
                ),
            )
            .where(_approvals.tenant_id == self._tenant_id, _approvals.payable > 0)
            .where(
                ~select(heads.id)
                .where(heads.tenant_id == self._tenant_id)
                .where(heads.statement_id == _approvals.statement_id)
                .exists()
            )
            .order_by(_revisions.period, _revisions.statement_id)
        )
        if payee_id is not None:
            query = query.where(_approvals.payee_id == payee_id)
        if principal_id is not None:
            query = query.where(_approvals.principal_id == principal_id)
        return await self._read(query)

    async def _read(self, query: Select[Any]) -> Sequence[StatementRevision]:
        found = await self._connection.execute(query)
        return [statement_from(row) for row in found.mappings()]


class DatabaseTaxAnswerRepository:
    """Answers, numbered per revision in the order they were given."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(
        self, answer: TaxAnswer, record: TaxRecord, *, payee_id: UUID, at: datetime
    ) -> None:
        """Keep an answer after those given before."""
        given = await self.given(answer.statement_id, answer.revision)
        await self._connection.execute(
            insert(tables.tax_answers).values(
                tenant_id=self._tenant_id,
                statement_id=answer.statement_id,
                revision=answer.revision,
                answer_no=given + 1,
                statement_digest=answer.statement_digest,
                payee_id=payee_id,
                status=answer.status,
                reasons=list(answer.reasons),
                record=record.model_dump(mode="json"),
                assumed_payment_on=answer.assumed_payment_on,
                profile_id=answer.profile_id,
                profile_revision=answer.profile_revision,
                regime=answer.regime,
                answered_at=at,
            )
        )

    async def given(self, statement_id: UUID, revision: int) -> int:
        """Return how many answers a revision was given."""
        count = await self._connection.scalar(
            select(func.count())
            .select_from(tables.tax_answers)
            .where(_answers.tenant_id == self._tenant_id)
            .where(_answers.statement_id == statement_id, _answers.revision == revision)
        )
        return int(count or 0)
