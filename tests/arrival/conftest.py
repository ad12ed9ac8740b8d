"""One platform for the folder: connectors, the topic, and calc-engine with two consumers."""

from collections.abc import AsyncIterator

import httpx
import pytest

from premia_runtime.local.platform_processes import PROCESSES
from premia_runtime.local.services import SERVICES
from premia_runtime.local.supervisor import Supervisor
from premia_runtime.nats_bus import NatsBus

from .tenant import Platform

NEEDED = frozenset({"connectors", "calc-engine"})
"""These tests publish master data themselves, and no statement leaves calc-engine."""


@pytest.fixture(scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """Return the running platform."""
    supervisor = Supervisor(
        tmp_path_factory.mktemp("arrival"),
        services=[service for service in SERVICES if service.name in NEEDED],
        processes=[process for process in PROCESSES if process.database in NEEDED],
    )
    async with supervisor:
        await supervisor.add_replica("calc-engine")
        bus = NatsBus(supervisor.nats.url, name="publisher of the tests")
        try:
            async with httpx.AsyncClient(timeout=60) as client:
                yield Platform(supervisor, client, bus)
        finally:
            await bus.close()
