"""Preparing the pro-forma of an approved statement."""

from datetime import datetime
from uuid import UUID

from invoicing.application.document_payload import prepare_payload
from invoicing.application.ports import InvoicingWork, Occasion, Step, TaxData
from invoicing.domain.fiscal_profile import profile_on
from invoicing.domain.pro_forma import Document, DocumentStatus
from invoicing.domain.statement import StatementRevision, dates_from
from invoicing.domain.tax_answer import answer_statement
from premia_common.identifiers import derive_id


async def record_approval(
    work: InvoicingWork,
    statement: StatementRevision,
    *,
    approved_by: UUID,
    approved_at: datetime,
    data: TaxData,
    occasion: Occasion,
) -> None:
    """Keep an approved revision and prepare its pro-forma.

    Without a usable fiscal profile, or before the principal is known, the statement waits:
    `prepare_waiting_statements` takes it up.

    Raises:
        StatementAlreadyInvoiced: if another revision of the statement was approved before.
    """
    await work.statements.record(statement, occasion.now)
    if await work.statements.approve(statement, approved_by, approved_at):
        await _prepare(work, statement, data, occasion)


async def prepare_waiting_statements(
    work: InvoicingWork,
    *,
    data: TaxData,
    occasion: Occasion,
    payee_id: UUID | None = None,
    principal_id: UUID | None = None,
) -> int:
    """Prepare what waited for a payee's profile or for a principal; return how many were."""
    waiting = await work.statements.waiting(payee_id=payee_id, principal_id=principal_id)
    return sum([await _prepare(work, statement, data, occasion) for statement in waiting])


async def _prepare(
    work: InvoicingWork, statement: StatementRevision, data: TaxData, occasion: Occasion
) -> bool:
    if not statement.payable:
        return False
    principal = await work.parties.principal(statement.principal_id)
    dates = dates_from(occasion.today)
    profiles = await work.profiles.approved(statement.payee_id)
    answer = answer_statement(statement, profiles, data.regimes, dates)
    profile = profile_on(profiles, dates.invoice)
    if principal is None or profile is None or answer.regime is None:
        return False
    payload = prepare_payload(statement, principal, profile, answer.result, answer.regime)
    document = Document(
        id=derive_id("document", str(work.tenant_id), str(statement.statement_id)),
        payee_id=statement.payee_id,
        principal_id=statement.principal_id,
        statement_id=statement.statement_id,
        statement_revision=statement.revision,
        period=statement.period,
        status=DocumentStatus.PREPARED,
        version=1,
        number=None,
        sent_by=None,
    )
    await work.documents.prepare(document, payload, Step(occasion.now, None))
    return True
