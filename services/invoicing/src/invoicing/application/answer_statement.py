"""Answering statement revisions with their tax items."""

from uuid import UUID

from invoicing.application.ports import InvoicingWork, Occasion, TaxData
from invoicing.application.tax_records import TaxRecord, items_for_event
from invoicing.domain.statement import StatementRevision
from invoicing.domain.tax_answer import TaxAnswer, answer_statement
from premia_common.contracts.invoices import TaxItemsCalculated


async def record_statement(
    work: InvoicingWork, statement: StatementRevision, *, data: TaxData, occasion: Occasion
) -> None:
    """Keep a calculated revision and answer it; a revision that was answered is left alone.

    Raises:
        StatementRevisionDiffers: if the revision is known with other content.
    """
    await work.statements.record(statement, occasion.now)
    if not await work.answers.given(statement.statement_id, statement.revision):
        await _answer(work, statement, data, occasion)


async def answer_blocked_statements(
    work: InvoicingWork, payee_id: UUID, *, data: TaxData, occasion: Occasion
) -> int:
    """Answer the payee's blocked current revisions again; return how many were.

    Each answer is a new event: its readers apply the last one of a revision.
    """
    blocked = await work.statements.blocked(payee_id)
    for statement in blocked:
        await _answer(work, statement, data, occasion)
    return len(blocked)


async def _answer(
    work: InvoicingWork, statement: StatementRevision, data: TaxData, occasion: Occasion
) -> None:
    profiles = await work.profiles.approved(statement.payee_id)
    dates = statement.assumed_dates()
    answer = answer_statement(statement, profiles, data.regimes, dates)
    record = TaxRecord.of(answer.result)
    await work.answers.add(answer, record, payee_id=statement.payee_id, at=occasion.now)
    work.outbox.add(_event(work.tenant_id, answer, record, occasion))


def _event(
    tenant_id: UUID, answer: TaxAnswer, record: TaxRecord, occasion: Occasion
) -> TaxItemsCalculated:
    return TaxItemsCalculated(
        event_id=occasion.ids.new(),
        occurred_at=occasion.now,
        tenant_id=tenant_id,
        correlation_id=occasion.correlation_id,
        causation_id=occasion.causation_id,
        statement_id=answer.statement_id,
        revision=answer.revision,
        statement_digest=answer.statement_digest,
        status=answer.status,
        reasons=answer.reasons,
        items=items_for_event(record),
        taxable=record.taxable,
        vat=record.vat,
        withholding=record.withholding,
        net=record.net,
        assumed_payment_on=answer.assumed_payment_on,
    )
