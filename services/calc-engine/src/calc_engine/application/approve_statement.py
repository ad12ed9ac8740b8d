"""Approve a named revision of a statement, by a second person."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.complete_run import totals_out
from calc_engine.application.ports import CalcWork
from calc_engine.domain.ledger import posting_of
from calc_engine.domain.statement import AcceptedBlock, Statement
from premia_common.contracts.fields import FileAddress, MoneyOut
from premia_common.contracts.statements import StatementApproved
from premia_common.identifiers import derive_id


async def approve_statement(
    work: CalcWork,
    *,
    statement_id: UUID,
    revision: int,
    digest: str,
    accept_blocked: AcceptedBlock | None,
    by: UUID,
    now: datetime,
    correlation_id: UUID,
) -> Statement:
    """Approve a statement in review, post it to the payee's ledger and announce it.

    The same person approving the same revision again finds it done.

    Raises:
        StatementNotFound: if the tenant has no such statement.
        PeriodNotOpen: if its period is closing or closed.
        StatementChanged: if revision or digest is not the current one.
        StatementNotApprovable: if it is not in review.
        ApproverIsMaker: if the approver asked for its calculation or submitted it.
        TaxNotOk: if its tax is not ok and the block was not accepted by name.
    """
    statement = await work.statements.get(statement_id)
    if statement.is_approved_as(by=by, revision=revision, digest=digest):
        return statement
    (await work.periods.peek(statement.period)).require_open()
    approved = statement.approve(
        by=by, at=now, revision=revision, digest=digest, accept_blocked=accept_blocked
    )
    await work.statements.save_all([approved], by=by, at=now, reason=None)
    held = await work.ledger.held(approved.payee_id, approved.principal_id, approved.currency)
    posting = posting_of(
        statement_id=approved.statement_id,
        revision=approved.revision,
        payee_id=approved.payee_id,
        principal_id=approved.principal_id,
        period=str(approved.period),
        total=approved.total,
        brought_forward=approved.brought_forward,
        payable=approved.payable,
        carried_forward=approved.carried_forward,
        held_before=held,
        held_now=approved.held,
        at=now,
    )
    await work.ledger.post(posting)
    work.outbox.add(
        StatementApproved(
            event_id=derive_id("statement.approved", str(statement_id), str(revision)),
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            statement_id=approved.statement_id,
            revision=approved.revision,
            digest=approved.digest,
            payee_id=approved.payee_id,
            principal_id=approved.principal_id,
            period=str(approved.period),
            currency=approved.currency,
            totals=totals_out(approved.totals),
            brought_forward=MoneyOut.of(approved.brought_forward),
            payable=MoneyOut.of(approved.payable),
            carried_forward=MoneyOut.of(approved.carried_forward),
            lines=FileAddress(address=approved.lines_address, sha256=approved.lines_sha256),
            approved_by=by,
            approved_at=now,
        )
    )
    return approved
