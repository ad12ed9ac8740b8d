"""Send the draft statements of a run to review."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork
from calc_engine.application.reopen_period import require_decidable
from calc_engine.domain.exception_desk import Acceptance
from calc_engine.domain.run import Run, RunKind, RunNotLatest, RunOnlyLooks
from calc_engine.domain.statement import StatementStatus
from calc_engine.domain.validation import require_accepted


async def submit_run(
    work: CalcWork,
    *,
    run_id: UUID,
    accept_exceptions: Mapping[str, str],
    by: UUID,
    now: datetime,
) -> tuple[UUID, ...]:
    """Move every draft the run stands for to review, and return which.

    Statements in review or approved already stay as they are, so a repeat changes nothing.

    Args:
        work: the open transaction.
        run_id: the latest complete run of its period.
        accept_exceptions: blocking exception codes that are taken on, each with a reason.
        by: who submits.
        now: when.

    Raises:
        RunNotFound: if the tenant has no such run.
        RunNotComplete: if it has no result.
        RunOnlyLooks: if it is an inquiry.
        RunNotLatest: if a later run has replaced it.
        PeriodNotOpen: if its period is closing or closed.
        EarlierMonthOpen: if the month before was reopened.
        RunOutdated: if the month before was closed again since.
        ReportBlocks: if blocking exceptions are neither settled nor accepted.
    """
    run = await work.runs.get(run_id)
    run.completed()
    if run.kind is RunKind.INQUIRY:
        raise RunOnlyLooks(run_id)
    latest = await work.runs.latest_of(run.period)
    if latest is None or latest.run_id != run_id:
        raise RunNotLatest(run_id, latest.run_id if latest else None)
    (await work.periods.get(run.period)).require_open()
    await require_decidable(work, run.period)
    await _take_on(work, run, accept_exceptions, by=by, now=now)
    standing = await work.runs.statements_of(run_id)
    submitted = [
        statement.submit(by=by)
        for statement in await work.statements.of_period(run.period)
        if statement.status is StatementStatus.DRAFT
        and standing.get(statement.statement_id) == statement.revision
    ]
    reasons = [f"{code}: {reason}" for code, reason in sorted(accept_exceptions.items())]
    await work.statements.save_all(
        submitted, by=by, at=now, reason="accepted " + "; ".join(reasons) if reasons else None
    )
    return tuple(statement.statement_id for statement in submitted)


async def _take_on(
    work: CalcWork, run: Run, accepted: Mapping[str, str], *, by: UUID, now: datetime
) -> None:
    """Keep the acceptances that come with a submission, and refuse what remains."""
    blocking = await work.exceptions.open_blocking(run)
    require_accepted(item.code for item in blocking if not accepted.get(item.code))
    for code, reason in accepted.items():
        items = [item for item in blocking if item.code == code]
        await work.exceptions.accept(run, items, Acceptance(by, now, reason))
