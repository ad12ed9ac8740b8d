"""The worker process: takes jobs, keeps their leases, ends them."""

import asyncio
import contextlib

from calc_engine.application.jobs import LEASE, Job, JobQueue
from calc_engine.entrypoints.calculation_job import CalculationJobs
from premia_runtime.clock import Clock
from premia_runtime.logging import get_logger

IDLE_SECONDS = 0.3
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = get_logger(__name__)


class Worker:
    """Works on one job at a time until it is told to stop."""

    def __init__(self, queue: JobQueue, jobs: CalculationJobs, clock: Clock) -> None:
        self._queue = queue
        self._jobs = jobs
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End after the job at hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped; outages are waited out."""
        while not self._stopping.is_set():
            try:
                worked = await self.work_once()
            except Exception as error:  # noqa: BLE001 - an outage must not end the worker
                _log.warning("worker pauses", error=repr(error)[:500])
                await self._pause(PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if not worked:
                await self._pause(IDLE_SECONDS)

    async def work_once(self) -> bool:
        """Work on the oldest waiting job and say whether there was one.

        Raises:
            Exception: what passes by itself; the job has been given back.
        """
        job = await self._queue.claim(self._clock.now())
        if job is None:
            return False
        log = _log.bind(job_id=str(job.job_id), run_id=str(job.run_id), attempts=job.attempts)
        log.info("job begins", tenant_id=str(job.tenant_id))
        heartbeat = asyncio.create_task(self._keep(job))
        try:
            await self._jobs.work_on(job)
        except BaseException:
            # Also when the process stops: another worker takes the job at once.
            await asyncio.shield(self._queue.release(job))
            raise
        finally:
            heartbeat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await heartbeat
        await self._queue.finish(job)
        log.info("job ended")
        return True

    async def _keep(self, job: Job) -> None:
        """Extend the lease three times within its length."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with contextlib.suppress(Exception):
                await self._queue.extend(job, self._clock.now())

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
