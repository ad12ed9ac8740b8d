"""Work on one simulation: calculate both sides, keep the answer for a while."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from calc_engine.application import ports
from calc_engine.application.answer_content import (
    assumptions,
    back_tested_content,
    provenance,
    simulated_content,
)
from calc_engine.application.ask_simulation import forget_expired
from calc_engine.application.back_test import back_test
from calc_engine.application.calculate_plans import PlanNotUsable
from calc_engine.application.file_ports import FileDamaged, RunFiles, SimulationFiles
from calc_engine.application.jobs import MOST_ATTEMPTS, Job
from calc_engine.application.not_calculable import NotCalculable
from calc_engine.application.ports import Engines
from calc_engine.application.prepare_run import sealed
from calc_engine.application.simulate import Simulated, simulate
from calc_engine.application.simulation_question import read_question
from calc_engine.domain.pay_months import Before
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.run import RunStatus
from calc_engine.domain.simulation import Simulation, SimulationKind, SimulationResult
from calc_engine.domain.what_if import WhatIfNotPossible
from calc_engine.entrypoints.cancellation import Cancelled, unless_cancelled
from calc_engine.entrypoints.own_thread import in_own_thread
from premia_common.canonical import canonical_json
from premia_runtime.clock import Clock
from premia_runtime.logging import get_logger
from premia_runtime.work import OpenWork

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SimulationJobs:
    """Works on simulations with these ports."""

    open_work: OpenWork[Any]
    transactions: ports.OpenWork
    segments: RunFiles
    files: SimulationFiles
    engines: Engines
    clock: Clock

    async def work_on(self, job: Job) -> None:
        """Answer the question; doing it again after a crash gives the same answer.

        Raises:
            Exception: what passes by itself, such as a lost connection; the job comes again.
        """
        await self._forget(job.tenant_id)
        simulation = await self._begin(job)
        if simulation is None:
            return
        try:
            await unless_cancelled(
                self._answer(job.tenant_id, simulation),
                partial(self._is_cancelled, job.tenant_id, simulation),
            )
        except Cancelled:
            _log.info("simulation cancelled", simulation_id=str(simulation.simulation_id))
        except (WhatIfNotPossible, PlanNotUsable, NotCalculable, FileDamaged) as error:
            await self._fail(job, str(error))
        except (KeyError, ValueError, ArithmeticError) as error:
            _log.error("simulation failed", simulation_id=str(job.run_id), exc_info=error)
            await self._fail(job, f"{type(error).__name__}: {error}")

    async def _begin(self, job: Job) -> Simulation | None:
        async with self.open_work(job.tenant_id) as work:
            simulation: Simulation = await work.simulations.begin(job.run_id)
            if simulation.status.has_ended:
                return None
            begun = replace(simulation, status=RunStatus.RUNNING, attempts=simulation.attempts + 1)
            if job.attempts > MOST_ATTEMPTS:
                reason = f"gave up after {MOST_ATTEMPTS} attempts; see the worker's log"
                await work.simulations.save(_failed(begun, reason))
                return None
            await work.simulations.save(begun)
            return begun

    async def _answer(self, tenant_id: UUID, simulation: Simulation) -> None:
        question = read_question(simulation)
        async with sealed(
            tenant_id, open_work=self.transactions, files=self.segments, now=self.clock.now()
        ) as found:
            segments = found.segments
            before = Before(
                await found.work.statements.paid_before(question.since),
                await found.work.periods.first() or question.since,
            )
        facts = await self.segments.read_segments(tenant_id, segments)
        say = self._say(tenant_id, simulation)
        sides: Simulated | None = None
        if simulation.kind is SimulationKind.BACK_TEST:
            tested = await in_own_thread(
                lambda: back_test(facts, question, before, self.engines, say=say)
            )
            content, engines = back_tested_content(tested), tested.engines
        else:
            sides = await in_own_thread(
                lambda: simulate(facts, question, before, self.engines, say=say)
            )
            content, engines = simulated_content(sides), sides.engines
        content["assumes"] = assumptions(simulation)
        content["calculated_from"] = provenance(engines, segments)
        await self._keep(tenant_id, simulation, canonical_json(content), sides)

    async def _keep(
        self, tenant_id: UUID, simulation: Simulation, content: bytes, sides: Simulated | None
    ) -> None:
        own = simulation.simulation_id
        answer = await self.files.put_answer(tenant_id, own, content)
        before = after = None
        if sides is not None:
            before = await self.files.put_nodes(tenant_id, own, "before", sides.nodes_before)
            after = await self.files.put_nodes(tenant_id, own, "after", sides.nodes_after)
        async with self.open_work(tenant_id) as work:
            current = await work.simulations.begin(own)
            if not current.status.has_ended:
                await work.simulations.save(
                    replace(
                        current,
                        status=RunStatus.COMPLETED,
                        stage=Stage("completed", 100),
                        result=SimulationResult(
                            answer.address,
                            answer.sha256,
                            before.address if before else None,
                            after.address if after else None,
                        ),
                    )
                )

    def _say(self, tenant_id: UUID, simulation: Simulation) -> Say:
        loop, turn = asyncio.get_running_loop(), asyncio.Lock()

        async def tell(stage: Stage) -> None:
            async with turn, self.open_work(tenant_id) as work:
                current = await work.simulations.begin(simulation.simulation_id)
                if current.status is RunStatus.RUNNING:
                    await work.simulations.save(replace(current, stage=stage))

        def say(stage: Stage) -> None:
            asyncio.run_coroutine_threadsafe(tell(stage), loop)

        return say

    async def _is_cancelled(self, tenant_id: UUID, simulation: Simulation) -> bool:
        async with self.open_work(tenant_id) as work:
            current: Simulation = await work.simulations.get(simulation.simulation_id)
        return current.status is RunStatus.CANCELLED

    async def _forget(self, tenant_id: UUID) -> None:
        async with self.open_work(tenant_id) as work:
            await forget_expired(work, files=self.files, now=self.clock.now())

    async def _fail(self, job: Job, reason: str) -> None:
        async with self.open_work(job.tenant_id) as work:
            current = await work.simulations.begin(job.run_id)
            if not current.status.has_ended:
                await work.simulations.save(_failed(current, reason))


def _failed(simulation: Simulation, reason: str) -> Simulation:
    return replace(
        simulation, status=RunStatus.FAILED, stage=Stage("failed", 100), failure=reason[:1000]
    )
