"""Take a blocking exception on by name, so that statements can be approved in spite of it."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork
from calc_engine.domain.exception_desk import Acceptance, DeskItem, ExceptionNotFound
from calc_engine.domain.statement import ApproverIsMaker
from premia_common.periods import Month


async def accept_exception(
    work: CalcWork, *, period: Month, exception_id: UUID, reason: str, by: UUID, now: datetime
) -> DeskItem:
    """Take an exception of a period's latest run on; it stays accepted in later runs.

    Accepting it again changes nothing: the first name and reason stay.

    Raises:
        PeriodNotFound: if the tenant never opened the period.
        PeriodNotOpen: if it is closing or closed.
        ExceptionNotFound: if the latest run found no such exception.
        ApproverIsMaker: if the same person asked for the run.
    """
    (await work.periods.get(period)).require_open()
    run = await work.runs.latest_of(period)
    if run is None:
        raise ExceptionNotFound(exception_id)
    item = await work.exceptions.find(run, exception_id)
    if by == run.requested_by:
        raise ApproverIsMaker(f"run {run.run_id}")
    await work.exceptions.accept(run, [item], Acceptance(by, now, reason))
    return await work.exceptions.find(run, exception_id)
