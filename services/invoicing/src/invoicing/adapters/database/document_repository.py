"""Documents: content, issue, files, postings and transitions insert-only; the head moves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.application.document_payload import IssuedPayload, PreparedPayload
from invoicing.application.ports import Issue, Posting, Rejection, RenderedFile, Step
from invoicing.domain.pro_forma import Document, DocumentNotFound, DocumentStatus
from premia_common.canonical import digest
from premia_runtime.faults import fault_point

_heads = tables.documents.c
_contents = tables.document_contents.c
_issues = tables.document_issues.c
NUMBERED = "numbered"


def document_from(row: RowMapping) -> Document:
    """Return the head of a row."""
    return Document(
        id=row["id"],
        payee_id=row["payee_id"],
        principal_id=row["principal_id"],
        statement_id=row["statement_id"],
        statement_revision=row["statement_revision"],
        period=row["period"],
        status=DocumentStatus(row["status"]),
        version=row["version"],
        number=row["number"],
        sent_by=row["sent_by"],
    )


class DatabaseDocumentRepository:
    """The documents of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def prepare(self, document: Document, payload: PreparedPayload, step: Step) -> None:
        """Keep a new document."""
        content = payload.content()
        await self._connection.execute(
            insert(tables.document_contents).values(
                tenant_id=self._tenant_id,
                document_id=document.id,
                statement_id=document.statement_id,
                statement_revision=document.statement_revision,
                payload=content.decode(),
                digest=digest(content),
                currency=payload.currency,
                prepared_at=step.at,
                **_totals(payload),
            )
        )
        await self._connection.execute(
            insert(tables.documents).values(
                tenant_id=self._tenant_id,
                id=document.id,
                payee_id=document.payee_id,
                principal_id=document.principal_id,
                statement_id=document.statement_id,
                statement_revision=document.statement_revision,
                period=document.period,
                status=document.status.value,
                version=document.version,
            )
        )
        await self._keep_transitions([(document, None, step)])

    async def get(self, document_id: UUID) -> Document:
        """Return a document, locked until the transaction ends."""
        found = await self.get_many([document_id])
        if document_id not in found:
            raise DocumentNotFound(document_id)
        return found[document_id]

    async def get_many(self, document_ids: Sequence[UUID]) -> Mapping[UUID, Document]:
        """Return those documents that there are, locked until the transaction ends."""
        # Locked in the order of ids, so that two batches never wait for each other in a circle.
        found = await self._connection.execute(
            select(tables.documents)
            .where(_heads.tenant_id == self._tenant_id, _heads.id.in_(document_ids))
            .order_by(_heads.id)
            .with_for_update()
        )
        return {row["id"]: document_from(row) for row in found.mappings()}

    async def prepared(self, document_ids: Sequence[UUID]) -> Mapping[UUID, PreparedPayload]:
        """Return what was prepared."""
        found = await self._connection.execute(
            select(_contents.document_id, _contents.payload)
            .where(_contents.tenant_id == self._tenant_id)
            .where(_contents.document_id.in_(document_ids))
        )
        return {row.document_id: PreparedPayload.model_validate_json(row.payload) for row in found}

    async def issued(self, document_id: UUID) -> IssuedPayload:
        """Return what was issued."""
        found = await self.issued_many([document_id])
        if document_id not in found:
            raise DocumentNotFound(document_id)
        return found[document_id]

    async def issued_many(self, document_ids: Sequence[UUID]) -> Mapping[UUID, IssuedPayload]:
        """Return what was issued, of those that were."""
        found = await self._connection.execute(
            select(_issues.document_id, _issues.payload)
            .where(_issues.tenant_id == self._tenant_id)
            .where(_issues.document_id.in_(document_ids))
        )
        return {row.document_id: IssuedPayload.model_validate_json(row.payload) for row in found}

    async def issue(self, issues: Sequence[Issue], at: datetime) -> None:
        """Keep the numbers and the final contents of documents."""
        await self._connection.execute(
            insert(tables.document_issues), [self._issue_row(issue, at) for issue in issues]
        )
        await self.move(
            [
                (issue.document, Step(at, issue.document.sent_by, reason=NUMBERED))
                for issue in issues
            ]
        )
        fault_point("pro_forma.numbered.before_commit")

    def _issue_row(self, issue: Issue, at: datetime) -> dict[str, object]:
        content = issue.payload.content()
        return {
            "tenant_id": self._tenant_id,
            "document_id": issue.document.id,
            "principal_id": issue.document.principal_id,
            "series": issue.number.series,
            "year": issue.number.year,
            "sequence": issue.number.sequence,
            "number": str(issue.number),
            "document_date": issue.payload.document_date,
            "due_on": issue.payload.due_on,
            "payload": content.decode(),
            "digest": digest(content),
            "issued_by": issue.document.sent_by,
            "issued_at": at,
            **_totals(issue.payload),
        }

    async def keep_files(self, files: Mapping[UUID, RenderedFile], at: datetime) -> None:
        """Keep where the PDFs of documents lie."""
        await self._connection.execute(
            insert(tables.document_files),
            [
                {
                    "tenant_id": self._tenant_id,
                    "document_id": document_id,
                    "address": file.address,
                    "sha256": file.sha256,
                    "size": file.size,
                    "stored_at": at,
                }
                for document_id, file in files.items()
            ],
        )

    async def move(self, moves: Sequence[tuple[Document, Step]]) -> None:
        """Keep the new status of documents and how they came to it."""
        before = await self._statuses([document.id for document, _ in moves])
        await self._keep_transitions(
            [(document, before[document.id], step) for document, step in moves]
        )
        await self._connection.execute(
            update(tables.documents)
            .where(_heads.tenant_id == self._tenant_id, _heads.id == bindparam("moved"))
            .values(
                status=bindparam("new_status"),
                version=bindparam("new_version"),
                number=bindparam("new_number"),
                sent_by=bindparam("new_sent_by"),
            ),
            [
                {
                    "moved": document.id,
                    "new_status": document.status.value,
                    "new_version": document.version,
                    "new_number": document.number,
                    "new_sent_by": document.sent_by,
                }
                for document, _ in moves
            ],
        )

    async def _statuses(self, document_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        found = await self._connection.execute(
            select(_heads.id, _heads.status)
            .where(_heads.tenant_id == self._tenant_id, _heads.id.in_(document_ids))
        )  # fmt: skip
        return {row.id: row.status for row in found}

    async def keep_posting(self, document_id: UUID, posting: Posting, at: datetime) -> None:
        """Keep SAP's number of an invoice."""
        await self._connection.execute(
            insert(tables.document_postings).values(
                tenant_id=self._tenant_id,
                document_id=document_id,
                accounting_document=posting.accounting_document,
                fiscal_year=posting.fiscal_year,
                posting_date=posting.posting_date,
                recorded_at=at,
            )
        )

    async def keep_rejection(self, document_id: UUID, event_id: UUID, rejection: Rejection) -> None:
        """Keep SAP's refusal of an invoice; the same one again changes nothing."""
        await self._connection.execute(
            upsert(tables.document_rejections)
            .values(
                tenant_id=self._tenant_id,
                document_id=document_id,
                event_id=event_id,
                message_class=rejection.message_class,
                message_number=rejection.message_number,
                text=rejection.text,
                retryable=rejection.retryable,
                rejected_at=rejection.rejected_at,
            )
            .on_conflict_do_nothing()
        )

    async def _keep_transitions(
        self, transitions: Sequence[tuple[Document, str | None, Step]]
    ) -> None:
        await self._connection.execute(
            insert(tables.document_transitions),
            [
                {
                    "tenant_id": self._tenant_id,
                    "document_id": document.id,
                    "version": document.version,
                    "from_status": before,
                    "to_status": document.status.value,
                    "at": step.at,
                    "by": step.by,
                    "made_by": step.made_by,
                    "reason": step.reason,
                }
                for document, before, step in transitions
            ],
        )


def _totals(payload: PreparedPayload) -> dict[str, object]:
    tax = payload.tax
    return {
        "taxable": tax.taxable.amount,
        "vat": tax.vat.amount,
        "withholding": tax.withholding.amount,
        "net": tax.net.amount,
    }
