"""One platform of real processes for all journeys of a session."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from premia_cli.demo.identities import UTILITY_TENANT
from premia_cli.demo.job import Job
from premia_cli.demo.main_job import run_job
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

sys.path.insert(0, str(Path(__file__).parent))  # the journeys share `jobs`


@pytest.fixture(scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Supervisor]:
    """Return a running platform whose services die at fault points that a test arms."""
    state = tmp_path_factory.mktemp("platform")
    async with Supervisor(state, fresh=True, fault_points=True) as running:
        yield running


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[HttpClient]:
    """Return a client that waits as long as a busy machine needs."""
    client = HttpClient(timeout_seconds=120)
    yield client
    await client.close()


@pytest.fixture(scope="session")
async def job(platform: Supervisor, http: HttpClient) -> Job:
    """Return a small tenant whose first month nothing disturbed."""
    return await run_job(platform, http, tenant=UUID(int=UTILITY_TENANT.int + 0x100))
