from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from premia_runtime.auth import FixedKeys
from premia_runtime.consumer import Consumer
from premia_runtime.dead_letters import dead_letter_router
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.logging import configure_logging
from premia_runtime.runtime import Runtime
from premia_runtime.settings import ServiceSettings
from premia_runtime.testing.databases import ServiceDatabases, run_apart
from premia_runtime.testing.tokens import TokenMint
from premia_runtime.web import ServiceInfo, create_app
from premia_runtime.wiring import open_runtime
from premia_runtime.work import Work

from . import notes_service


@pytest.fixture(scope="session", autouse=True)
def json_logs() -> None:
    configure_logging("notes", "error")


@pytest.fixture(scope="session")
def notes_settings(
    service_databases: ServiceDatabases,
    nats_url: str,
    tmp_path_factory: pytest.TempPathFactory,
    make_token: TokenMint,
) -> ServiceSettings:
    made = service_databases.empty(notes_service.DATABASE)
    run_apart(notes_service.migrate(made.owner))
    return ServiceSettings(
        environment="test",
        database_url=made.app,
        system_database_url=made.system,
        nats_url=nats_url,
        issuer_url=make_token.issuer,
        jwks_url="http://127.0.0.1:1/unused",
        store_dir=tmp_path_factory.mktemp("store"),
        public_base_url="http://notes",
        cursor_secret="a secret that only tests use",
    )


@pytest.fixture
async def runtime(
    notes_settings: ServiceSettings, make_token: TokenMint
) -> AsyncIterator[Runtime[Work]]:
    keys = FixedKeys(make_token.key_set)
    made = open_runtime(notes_settings, Work, name="notes", keys=keys)
    yield made
    await made.bus.close()
    await made.database.close()
    await made.system_database.close()


@pytest.fixture
def tenant() -> UUID:
    return TimeOrderedIds().new()


@pytest.fixture
def consumer(runtime: Runtime[Work]) -> Consumer[Work]:
    return Consumer(
        "copier",
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=notes_service.REACTIONS,
        clock=runtime.clock,
        ids=runtime.ids,
    )


@pytest.fixture
def app(runtime: Runtime[Work], consumer: Consumer[Work]) -> FastAPI:
    return create_app(
        ServiceInfo("notes", "Notes", "Notes."),
        runtime=runtime,
        routers=[notes_service.router, dead_letter_router(consumer, service="notes")],
        problems=notes_service.PROBLEMS,
    )


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notes") as made:
        yield made


@pytest.fixture
def designer(make_token: TokenMint, tenant: UUID) -> dict[str, str]:
    token = make_token(tenant=tenant, roles=["plan_designer", "admin"])
    return {"Authorization": f"Bearer {token}"}
