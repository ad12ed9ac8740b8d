"""The payee's own answer to its pro-forma."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from invoicing.application.document_payload import IssuedPayload
from invoicing.application.ports import InvoicingWork, Occasion, Step
from invoicing.domain.pro_forma import Document, DocumentNotFound
from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.invoices import ProFormaAccepted, ProFormaDisputed


async def accept_pro_forma(
    work: InvoicingWork,
    *,
    document_id: UUID,
    version: int,
    payee_id: UUID | None,
    by: UUID,
    occasion: Occasion,
) -> Document:
    """Accept a pro-forma in its payee's name and announce it.

    Raises:
        DocumentNotFound: if the caller is not the document's payee.
        DocumentChanged: if it is not in this version.
        StepNotPossible: if it is not waiting for the payee.
    """
    document = await _own(work, document_id, payee_id)
    accepted = document.accept(version=version)
    payload = await work.documents.issued(document_id)
    await work.documents.move([(accepted, Step(occasion.now, by))])
    told = _told(work, accepted, payload, occasion)
    work.outbox.add(ProFormaAccepted(**told, accepted_at=occasion.now))
    return accepted


async def dispute_pro_forma(
    work: InvoicingWork,
    *,
    document_id: UUID,
    version: int,
    payee_id: UUID | None,
    by: UUID,
    reason: str,
    occasion: Occasion,
) -> Document:
    """Keep and announce the payee's objection; the document waits until it is accepted after all.

    Raises:
        DocumentNotFound: if the caller is not the document's payee.
        DocumentChanged: if it is not in this version.
        StepNotPossible: if it is not waiting for the payee.
    """
    document = await _own(work, document_id, payee_id)
    disputed = document.dispute(version=version)
    payload = await work.documents.issued(document_id)
    await work.documents.move([(disputed, Step(occasion.now, by, reason=reason))])
    told = _told(work, disputed, payload, occasion)
    work.outbox.add(ProFormaDisputed(**told, reason=reason))
    return disputed


class _Told(TypedDict):
    """What every event about a document says."""

    event_id: UUID
    occurred_at: datetime
    tenant_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    invoice_id: UUID
    number: str
    payee_id: UUID
    principal_id: UUID
    statement_id: UUID
    statement_revision: int
    period: str
    net: MoneyOut


def _told(
    work: InvoicingWork, document: Document, payload: IssuedPayload, occasion: Occasion
) -> _Told:
    return _Told(
        event_id=occasion.ids.new(),
        occurred_at=occasion.now,
        tenant_id=work.tenant_id,
        correlation_id=occasion.correlation_id,
        causation_id=occasion.causation_id,
        invoice_id=document.id,
        number=payload.number,
        payee_id=document.payee_id,
        principal_id=document.principal_id,
        statement_id=document.statement_id,
        statement_revision=document.statement_revision,
        period=document.period,
        net=payload.tax.net,
    )


async def _own(work: InvoicingWork, document_id: UUID, payee_id: UUID | None) -> Document:
    document = await work.documents.get(document_id)
    if document.payee_id != payee_id or document.number is None:
        raise DocumentNotFound(document_id)
    return document
