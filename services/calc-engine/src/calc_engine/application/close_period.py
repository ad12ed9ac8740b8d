"""Close a month: one person asks, another confirms, and the next month opens."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, Ids
from calc_engine.application.post_accruals import post_accruals
from calc_engine.application.reopen_period import require_decidable
from calc_engine.domain.period import (
    Exclusion,
    Period,
    PeriodNotClosable,
    PeriodStatus,
    RunStillRunning,
)
from calc_engine.domain.statement import StatementStatus
from premia_common.contracts.statements import PeriodClosed
from premia_common.periods import Month


async def request_close(
    work: CalcWork, *, month: Month, exclude: tuple[Exclusion, ...], by: UUID, now: datetime
) -> Period:
    """Ask for a month to be closed; nothing is calculated in it until it is decided.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotOpen: if it is closing or closed.
        RunStillRunning: if one of its runs has not ended.
        PeriodNotClosable: if a statement is neither approved nor excluded.
    """
    period = await work.periods.get(month)
    closing = period.request_close(by=by, exclude=exclude)
    await _require_closable(work, closing)
    await work.periods.save(closing, by=by, at=now, reason=None, requested_by=by)
    return closing


async def confirm_close(
    work: CalcWork, *, month: Month, by: UUID, now: datetime, ids: Ids, correlation_id: UUID
) -> Period:
    """Close the month, accrue what is not payable yet, open the next one, and announce it all.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotOpen: if nobody asked for its close.
        ApproverIsMaker: if the same person asked for it.
        PeriodNotClosable: if a statement is neither approved nor excluded.
        EarlierMonthOpen: if the month before was reopened.
    """
    period = await work.periods.get(month)
    closed = period.confirm_close(by=by, at=now)
    await require_decidable(work, month)
    await _require_closable(work, closed)
    await work.periods.save(
        closed, by=by, at=now, reason=None, requested_by=period.close_requested_by
    )
    await post_accruals(work, period=month, by=by, now=now, ids=ids, correlation_id=correlation_id)
    await work.periods.open(month.next(), by=by, at=now)
    work.outbox.add(
        PeriodClosed(
            event_id=ids.new(),
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            period=str(month),
            closed_at=now,
        )
    )
    return closed


async def withdraw_close(work: CalcWork, *, month: Month, by: UUID, now: datetime) -> Period:
    """Take a requested close back: the month is open again.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotOpen: if nobody asked for its close.
    """
    period = (await work.periods.get(month)).withdraw_close()
    await work.periods.save(period, by=by, at=now, reason="close withdrawn", requested_by=None)
    return period


async def close_period(
    work: CalcWork,
    *,
    month: Month,
    exclude: tuple[Exclusion, ...],
    by: UUID,
    now: datetime,
    ids: Ids,
    correlation_id: UUID,
) -> Period:
    """Ask for the close of an open month, or confirm the close another person asked for."""
    period = await work.periods.get(month)
    if period.status is PeriodStatus.CLOSING:
        return await confirm_close(
            work, month=month, by=by, now=now, ids=ids, correlation_id=correlation_id
        )
    return await request_close(work, month=month, exclude=exclude, by=by, now=now)


async def _require_closable(work: CalcWork, period: Period) -> None:
    running = await work.runs.running_in(period.month)
    if running is not None:
        raise RunStillRunning(period.month, running)
    excluded = {item.statement_id for item in period.excluded}
    waiting = tuple(
        statement.statement_id
        for statement in await work.statements.of_period(period.month)
        if statement.status is not StatementStatus.APPROVED
        and statement.statement_id not in excluded
    )
    if waiting:
        raise PeriodNotClosable(period.month, waiting)
