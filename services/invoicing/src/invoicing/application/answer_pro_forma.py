"""The payee's own answer to its pro-forma."""

from uuid import UUID

from invoicing.application.ports import InvoicingWork, Occasion, Step
from invoicing.domain.pro_forma import Document, DocumentNotFound
from premia_common.contracts.invoices import ProFormaAccepted


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
    work.outbox.add(
        ProFormaAccepted(
            event_id=occasion.ids.new(),
            occurred_at=occasion.now,
            tenant_id=work.tenant_id,
            correlation_id=occasion.correlation_id,
            causation_id=occasion.causation_id,
            invoice_id=accepted.id,
            number=payload.number,
            payee_id=accepted.payee_id,
            principal_id=accepted.principal_id,
            statement_id=accepted.statement_id,
            statement_revision=accepted.statement_revision,
            period=accepted.period,
            net=payload.tax.net,
            accepted_at=occasion.now,
        )
    )
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
    """Keep the payee's objection; the document waits until the payee accepts it after all.

    Raises:
        DocumentNotFound: if the caller is not the document's payee.
        DocumentChanged: if it is not in this version.
        StepNotPossible: if it is not waiting for the payee.
    """
    document = await _own(work, document_id, payee_id)
    disputed = document.dispute(version=version)
    await work.documents.move([(disputed, Step(occasion.now, by, reason=reason))])
    return disputed


async def _own(work: InvoicingWork, document_id: UUID, payee_id: UUID | None) -> Document:
    document = await work.documents.get(document_id)
    if document.payee_id != payee_id or document.number is None:
        raise DocumentNotFound(document_id)
    return document
