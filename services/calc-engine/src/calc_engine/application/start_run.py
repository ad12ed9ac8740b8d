"""Ask for a calculation run of a period, or for a replay of one that completed."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork, Ids
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import Replay, Run, RunInProgress, RunKind, RunStatus
from premia_common.periods import Month


async def start_run(
    work: CalcWork,
    *,
    kind: RunKind,
    period: Month,
    as_known_at: datetime | None,
    wait_seconds: int,
    everything: bool,
    by: UUID,
    now: datetime,
    ids: Ids,
    correlation_id: UUID,
) -> Run:
    """Queue a run; a worker picks it up.

    An inquiry looks at any month that was ever opened, beside whatever else runs.  With
    `everything` a run does not go on from the period's last one.

    Raises:
        PeriodNotFound: if the tenant never opened the period.
        PeriodNotOpen: if it is closing or closed, and the run is not an inquiry.
        RunInProgress: if a run of the period has not ended, likewise.
    """
    if kind is RunKind.INQUIRY:
        await work.periods.peek(period)
    else:
        (await work.periods.get(period)).require_open()
        running = await work.runs.running_in(period)
        if running is not None:
            raise RunInProgress(period, running)
    run = Run(
        run_id=ids.new(),
        kind=kind,
        period=period,
        as_known_at=as_known_at,
        wait_seconds=wait_seconds,
        everything=everything,
        requested_by=by,
        requested_at=now,
        correlation_id=correlation_id,
        status=RunStatus.QUEUED,
        version=1,
        stage=Stage("queued", 0),
        attempts=0,
        failure=None,
        result=None,
    )
    await work.runs.add(run)
    return run


async def start_replay(
    work: CalcWork, *, run_id: UUID, by: UUID, now: datetime, ids: Ids
) -> Replay:
    """Queue a replay: the run's files are opened, calculated again, and the digests compared.

    Raises:
        RunNotFound: if the tenant has no such run.
        RunNotComplete: if the run has no result to compare with.
    """
    run = await work.runs.get(run_id)
    result = run.completed()
    replay = Replay(ids.new(), run_id, by, now, RunStatus.QUEUED, None, None, result.result_digest)
    await work.runs.add_replay(replay)
    return replay
