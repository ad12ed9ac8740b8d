"""How far a run is, told to whoever polls it."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from premia_runtime.work import OpenWork


class Progress:
    """Writes a run's phase and percentage, each in a transaction of its own."""

    def __init__(self, open_work: OpenWork[Any], tenant_id: UUID, run_id: UUID) -> None:
        self._open_work = open_work
        self._tenant_id = tenant_id
        self._run_id = run_id

    async def __call__(self, phase: str, percent: int) -> None:
        """Say it."""
        async with self._open_work(self._tenant_id) as work:
            await work.runs.report_progress(self._run_id, phase, percent)

    def from_thread(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, int], None]:
        """Return a function that says it from the calculating thread, without waiting."""

        def say(phase: str, percent: int) -> None:
            asyncio.run_coroutine_threadsafe(self(phase, percent), loop)

        return say
