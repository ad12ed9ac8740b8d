"""Work on one job: calculate a run, or replay one from its manifest."""

import asyncio
import contextlib
import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from calc_engine.application import ports
from calc_engine.application.calculate import PlanNotUsable, Scope, calculate_outcome
from calc_engine.application.complete_run import complete_run
from calc_engine.application.file_ports import FileDamaged, RunFiles
from calc_engine.application.jobs import MOST_ATTEMPTS, Job
from calc_engine.application.keep_result import keep_result, read_baseline
from calc_engine.application.not_calculable import NotCalculable
from calc_engine.application.ports import CalcWork, Engines
from calc_engine.application.prepare_run import (
    MissingEvents,
    Prepared,
    prepare_run,
    wait_for_sources,
)
from calc_engine.domain.baseline import Baseline
from calc_engine.domain.fact import known_until
from calc_engine.domain.outcome import Outcome
from calc_engine.domain.progress import Stage
from calc_engine.domain.run import Manifest, Run, RunCancelled, RunKind, RunStatus, Segment
from calc_engine.domain.validation import Thresholds
from calc_engine.entrypoints.cancellation import Cancelled, unless_cancelled
from calc_engine.entrypoints.own_thread import in_own_thread
from calc_engine.entrypoints.progress import Progress
from calc_engine.entrypoints.simulation_job import SimulationJobs
from premia_runtime.clock import Clock
from premia_runtime.faults import fault_point
from premia_runtime.logging import get_logger
from premia_runtime.work import OpenWork, in_work

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CalculationJobs:
    """Works on jobs with these ports."""

    open_work: OpenWork[Any]
    transactions: ports.OpenWork
    files: RunFiles
    engines: Engines
    clock: Clock
    thresholds: Thresholds
    missing_events: MissingEvents
    simulations: SimulationJobs

    async def work_on(self, job: Job) -> None:
        """Do the job to its end; doing it again after a crash gives the same result.

        Raises:
            Exception: what passes by itself, such as a lost connection; the job comes again.
        """
        with collector_paused():
            if job.kind == "simulation":
                await self.simulations.work_on(job)
            else:
                await self._work_on(job)

    async def _work_on(self, job: Job) -> None:
        gave_up = f"gave up after {MOST_ATTEMPTS} attempts; see the worker's log"
        if job.kind == "replay":
            if job.attempts > MOST_ATTEMPTS:
                await self._end_replay(job, RunStatus.FAILED, None, gave_up)
            else:
                await self._replay(job)
            return
        now = self.clock.now()
        run = await in_work(
            self.open_work, job.tenant_id, lambda work: work.runs.attempt(job.run_id, at=now)
        )
        if run.status.has_ended:
            return
        if job.attempts > MOST_ATTEMPTS:
            await self._fail(job, gave_up)
            return
        try:
            await unless_cancelled(
                self._calculate(job.tenant_id, run), partial(self._is_cancelled, run, job.tenant_id)
            )
        except (Cancelled, RunCancelled):
            _log.info("run cancelled", run_id=str(run.run_id))
        except (PlanNotUsable, NotCalculable, FileDamaged) as error:
            await self._fail(job, str(error))
        except (KeyError, ValueError, ArithmeticError) as error:
            _log.error("run failed", run_id=str(run.run_id), exc_info=error)
            await self._fail(job, f"{type(error).__name__}: {error}")

    async def _is_cancelled(self, run: Run, tenant_id: UUID) -> bool:
        async with self.open_work(tenant_id) as work:
            now: Run = await work.runs.get(run.run_id)
        return now.status is RunStatus.CANCELLED

    async def _calculate(self, tenant_id: UUID, run: Run) -> None:
        await wait_for_sources(
            self.transactions,
            tenant_id,
            run.wait_seconds,
            missing_events=self.missing_events,
        )
        progress = Progress(self.open_work, self.clock, tenant_id, run.run_id)
        await progress(Stage("sealing facts", 5))
        prepared = await prepare_run(
            run,
            tenant_id=tenant_id,
            open_work=self.transactions,
            files=self.files,
            now=self.clock.now(),
            engines=self.engines,
        )
        fault_point("run.sealed")
        if prepared.renewed is not None:
            await progress(Stage("storing", 80))
            await self._store(tenant_id, prepared, prepared.renewed.outcome)
            return
        await progress(Stage("reading segments", 10, 0, len(prepared.segments)))
        scope = Scope(tenant_id, run.period, prepared.go_live)
        outcome = await self._outcome(
            prepared.segments, prepared.baseline, scope, run.as_known_at, progress
        )
        await progress(Stage("storing", 80))
        await self._store(tenant_id, prepared, outcome)

    async def _outcome(
        self,
        segments: tuple[Segment, ...],
        baseline: Baseline,
        scope: Scope,
        as_known_at: datetime | None,
        progress: Progress | None,
        *,
        recorded: Mapping[str, str] | None = None,
    ) -> Outcome:
        facts = await self.files.read_segments(scope.tenant_id, segments)
        say = progress.from_thread(asyncio.get_running_loop()) if progress else _nobody_listens
        known = list(known_until(facts, as_known_at))
        return await in_own_thread(
            lambda: calculate_outcome(
                known, baseline, scope, self.engines, say=say, recorded=recorded
            )
        )

    async def _store(self, tenant_id: UUID, prepared: Prepared, outcome: Outcome) -> None:
        run_id = prepared.run.run_id
        nodes = await self.files.put_nodes(tenant_id, run_id, outcome.nodes)
        unpaid = [line for line in outcome.lines if line.what in {"held", "not_paid"}]
        lines = await self.files.put_lines(tenant_id, run_id, outcome.proposals, unpaid)
        base = prepared.renewed.base if prepared.renewed else None
        kept = {"nodes": (nodes.address, nodes.sha256)}
        if prepared.run.kind is RunKind.PERIOD:
            kept |= await keep_result(self.files, tenant_id, run_id, outcome, prepared.baseline)
        manifest = Manifest(
            run_id=run_id,
            period=prepared.run.period,
            go_live=prepared.go_live,
            engines=outcome.engines,
            as_known_at=prepared.run.as_known_at,
            segments=prepared.segments,
            baseline_address=prepared.baseline_file.address,
            baseline_sha256=prepared.baseline_file.sha256,
            plans=outcome.plans,
            waited_for=prepared.waited_for,
            not_waited_for=prepared.not_waited_for,
            result_digest=outcome.digest,
            approved=prepared.approved,
            posted_in=prepared.renewed.posted_in if prepared.renewed else None,
            base=base,
            kept=kept,
            code=self.engines.code,
        )
        stored = await self.files.put_json(tenant_id, run_id, "manifest", manifest.to_bytes())

        async def finish(work: CalcWork) -> None:
            await complete_run(
                work,
                prepared=prepared,
                outcome=outcome,
                manifest=manifest,
                manifest_file=stored,
                nodes=nodes,
                lines=lines,
                now=self.clock.now(),
                thresholds=self.thresholds,
            )
            fault_point("run.stored.before_complete")

        await in_work(self.open_work, tenant_id, finish)

    async def _replay(self, job: Job) -> None:
        """Calculate from the files that the manifest names, and from nothing else."""
        try:
            async with self.open_work(job.tenant_id) as work:
                result = (await work.runs.get(job.run_id)).completed()
            content = await self.files.read_json(
                job.tenant_id, result.manifest_address, result.manifest_digest
            )
            manifest = Manifest.read(content)
            baseline = await read_baseline(self.files, job.tenant_id, manifest)
            scope = Scope(job.tenant_id, manifest.period, manifest.go_live)
            outcome = await self._outcome(
                manifest.segments,
                baseline,
                scope,
                manifest.as_known_at,
                None,
                recorded=manifest.engines,
            )
        except (
            LookupError,
            ValueError,
            ArithmeticError,
            PlanNotUsable,
            NotCalculable,
            FileDamaged,
        ) as error:
            _log.error("replay failed", run_id=str(job.run_id), exc_info=error)
            reason = f"{type(error).__name__}: {error}"[:1000]
            await self._end_replay(job, RunStatus.FAILED, None, reason)
        else:
            await self._end_replay(job, RunStatus.COMPLETED, outcome.digest, None)

    async def _end_replay(
        self, job: Job, status: RunStatus, digest: str | None, failure: str | None
    ) -> None:
        async with self.open_work(job.tenant_id) as work:
            await work.runs.end_replay(job.job_id, status, digest, failure)

    async def _fail(self, job: Job, reason: str) -> None:
        async with self.open_work(job.tenant_id) as work:
            await work.runs.fail(job.run_id, reason[:1000], at=self.clock.now())


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a run's millions of objects again and again.

    They hold no cycles, so they are freed as soon as nothing refers to them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _nobody_listens(_: Stage) -> None:
    """A replay tells nobody how far it is."""
