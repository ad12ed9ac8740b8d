"""Routes of runs, their reports and replays."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from calc_engine.application.cancel_run import cancel_run
from calc_engine.application.ports import CalcWork
from calc_engine.application.start_run import start_replay, start_run
from calc_engine.application.submit_run import submit_run
from calc_engine.domain.run import Replay, Run
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.month_path import PeriodQuery
from calc_engine.entrypoints.api.run_schemas import (
    ManifestOut,
    ReplayOut,
    ReportOut,
    RunIn,
    RunOut,
    RunPageOut,
    SubmitIn,
    SubmittedOut,
)
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    CorrelationId,
    NewIds,
    Now,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/runs", tags=["runs"])

Reader = Annotated[Caller, require("runs:read")]
Writer = Annotated[Caller, require("runs:write")]


def _at(run: Run) -> dict[str, str]:
    return {"Location": f"/v1/runs/{run.run_id}"}


def _replay_at(replay: Replay) -> dict[str, str]:
    return {"Location": f"/v1/runs/{replay.run_id}/replays/{replay.replay_id}"}


@router.post(
    "",
    operation_id="start_run",
    summary="Calculate a period",
    status_code=202,
    response_model=RunOut,
    responses=documented(404, 409),
)
async def start(
    *,
    body: RunIn,
    caller: Writer,
    now: Now,
    ids: NewIds,
    correlation_id: CorrelationId,
    ports: CalcPorts,
    once: OnceFor,
) -> Response:
    """Queue a run of an open period, or an inquiry into any; `Location` tells its progress."""

    async def effect(work: CalcWork) -> Run:
        return await start_run(
            work,
            kind=body.run_kind(),
            period=Month.parse(body.period),
            as_known_at=body.known_at(ports.time_zone),
            wait_seconds=body.wait_seconds,
            everything=body.everything,
            by=caller.user_id,
            now=now,
            ids=ids,
            correlation_id=correlation_id,
        )

    return await once(effect, answer=RunOut.of, status=202, headers=_at)


@router.get("", operation_id="list_runs", summary="List runs", responses=documented())
async def list_runs(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    period: PeriodQuery,
    page: Annotated[PageRequest, page_of("runs")],
) -> RunPageOut:
    """List runs, latest first."""
    after = (datetime.fromisoformat(page.after[0]), UUID(page.after[1])) if page.after else None
    async with open_work(caller.tenant_id) as work:
        runs = await work.queries.runs(period=period, after=after, limit=page.limit + 1)
    shown = runs[: page.limit]
    cursor = None
    if len(runs) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write("runs", last.requested_at.isoformat(), last.run_id)
    return RunPageOut(items=[RunOut.of(run) for run in shown], next_cursor=cursor)


@router.get("/{run_id}", operation_id="get_run", summary="Look at a run", responses=documented(404))
async def get_run(run_id: UUID, caller: Reader, open_work: OpenWorkOf) -> RunOut:
    """Show how far a run is and what it gave."""
    async with open_work(caller.tenant_id) as work:
        return RunOut.of(await work.runs.get(run_id))


@router.post(
    "/{run_id}/cancel",
    operation_id="cancel_run",
    summary="End a run without a result",
    response_model=RunOut,
    responses=documented(404, 409),
)
async def cancel(run_id: UUID, caller: Writer, now: Now, once: OnceFor) -> Response:
    """Cancel a queued or running run: it has ended with this answer, and its period is free."""

    async def effect(work: CalcWork) -> Run:
        return await cancel_run(work, run_id=run_id, by=caller.user_id, now=now)

    return await once(effect, answer=RunOut.of)


@router.get(
    "/{run_id}/manifest",
    operation_id="get_run_manifest",
    summary="Everything a run read, by digest",
    responses=documented(404, 409),
)
async def get_manifest(
    *, run_id: UUID, caller: Reader, open_work: OpenWorkOf, ports: CalcPorts
) -> ManifestOut:
    """Show the manifest of a completed run; its files alone give the result again."""
    async with open_work(caller.tenant_id) as work:
        result = (await work.runs.get(run_id)).completed()
    content = await ports.files.read_json(
        caller.tenant_id, result.manifest_address, result.manifest_digest
    )
    return ManifestOut(digest=result.manifest_digest, manifest=dict(content))


@router.get(
    "/{run_id}/validation-report",
    operation_id="get_validation_report",
    summary="What to know before statements go to review",
    responses=documented(404, 409),
)
async def get_report(run_id: UUID, caller: Reader, open_work: OpenWorkOf) -> ReportOut:
    """Show exceptions, zero and unusual statements, and the control totals of a run."""
    async with open_work(caller.tenant_id) as work:
        report = await work.runs.report(run_id)
        blocking = await work.exceptions.open_blocking(await work.runs.get(run_id))
    return ReportOut.of(report, {item.code for item in blocking})


@router.post(
    "/{run_id}/submit",
    operation_id="submit_run",
    summary="Send a run's draft statements to review",
    response_model=SubmittedOut,
    responses=documented(404, 409),
)
async def submit(
    *,
    run_id: UUID,
    body: SubmitIn,
    caller: Annotated[Caller, require("statements:submit")],
    now: Now,
    once: OnceFor,
) -> Response:
    """Move the drafts of the latest run to review; blocking exceptions are accepted by name."""

    async def effect(work: CalcWork) -> tuple[UUID, ...]:
        return await submit_run(
            work,
            run_id=run_id,
            accept_exceptions={item.code: item.reason for item in body.accept},
            by=caller.user_id,
            now=now,
        )

    def answer(submitted: tuple[UUID, ...]) -> SubmittedOut:
        return SubmittedOut(run_id=run_id, statements=list(submitted))

    return await once(effect, answer=answer)


@router.post(
    "/{run_id}/replays",
    operation_id="start_replay",
    summary="Calculate a run again from its manifest",
    status_code=202,
    response_model=ReplayOut,
    responses=documented(404, 409),
)
async def replay(run_id: UUID, caller: Writer, now: Now, ids: NewIds, once: OnceFor) -> Response:
    """Queue a replay: only the files of the manifest are opened, and the digests compared."""

    async def effect(work: CalcWork) -> Replay:
        return await start_replay(work, run_id=run_id, by=caller.user_id, now=now, ids=ids)

    return await once(effect, answer=ReplayOut.of, status=202, headers=_replay_at)


@router.get(
    "/{run_id}/replays/{replay_id}",
    operation_id="get_replay",
    summary="Look at a replay",
    responses=documented(404),
)
async def get_replay(
    *, run_id: UUID, replay_id: UUID, caller: Reader, open_work: OpenWorkOf
) -> ReplayOut:
    """Show whether a replay gave the same digest."""
    async with open_work(caller.tenant_id) as work:
        return ReplayOut.of(await work.runs.get_replay(run_id, replay_id))
