"""The fixtures.  Nothing is started before a test asks for it."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from premia_runtime.local.nats import NatsServer
from premia_runtime.local.postgres import PostgresServer
from premia_runtime.testing.cluster import shared_server
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.jwks_server import serve_jwks
from premia_runtime.testing.tokens import TokenMint


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def postgres_server(run_folder: Path) -> PostgresServer:
    """Return the run's PostgreSQL server.  It is shared: a test must not stop it."""
    return shared_server(run_folder)


@pytest.fixture(scope="session")
def service_databases(run_folder: Path) -> ServiceDatabases:
    """Return this worker's databases: `service_databases["calc-engine"].app`."""
    return ServiceDatabases(run_folder, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """Return this worker's NATS server with JetStream."""
    server = NatsServer(tmp_path_factory.mktemp("nats") / "store")
    # A loop of its own: the session's loop belongs to pytest-asyncio.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(server.start())
        yield server
        loop.run_until_complete(server.stop())
    finally:
        loop.close()


@pytest.fixture(scope="session")
def nats_url(nats_server: NatsServer) -> str:
    """Return the address of this worker's NATS server."""
    return nats_server.url


@pytest.fixture(scope="session")
def make_token() -> TokenMint:
    """Return a mint: `make_token(tenant=…, roles=["finance"])`, `make_token.hostile(…)`."""
    return TokenMint()


@pytest.fixture(scope="session")
def jwks_url(make_token: TokenMint) -> Iterator[str]:
    """Return the address at which the mint's public keys are served."""
    with serve_jwks(make_token.jwks) as address:
        yield address
