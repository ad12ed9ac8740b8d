"""Keeps standings up to the facts that arrive, in the process that reads the topic."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from calc_engine.application.file_ports import RunFiles
from calc_engine.application.ports import Engines, Ids, OpenWork
from calc_engine.application.renew_standings import renew_standings
from premia_runtime.clock import Clock
from premia_runtime.logging import get_logger

IDLE_SECONDS = 0.1
PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = get_logger(__name__)


class WaitingStandings(Protocol):
    """Tells which tenants have facts that their standings do not know."""

    async def tenants(self) -> Sequence[UUID]:
        """Return them, in the order of their ids."""
        ...


class Renewals:
    """Renews the standings of all tenants until it is told to stop."""

    def __init__(
        self,
        waiting: WaitingStandings,
        *,
        open_work: OpenWork,
        files: RunFiles,
        engines: Engines,
        ids: Ids,
        clock: Clock,
    ) -> None:
        self._waiting = waiting
        self._open_work = open_work
        self._files = files
        self._engines = engines
        self._ids = ids
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End after the renewal at hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Renew until stopped; what fails is tried again, since the same facts are found again."""
        while not self._stopping.is_set():
            seconds = IDLE_SECONDS
            try:
                await self.renew_all()
            except Exception as error:  # noqa: BLE001 - an outage must not end the loop
                _log.warning("standings pause", error=repr(error)[:500])
                seconds = PAUSE_AFTER_FAILURE_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=seconds)

    async def renew_all(self) -> None:
        """Renew every standing that does not know all facts.

        Where one tenant's cannot be renewed the others' are, and then the first failure is raised.

        Raises:
            Exception: whatever kept a tenant's standings from being renewed.
        """
        failed: list[Exception] = []
        for tenant_id in await self._waiting.tenants():
            try:
                await self._renew(tenant_id)
            except Exception as error:  # noqa: BLE001 - one tenant must not keep others waiting
                _log.warning("standings wait", tenant_id=str(tenant_id), error=repr(error)[:500])
                failed.append(error)
        if failed:
            raise failed[0]

    async def _renew(self, tenant_id: UUID) -> None:
        await renew_standings(
            tenant_id=tenant_id,
            open_work=self._open_work,
            files=self._files,
            engines=self._engines,
            ids=self._ids,
            now=self._clock.now(),
        )
