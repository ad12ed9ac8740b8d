"""How far a run is, told to whoever follows it."""

import asyncio
from typing import Any
from uuid import UUID

from calc_engine.domain.progress import Say, Stage
from premia_runtime.clock import Clock
from premia_runtime.work import OpenWork


class Progress:
    """Writes a run's stages in their order, each in a transaction of its own."""

    def __init__(
        self, open_work: OpenWork[Any], clock: Clock, tenant_id: UUID, run_id: UUID
    ) -> None:
        self._open_work = open_work
        self._clock = clock
        self._tenant_id = tenant_id
        self._run_id = run_id
        self._turn = asyncio.Lock()

    async def __call__(self, stage: Stage) -> None:
        """Say it, after everything that was said before."""
        async with self._turn, self._open_work(self._tenant_id) as work:
            await work.runs.report_progress(self._run_id, stage, at=self._clock.now())

    def from_thread(self, loop: asyncio.AbstractEventLoop) -> Say:
        """Return a function that says it from the calculating thread, without waiting."""

        def say(stage: Stage) -> None:
            asyncio.run_coroutine_threadsafe(self(stage), loop)

        return say
