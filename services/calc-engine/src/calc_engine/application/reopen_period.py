"""Open a closed month again: one person asks with a reason, another approves.

A reopened month is calculated in place: whoever has no approved statement in it gets one there.
Statements approved already stay, and what differs in them is a restatement of the next month.
"""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.period import (
    EarlierMonthOpen,
    Period,
    PeriodNotReopenable,
    PeriodStatus,
    RunOutdated,
)
from calc_engine.domain.statement import StatementStatus
from premia_common.contracts.statements import PeriodReopened
from premia_common.periods import Month


async def request_reopen(
    work: CalcWork, *, month: Month, reason: str, by: UUID, now: datetime
) -> Period:
    """Ask for a closed month to be opened again.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotClosed: if it is not closed.
        PeriodNotReopenable: if a later month is closed, or has an approved statement.
    """
    period = await work.periods.get(month)
    asked = period.request_reopen(by=by, reason=reason)
    await _require_nothing_later(work, month)
    await work.periods.save(asked, by=by, at=now, reason=reason, requested_by=by)
    return asked


async def confirm_reopen(
    work: CalcWork, *, month: Month, by: UUID, now: datetime, ids: Ids, correlation_id: UUID
) -> Period:
    """Open the month again and announce it.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotClosed: if nobody asked for it.
        ApproverIsMaker: if the same person asked for it.
        PeriodNotReopenable: if a later month is closed, or has an approved statement.
    """
    asked = await work.periods.get(month)
    reopened = asked.confirm_reopen(by=by)
    await _require_nothing_later(work, month)
    requested_by, reason = asked.reopen_requested_by, asked.reopen_reason
    await work.periods.save(reopened, by=by, at=now, reason=reason, requested_by=requested_by)
    if requested_by is not None:
        work.outbox.add(
            PeriodReopened(
                event_id=ids.new(),
                occurred_at=now,
                tenant_id=work.tenant_id,
                correlation_id=correlation_id,
                period=str(month),
                reopened_at=now,
                requested_by=requested_by,
                approved_by=by,
                reason=reason or "",
            )
        )
    return reopened


async def decline_reopen(work: CalcWork, *, month: Month, by: UUID, now: datetime) -> Period:
    """Leave the month closed.

    Raises:
        PeriodNotFound: if the tenant never opened the month.
        PeriodNotClosed: if nobody asked for a reopening.
        ApproverIsMaker: if the same person asked for it.
    """
    asked = await work.periods.get(month)
    declined = asked.decline_reopen(by=by)
    await work.periods.save(
        declined, by=by, at=now, reason="reopening declined", requested_by=asked.reopen_requested_by
    )
    return declined


async def reopen_period(
    work: CalcWork,
    *,
    month: Month,
    reason: str,
    by: UUID,
    now: datetime,
    ids: Ids,
    correlation_id: UUID,
) -> Period:
    """Ask for a closed month to be reopened, or approve what another person asked for."""
    period = await work.periods.get(month)
    if period.status is PeriodStatus.REOPENING:
        return await confirm_reopen(
            work, month=month, by=by, now=now, ids=ids, correlation_id=correlation_id
        )
    return await request_reopen(work, month=month, reason=reason, by=by, now=now)


async def require_decidable(work: CalcWork, month: Month) -> None:
    """Do nothing if the month's statements rest on a month before that is closed for good.

    While an earlier month is open again its lines may be paid there, so nothing of this month is
    decided; afterwards this month is calculated again, or a line would be paid twice.

    Raises:
        EarlierMonthOpen: if the month before is not closed.
        RunOutdated: if it was closed after the latest run of this month was asked for.
    """
    earlier = await work.periods.before(month)
    if earlier is None:
        return
    if earlier.status is not PeriodStatus.CLOSED or earlier.closed_at is None:
        raise EarlierMonthOpen(month, earlier.month)
    latest = await work.runs.latest_of(month)
    if latest is not None and latest.requested_at < earlier.closed_at:
        raise RunOutdated(month, earlier.month)


async def _require_nothing_later(work: CalcWork, month: Month) -> None:
    following = await work.periods.get(month.next())
    if following.status is not PeriodStatus.OPEN:
        raise PeriodNotReopenable(month, f"{following.month} is {following.status.value}")
    approved = sum(
        statement.status is StatementStatus.APPROVED
        for statement in await work.statements.of_period(following.month)
    )
    if approved:
        raise PeriodNotReopenable(
            month, f"{approved} statements of {following.month} are approved and rest on it"
        )
