"""calc-engine over HTTP and as a worker, on a real database, with a tenant for each test."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from calc_engine.adapters.files.batch_files import HandoverBatches
from calc_engine.entrypoints.consumer import reactions
from calc_engine.main import create_app, create_worker
from calc_engine.settings import Settings
from premia_common.contracts.envelope import Event
from premia_runtime.auth import FixedKeys
from premia_runtime.clock import SystemClock
from premia_runtime.consumer import ReactionContext
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.runtime import Runtime
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint

collect_ignore = [] if find_spec("pyspark") else ["distributed"]
"""The cluster's client is an extra: `make test-distributed` has it, and tests it."""

NEW = TimeOrderedIds()
NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


@dataclass
class Service:
    """The running service and its ports."""

    app: FastAPI
    settings: Settings
    client: httpx.AsyncClient

    @property
    def runtime(self) -> Runtime[Any]:
        runtime: Runtime[Any] = self.app.state.runtime
        return runtime


@dataclass
class Person:
    """Somebody with a token, who calls the service."""

    client: httpx.AsyncClient
    token: str
    id: UUID

    async def get(self, path: str, **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.client.get(path, params=params or None, headers=headers)

    async def post(
        self, path: str, body: Any = None, *, key: str | None = None, if_match: str | None = None
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or str(NEW.new()),
        }
        if if_match is not None:
            headers["If-Match"] = if_match
        return await self.client.post(path, json=body, headers=headers)


@dataclass
class Office:
    """A tenant of its own: people, and events that arrive."""

    service: Service
    mint: TokenMint
    tenant: UUID = field(default_factory=NEW.new)
    _people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, *roles: str, payee_id: UUID | None = None) -> Person:
        if name not in self._people:
            user = NEW.new()
            token = self.mint(tenant=self.tenant, roles=roles, subject=user, payee_id=payee_id)
            self._people[name] = Person(self.service.client, token, user)
        return self._people[name]

    @property
    def analyst(self) -> Person:
        return self.person("analyst", "compensation_analyst")

    @property
    def approver(self) -> Person:
        return self.person("approver", "compensation_approver")

    async def arrive(self, events: Iterable[Event], *, batch: int = 100) -> None:
        """Let events arrive as the consumer would hand them over."""
        handlers = {
            reaction.event: reaction.handle
            for reaction in reactions(HandoverBatches(self.service.runtime.store))
        }
        waiting = list(events)
        for start in range(0, len(waiting), batch):
            async with self.service.runtime.open_work(self.tenant) as work:
                for event in waiting[start : start + batch]:
                    context = ReactionContext(NOW, NEW, event.correlation_id)
                    await handlers[type(event)](event, work, context)

    async def work(self, **settings: Any) -> None:
        """Let a worker, with some of its settings changed, end every waiting job."""
        changed = self.service.settings.model_copy(update=settings)
        worker = create_worker(changed, self.service.runtime)
        while await worker.work_once():
            pass

    async def run(self, period: str, **more: Any) -> dict[str, Any]:
        """Start a run, let it end, and return it."""
        started = await self.analyst.post("/v1/runs", {"period": period, **more})
        assert started.status_code == 202, started.text
        await self.work()
        found: dict[str, Any] = (await self.analyst.get(started.headers["Location"])).json()
        assert found["status"] == "completed", found
        return found

    async def open(self, month: str) -> None:
        opened = await self.analyst.post("/v1/periods", {"month": month})
        assert opened.status_code == 201, opened.text

    async def statements(self, period: str) -> list[dict[str, Any]]:
        found = await self.analyst.get("/v1/statements", period=period, limit=500)
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    async def statement_of(self, payee_id: UUID, period: str) -> dict[str, Any]:
        [found] = [
            item for item in await self.statements(period) if item["payee_id"] == str(payee_id)
        ]
        return found


@pytest.fixture(scope="session")
async def service(
    service_databases: ServiceDatabases,
    make_token: TokenMint,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Service]:
    database = service_databases["calc-engine"]
    settings = Settings(
        environment="test",
        database_url=database.app,
        system_database_url=database.system,
        nats_url="nats://127.0.0.1:1",
        issuer_url=ISSUER,
        jwks_url=f"{ISSUER}/jwks.json",
        audience=AUDIENCE,
        store_dir=Path(tmp_path_factory.mktemp("store")),
        public_base_url="http://calc.test",
        cursor_secret="a secret of the tests",
    )
    app = create_app(settings, clock=SystemClock(), keys=FixedKeys(make_token.key_set))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://calc.test") as client:
        yield Service(app, settings, client)
    await app.state.runtime.database.close()
    await app.state.runtime.system_database.close()


@pytest.fixture
def make_office(service: Service, make_token: TokenMint) -> Callable[[], Office]:
    """Return a maker of tenants."""
    return lambda: Office(service, make_token)


@pytest.fixture
def office(make_office: Callable[[], Office]) -> Office:
    """Return a tenant of this test's own."""
    return make_office()
