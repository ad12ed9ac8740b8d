"""Cancel a run that has not ended."""

from datetime import datetime
from uuid import UUID

from calc_engine.application.ports import CalcWork
from calc_engine.domain.run import Run, RunNotCancellable, RunStatus


async def cancel_run(work: CalcWork, *, run_id: UUID, by: UUID, now: datetime) -> Run:
    """End a run without a result; cancelling it again changes nothing.

    The run has ended when this commits, and its period is free for another one.  A worker that
    still calculates it notices within a second and stops; a result that is ready by then finds
    the run ended and is dropped.

    Raises:
        RunNotFound: if the tenant has no such run.
        RunNotCancellable: if it has completed or failed.
    """
    run = await work.runs.begin(run_id)
    if run.status is RunStatus.CANCELLED:
        return run
    if run.status.has_ended:
        raise RunNotCancellable(run_id, run.status)
    await work.runs.cancel(run_id, by=by, at=now)
    return await work.runs.get(run_id)
