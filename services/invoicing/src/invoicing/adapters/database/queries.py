"""Reads for lists and screens."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.adapters.database.document_repository import document_from
from invoicing.adapters.database.fiscal_profile_repository import DatabaseFiscalProfileRepository
from invoicing.adapters.database.posting_rule_repository import DatabasePostingRuleRepository
from invoicing.application.document_payload import IssuedPayload, PreparedPayload
from invoicing.application.ports import Posting, Rejection, RenderedFile
from invoicing.application.queries import (
    DocumentFilter,
    DocumentRow,
    DocumentStep,
    DocumentView,
    TaxAnswerView,
)
from invoicing.application.tax_records import TaxRecord
from invoicing.domain.fiscal_profile import FiscalProfile
from invoicing.domain.posting_rules import PostingRules

_heads = tables.documents.c
_contents = tables.document_contents.c
_issues = tables.document_issues.c
_files = tables.document_files.c
_postings = tables.document_postings.c
_rejections = tables.document_rejections.c
_transitions = tables.document_transitions.c
_answers = tables.tax_answers.c
_TOTALS = ("taxable", "vat", "withholding", "net")


def _of(table: Any) -> Any:
    return and_(table.c.tenant_id == _heads.tenant_id, table.c.document_id == _heads.id)


_ROWS: Select[Any] = (
    select(
        tables.documents,
        _contents.currency,
        _issues.document_date,
        _issues.due_on,
        _files.sha256.label("pdf_sha256"),
        *(func.coalesce(_issues[name], _contents[name]).label(name) for name in _TOTALS),
    )
    .join(tables.document_contents, _of(tables.document_contents))
    .outerjoin(tables.document_issues, _of(tables.document_issues))
    .outerjoin(tables.document_files, _of(tables.document_files))
)
_VIEWS = _ROWS.add_columns(
    _contents.payload.label("prepared_payload"),
    _contents.digest.label("prepared_digest"),
    _issues.payload.label("issued_payload"),
    _issues.digest.label("issued_digest"),
    _files.address,
    _files.size,
    _postings.accounting_document,
    _postings.fiscal_year,
    _postings.posting_date,
).outerjoin(tables.document_postings, _of(tables.document_postings))


class DatabaseQueries:
    """What screens of one tenant list and show."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def documents(
        self, which: DocumentFilter, *, after: tuple[str, UUID] | None, limit: int
    ) -> Sequence[DocumentRow]:
        """Return documents by period and id, newest period first, beginning after one."""
        query = _ROWS.where(_heads.tenant_id == self._tenant_id)
        if which.payee_id is not None:
            query = query.where(_heads.payee_id == which.payee_id)
        if which.principal_id is not None:
            query = query.where(_heads.principal_id == which.principal_id)
        if which.period is not None:
            query = query.where(_heads.period == which.period)
        if which.statuses:
            query = query.where(_heads.status.in_(which.statuses))
        if after is not None:
            query = query.where(tuple_(_heads.period, _heads.id) < after)
        found = await self._connection.execute(
            query.order_by(_heads.period.desc(), _heads.id.desc()).limit(limit)
        )
        return [_row(row) for row in found.mappings()]

    async def document(self, document_id: UUID) -> DocumentView | None:
        """Return one document with everything about it."""
        found = await self._connection.execute(
            _VIEWS.where(_heads.tenant_id == self._tenant_id, _heads.id == document_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            return None
        steps = await self._connection.execute(
            select(tables.document_transitions)
            .where(_transitions.tenant_id == self._tenant_id)
            .where(_transitions.document_id == document_id)
            .order_by(_transitions.version)
        )
        rejection = None
        if row["accounting_document"] is None:
            rejection = await self._last_rejection(document_id)
        return _view(row, steps.mappings().all(), rejection)

    async def _last_rejection(self, document_id: UUID) -> Rejection | None:
        found = await self._connection.execute(
            select(tables.document_rejections)
            .where(_rejections.tenant_id == self._tenant_id)
            .where(_rejections.document_id == document_id)
            .order_by(_rejections.rejected_at.desc(), _rejections.event_id.desc())
            .limit(1)
        )
        row = found.mappings().one_or_none()
        if row is None:
            return None
        return Rejection(
            row["message_class"], row["message_number"], row["text"], row["retryable"],
            row["rejected_at"],
        )  # fmt: skip

    async def tax_answers(self, statement_id: UUID) -> Sequence[TaxAnswerView]:
        """Return every answer to a statement, revision by revision, the last one last."""
        found = await self._connection.execute(
            select(tables.tax_answers)
            .where(_answers.tenant_id == self._tenant_id, _answers.statement_id == statement_id)
            .order_by(_answers.revision, _answers.answer_no)
        )
        return [_answer(row) for row in found.mappings()]

    async def fiscal_profiles(
        self, *, payee_id: UUID | None, after: UUID | None, limit: int
    ) -> Sequence[FiscalProfile]:
        """Return fiscal profiles in their newest revision by id, beginning after one."""
        profiles = DatabaseFiscalProfileRepository(self._connection, self._tenant_id)
        return await profiles.page(after=after, limit=limit, payee_id=payee_id)

    async def fiscal_profile(self, profile_id: UUID) -> FiscalProfile | None:
        """Return a fiscal profile in its newest revision."""
        profiles = DatabaseFiscalProfileRepository(self._connection, self._tenant_id)
        return await profiles.find(profile_id, lock=False)

    async def posting_rules(self, principal_id: UUID) -> PostingRules | None:
        """Return a principal's own posting rules in their newest version."""
        rules = DatabasePostingRuleRepository(self._connection, self._tenant_id)
        return await rules.of(principal_id)


def _row(row: RowMapping) -> DocumentRow:
    return DocumentRow(
        document=document_from(row),
        currency=row["currency"],
        taxable=row["taxable"],
        vat=row["vat"],
        withholding=row["withholding"],
        net=row["net"],
        document_date=row["document_date"],
        due_on=row["due_on"],
        pdf_sha256=row["pdf_sha256"],
    )


def _view(
    row: RowMapping, steps: Sequence[RowMapping], rejection: Rejection | None
) -> DocumentView:
    issued = row["issued_payload"]
    payload = (
        PreparedPayload.model_validate_json(row["prepared_payload"])
        if issued is None
        else IssuedPayload.model_validate_json(issued)
    )
    posting = None
    if row["accounting_document"] is not None:
        posting = Posting(row["accounting_document"], row["fiscal_year"], row["posting_date"])
    file = None
    if row["address"] is not None:
        file = RenderedFile(row["address"], row["pdf_sha256"], row["size"])
    return DocumentView(
        row=_row(row),
        payload=payload,
        digest=row["prepared_digest"] if issued is None else row["issued_digest"],
        history=tuple(_step(step) for step in steps),
        posting=posting,
        rejection=rejection,
        file=file,
    )


def _step(row: RowMapping) -> DocumentStep:
    return DocumentStep(
        row["version"], row["from_status"], row["to_status"], row["at"], row["by"], row["reason"]
    )


def _answer(row: RowMapping) -> TaxAnswerView:
    return TaxAnswerView(
        statement_id=row["statement_id"],
        revision=row["revision"],
        answer_no=row["answer_no"],
        statement_digest=row["statement_digest"],
        payee_id=row["payee_id"],
        status=row["status"],
        reasons=tuple(row["reasons"]),
        record=TaxRecord.model_validate(row["record"]),
        assumed_payment_on=row["assumed_payment_on"],
        regime=row["regime"],
        answered_at=row["answered_at"],
    )
