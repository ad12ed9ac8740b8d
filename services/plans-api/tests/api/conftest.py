"""The service over HTTP, on a real database, with a tenant of its own for each test."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from plans_api.main import create_app
from plans_api.settings import Settings
from premia_runtime.auth import FixedKeys
from premia_runtime.clock import FixedClock
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint

NEW = TimeOrderedIds()
NOW = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
"""In Rome it is the first of April already."""


@pytest.fixture(scope="session")
async def client(
    service_databases: ServiceDatabases,
    make_token: TokenMint,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[httpx.AsyncClient]:
    database = service_databases["plans-api"]
    settings = Settings(
        environment="test",
        database_url=database.app,
        system_database_url=database.system,
        nats_url="nats://127.0.0.1:1",
        issuer_url=ISSUER,
        jwks_url=f"{ISSUER}/jwks.json",
        audience=AUDIENCE,
        store_dir=Path(tmp_path_factory.mktemp("handover")),
        public_base_url="http://plans.test",
        cursor_secret="a secret of the tests",
    )
    app = create_app(settings, clock=FixedClock(NOW), keys=FixedKeys(make_token.key_set))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://plans.test") as client:
        yield client
    runtime = app.state.runtime
    await runtime.database.close()
    await runtime.system_database.close()


@dataclass
class Person:
    """Somebody with a token, who calls the service."""

    client: httpx.AsyncClient
    token: str
    id: UUID
    tenant: UUID
    payee_id: str | None

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self._send("GET", path, params=params)

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        if_match: int | None = None,
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(NEW.new())}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        return await self._send("POST", path, json=body, headers=headers)

    async def put(self, path: str, body: Any, *, if_match: int | None = None) -> httpx.Response:
        headers = {} if if_match is None else {"If-Match": f'"{if_match}"'}
        return await self._send("PUT", path, json=body, headers=headers)

    async def created(self, path: str, body: Any) -> dict[str, Any]:
        answer = await self.post(path, body)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.token}"}
        return await self.client.request(
            method, path, headers={**bearer, **(headers or {})}, **rest
        )


@dataclass
class Office:
    """The people of one tenant."""

    client: httpx.AsyncClient
    mint: TokenMint
    tenant: UUID

    def person(self, *roles: str, payee_id: str | None = None) -> Person:
        subject = NEW.new()
        now = int(NOW.timestamp())
        token = self.mint(
            tenant=self.tenant, roles=roles, subject=subject, payee_id=payee_id, now=now
        )
        return Person(self.client, token, subject, self.tenant, payee_id)


@pytest.fixture
def office(client: httpx.AsyncClient, make_token: TokenMint) -> Office:
    return Office(client, make_token, NEW.new())


@pytest.fixture
def other_office(client: httpx.AsyncClient, make_token: TokenMint) -> Office:
    return Office(client, make_token, NEW.new())


@pytest.fixture
def designer(office: Office) -> Person:
    return office.person("plan_designer")


@pytest.fixture
def approver(office: Office) -> Person:
    return office.person("plan_approver")
