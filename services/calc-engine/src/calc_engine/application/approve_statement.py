"""Approve named revisions of statements, by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from calc_engine.application.complete_run import figures_out
from calc_engine.application.ports import CalcWork
from calc_engine.application.reopen_period import require_decidable
from calc_engine.domain.exception_desk import DeskItem
from calc_engine.domain.ledger import StatedFigures, posting_of
from calc_engine.domain.period import EarlierMonthOpen, Period, PeriodNotOpen, RunOutdated
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement import (
    AcceptedBlock,
    ApproverIsMaker,
    Statement,
    StatementChanged,
    StatementNotApprovable,
    StatementNotFound,
    TaxNotOk,
)
from calc_engine.domain.validation import ReportBlocks, require_accepted
from premia_common.contracts.fields import FileAddress
from premia_common.contracts.statements import StatementApproved
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month

REFUSALS = (
    StatementNotFound,
    PeriodNotOpen,
    StatementChanged,
    StatementNotApprovable,
    ApproverIsMaker,
    TaxNotOk,
    ReportBlocks,
    EarlierMonthOpen,
    RunOutdated,
)


@dataclass(frozen=True, slots=True)
class Approval:
    """A revision that somebody has read and approves."""

    statement_id: UUID
    revision: int
    digest: str
    accept_blocked: AcceptedBlock | None


async def approve_statement(
    work: CalcWork, approval: Approval, *, by: UUID, now: datetime, correlation_id: UUID
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
        ReportBlocks: if the latest run found what concerns the payee, or the whole run, and
            nobody accepted it.
        EarlierMonthOpen: if the month before was reopened.
        RunOutdated: if the month before was closed again since the period's latest run.
    """
    [result] = await approve_statements(
        work, [approval], by=by, now=now, correlation_id=correlation_id
    )
    if isinstance(result, Exception):
        raise result
    return result


async def approve_statements(
    work: CalcWork,
    approvals: Sequence[Approval],
    *,
    by: UUID,
    now: datetime,
    correlation_id: UUID,
) -> list[Statement | Exception]:
    """Approve what can be approved; return for each the statement, or why it was refused."""
    asked = {approval.statement_id for approval in approvals}
    # Periods are locked before statements, as a close does it: neither waits for the other.
    periods = {
        month: await work.periods.peek(month) for month in await work.statements.periods_of(asked)
    }
    found = {item.statement_id: item for item in await work.statements.locked(asked)}
    blocking = {month: await _open_blocking(work, month) for month in periods}
    undecidable = {month: await _why_undecidable(work, month) for month in periods}
    results: list[Statement | Exception] = []
    approved: list[Statement] = []
    for approval in approvals:
        try:
            statement = found.get(approval.statement_id)
            if statement is None:
                raise StatementNotFound(approval.statement_id)
            decided = _decided(statement, periods[statement.period], approval, by=by, at=now)
            if decided is not statement:
                _require_settled(statement, blocking[statement.period])
                if (why := undecidable[statement.period]) is not None:
                    raise why
        except REFUSALS as refusal:
            results.append(refusal)
            continue
        if decided is not statement:
            found[decided.statement_id] = decided
            approved.append(decided)
        results.append(decided)
    await work.statements.save_all(approved, by=by, at=now, reason=None)
    await _post(work, approved, now)
    for statement in approved:
        work.outbox.add(_announcement(work.tenant_id, statement, by, now, correlation_id))
    return results


def _decided(
    statement: Statement, period: Period, approval: Approval, *, by: UUID, at: datetime
) -> Statement:
    revision, digest = approval.revision, approval.digest
    if statement.is_approved_as(by=by, revision=revision, digest=digest):
        return statement
    period.require_open()
    return statement.approve(
        by=by, at=at, revision=revision, digest=digest, accept_blocked=approval.accept_blocked
    )


async def _why_undecidable(work: CalcWork, month: Month) -> Exception | None:
    try:
        await require_decidable(work, month)
    except (EarlierMonthOpen, RunOutdated) as refusal:
        return refusal
    return None


async def _open_blocking(work: CalcWork, month: Month) -> Sequence[DeskItem]:
    run = await work.runs.latest_of(month)
    return await work.exceptions.open_blocking(run) if run else ()


def _require_settled(statement: Statement, blocking: Sequence[DeskItem]) -> None:
    payee = str(statement.payee_id)
    require_accepted(item.code for item in blocking if item.payee_id in {None, payee})


async def _post(work: CalcWork, approved: Sequence[Statement], now: datetime) -> None:
    held = await work.ledger.held({statement.payee_id for statement in approved})
    accounts = await work.statements.accounts(approved)
    await work.ledger.post(
        [
            posting_of(
                StatedFigures(
                    total=statement.total,
                    brought_forward=statement.brought_forward,
                    payable=statement.payable,
                    carried_forward=statement.carried_forward,
                    held_before=held.get(
                        (statement.payee_id, statement.principal_id, statement.currency),
                        Money.zero(statement.currency),
                    ),
                    held_now=statement.held,
                    receivable=statement.receivable,
                    kept=statement.kept,
                    accounts=accounts.get(statement.statement_id, ()),
                    stated=statement.stated,
                ),
                statement_id=statement.statement_id,
                revision=statement.revision,
                payee_id=statement.payee_id,
                principal_id=statement.principal_id,
                period=str(statement.period),
                at=now,
            )
            for statement in approved
        ]
    )


def _announcement(
    tenant_id: UUID, statement: Statement, by: UUID, now: datetime, correlation_id: UUID
) -> StatementApproved:
    return StatementApproved(
        event_id=derive_id(
            "statement.approved", str(statement.statement_id), str(statement.revision)
        ),
        occurred_at=now,
        tenant_id=tenant_id,
        correlation_id=correlation_id,
        statement_id=statement.statement_id,
        revision=statement.revision,
        digest=statement.digest,
        payee_id=statement.payee_id,
        principal_id=statement.principal_id,
        period=str(statement.period),
        **figures_out(shown(statement)),
        lines=FileAddress(address=statement.lines_address, sha256=statement.lines_sha256),
        approved_by=by,
        approved_at=now,
    )
