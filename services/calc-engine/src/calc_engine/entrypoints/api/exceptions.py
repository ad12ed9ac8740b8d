"""Routes of the exception desk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from calc_engine.application.accept_exception import accept_exception
from calc_engine.application.ports import CalcWork
from calc_engine.application.tell_payees import groups_told, items_told
from calc_engine.domain.exception_desk import DeskItem, ExceptionStatus
from calc_engine.domain.run import Run
from calc_engine.entrypoints.api.exception_schemas import (
    AcceptIn,
    ExceptionCauseOut,
    ExceptionCausesOut,
    ExceptionOut,
    ExceptionPageOut,
)
from calc_engine.entrypoints.api.month_path import PeriodQuery
from calc_engine.entrypoints.api.run_schemas import NO_NUL
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    Now,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/exceptions", tags=["exceptions"])

Reader = Annotated[Caller, require("runs:read")]


async def _latest(work: CalcWork, period: Month | None) -> Run | None:
    """Return the run whose findings count: of a period, or of the latest one."""
    known = await work.periods.listed()
    month = period or (known[0].month if known else None)
    return await work.runs.latest_of(month) if month else None


@router.get(
    "",
    operation_id="list_exceptions",
    summary="What a person must look at",
    responses=documented(404),
)
async def list_exceptions(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    period: PeriodQuery,
    page: Annotated[PageRequest, page_of("exceptions")],
    code: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
    payee_id: Annotated[UUID | None, Query(description="Whom it touches.")] = None,
    status: Annotated[
        ExceptionStatus | None, Query(description="Without it those open and those accepted.")
    ] = None,
) -> ExceptionPageOut:
    """List what a period's latest run found, with whom and how much it affects.

    An exception is settled when the next run finds its cause repaired.  Facts that came twice with
    different content are on the first page.  Without `period` the latest period counts.
    """
    payee = str(payee_id) if payee_id else None
    after = page.after[0] if page.after else None
    async with open_work(caller.tenant_id) as work:
        run = await _latest(work, period)
        if run is None:
            found: list[DeskItem] = []
        elif status is ExceptionStatus.SETTLED:
            since = UUID(after) if after else None
            found = await work.exceptions.settled(
                run, code=code, payee_id=payee, after=since, limit=page.limit + 1
            )
        else:
            found = await work.exceptions.listed(
                run,
                code=code,
                status=status,
                payee_id=payee,
                after=int(after or 0),
                limit=page.limit + 1,
            )
        shows_conflicts = not page.after and payee is None
        shows_conflicts = shows_conflicts and status in {None, ExceptionStatus.OPEN}
        conflicts = await work.exceptions.conflicts(page.limit) if shows_conflicts else ()
        shown = found[: page.limit]
        items = await items_told(
            work, [*(item for item in conflicts if code in {None, item.code}), *shown]
        )
    cursor = None
    if len(found) > page.limit:
        last = shown[-1]
        place = last.exception_id if status is ExceptionStatus.SETTLED else last.number
        cursor = runtime.cursors.write("exceptions", place)
    return ExceptionPageOut(
        run_id=run.run_id if run else None,
        items=[ExceptionOut.of(item) for item in items],
        next_cursor=cursor,
    )


@router.get(
    "/causes",
    operation_id="list_exception_causes",
    summary="What a person must look at, by cause",
    responses=documented(404),
)
async def list_causes(
    *, caller: Reader, open_work: OpenWorkOf, period: PeriodQuery
) -> ExceptionCausesOut:
    """List the causes that a period's latest run found: how many, whom, how much, what to do."""
    async with open_work(caller.tenant_id) as work:
        run = await _latest(work, period)
        groups = await groups_told(work, await work.exceptions.groups(run)) if run else ()
    return ExceptionCausesOut(
        run_id=run.run_id if run else None, items=[ExceptionCauseOut.of(group) for group in groups]
    )


@router.post(
    "/{exception_id}/accept",
    operation_id="accept_exception",
    summary="Take an exception on by name",
    response_model=ExceptionOut,
    responses=documented(404, 409),
)
async def accept(
    *,
    exception_id: UUID,
    body: AcceptIn,
    caller: Annotated[Caller, require("statements:approve")],
    now: Now,
    once: OnceFor,
) -> Response:
    """Take an exception of a period's latest run on, so that it blocks no statement any more.

    Whoever asked for the run cannot accept what it found.
    """

    async def effect(work: CalcWork) -> DeskItem:
        accepted = await accept_exception(
            work,
            period=Month.parse(body.period),
            exception_id=exception_id,
            reason=body.reason,
            by=caller.user_id,
            now=now,
        )
        [told] = await items_told(work, [accepted])
        return told

    return await once(effect, answer=ExceptionOut.of)
