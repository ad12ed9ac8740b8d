"""Routes of periods."""

from typing import Annotated

from fastapi import APIRouter, Response

from calc_engine.application.close_period import close_period, withdraw_close
from calc_engine.application.open_period import open_period
from calc_engine.application.ports import CalcWork
from calc_engine.application.reopen_period import decline_reopen, reopen_period
from calc_engine.domain.period import Period, PeriodStatus
from calc_engine.entrypoints.api.month_path import MonthPath
from calc_engine.entrypoints.api.period_schemas import (
    CloseIn,
    PeriodIn,
    PeriodOut,
    PeriodsOut,
    ReopenIn,
)
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import CorrelationId, NewIds, Now, OnceFor, OpenWorkOf, require
from premia_runtime.dependencies import etag as etag_of
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/periods", tags=["periods"])

Writer = Annotated[Caller, require("periods:write")]


def _headers(period: Period) -> dict[str, str]:
    return {"ETag": etag_of(period.version)}


@router.post(
    "",
    operation_id="open_period",
    summary="Open the tenant's first month",
    status_code=201,
    response_model=PeriodOut,
    responses=documented(409),
)
async def open_first(body: PeriodIn, caller: Writer, now: Now, once: OnceFor) -> Response:
    """Open the month the tenant goes live with; closing a month opens the next one."""

    async def effect(work: CalcWork) -> Period:
        return await open_period(work, month=Month.parse(body.month), by=caller.user_id, now=now)

    return await once(effect, answer=PeriodOut.of, status=201, headers=_headers)


@router.get(
    "", operation_id="list_periods", summary="List the tenant's months", responses=documented()
)
async def list_periods(
    *, caller: Annotated[Caller, require("statements:read")], open_work: OpenWorkOf
) -> PeriodsOut:
    """List all months, latest first."""
    async with open_work(caller.tenant_id) as work:
        return PeriodsOut(items=[PeriodOut.of(item) for item in await work.periods.listed()])


@router.post(
    "/{month}/close",
    operation_id="close_period",
    summary="Ask for a month's close, or confirm it as the second person",
    response_model=PeriodOut,
    responses=documented(404, 409),
)
async def close(
    *,
    month: MonthPath,
    body: CloseIn,
    caller: Annotated[Caller, require("statements:read")],
    now: Now,
    ids: NewIds,
    correlation_id: CorrelationId,
    once: OnceFor,
) -> Response:
    """Close a month in two calls by two people: the first asks, the second confirms.

    Every statement must be approved, or excluded with a reason.  The first call needs
    `periods:write`, the second `periods:approve`.
    """

    async def effect(work: CalcWork) -> Period:
        period = await work.periods.get(month)
        waiting = period.status is PeriodStatus.CLOSING
        caller.require("periods:approve" if waiting else "periods:write")
        return await close_period(
            work,
            month=month,
            exclude=body.exclusions(),
            by=caller.user_id,
            now=now,
            ids=ids,
            correlation_id=correlation_id,
        )

    return await once(effect, answer=PeriodOut.of, headers=_headers)


@router.post(
    "/{month}/withdraw-close",
    operation_id="withdraw_period_close",
    summary="Take a requested close back",
    response_model=PeriodOut,
    responses=documented(404, 409),
)
async def withdraw(month: MonthPath, caller: Writer, now: Now, once: OnceFor) -> Response:
    """Open a closing month again, so that it can be calculated."""

    async def effect(work: CalcWork) -> Period:
        return await withdraw_close(work, month=month, by=caller.user_id, now=now)

    return await once(effect, answer=PeriodOut.of, headers=_headers)


@router.post(
    "/{month}/reopen",
    operation_id="reopen_period",
    summary="Ask for a closed month's reopening, or approve it as the second person",
    response_model=PeriodOut,
    responses=documented(404, 409),
)
async def reopen(
    *,
    month: MonthPath,
    body: ReopenIn,
    caller: Annotated[Caller, require("statements:read")],
    now: Now,
    ids: NewIds,
    correlation_id: CorrelationId,
    once: OnceFor,
) -> Response:
    """Open the last closed month again in two calls by two people: the first asks, with a reason.

    It may then be calculated in place: whoever has no approved statement in it gets one there.
    Statements approved already stay, and what differs in them is a restatement of the next month,
    whose statements are decided only after this one is closed again.  The first call needs
    `periods:write`, the second `periods:approve`.
    """

    async def effect(work: CalcWork) -> Period:
        period = await work.periods.get(month)
        waiting = period.status is PeriodStatus.REOPENING
        caller.require("periods:approve" if waiting else "periods:write")
        return await reopen_period(
            work,
            month=month,
            reason=body.reason,
            by=caller.user_id,
            now=now,
            ids=ids,
            correlation_id=correlation_id,
        )

    return await once(effect, answer=PeriodOut.of, headers=_headers)


@router.post(
    "/{month}/decline-reopen",
    operation_id="decline_period_reopen",
    summary="Leave a month closed that somebody asked to reopen",
    response_model=PeriodOut,
    responses=documented(404, 409),
)
async def decline(
    *,
    month: MonthPath,
    caller: Annotated[Caller, require("periods:approve")],
    now: Now,
    once: OnceFor,
) -> Response:
    """Leave the month closed; whoever asked for the reopening cannot decide it."""

    async def effect(work: CalcWork) -> Period:
        return await decline_reopen(work, month=month, by=caller.user_id, now=now)

    return await once(effect, answer=PeriodOut.of, headers=_headers)
