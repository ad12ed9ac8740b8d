"""The service as it runs: uvicorn on a free port, real PostgreSQL, a topic that keeps quiet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4  # noqa: TID251 - a test draws what it likes

import httpx
import orjson
import pytest
import uvicorn
from sqlalchemy import select, text

from connectors.adapters.database.unit_of_work import DatabaseWork
from connectors.application.serve_invoices import offer_invoice
from connectors.main import build_app
from connectors.settings import Settings
from premia_common.contracts.invoices import InvoiceApproved
from premia_runtime.auth import FixedKeys
from premia_runtime.clock import FixedClock
from premia_runtime.local.ports import free_port
from premia_runtime.plumbing import RUNTIME
from premia_runtime.runtime import Runtime
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint
from premia_runtime.testing.topic import QuietBus
from premia_runtime.wiring import open_runtime

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ORG = "00D5g000004XyZAEA0"
CATALOGUE = ("premia.order_attribute.declared.v1", "premia.order_status.unmapped.v1")
"""Events about fields and statuses, beside those about records."""


@dataclass
class Connectors:
    """The running service."""

    url: str
    runtime: Runtime[DatabaseWork]
    clock: FixedClock
    mint: TokenMint
    client: httpx.AsyncClient

    def tenant(self, tenant_id: UUID | None = None) -> "Tenant":
        return Tenant(self, tenant_id or uuid4())


@dataclass
class Tenant:
    """One tenant's view of the service."""

    service: Connectors
    id: UUID

    @property
    def url(self) -> str:
        return self.service.url

    def token(self, *roles: str) -> str:
        now = int(self.service.clock.now().timestamp())
        return self.service.mint(tenant=self.id, roles=roles, now=now)

    def headers(self, *roles: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*roles)}"}

    async def call(
        self,
        method: str,
        path: str,
        *roles: str,
        headers: Mapping[str, str] | None = None,
        **given: Any,
    ) -> httpx.Response:
        sent = {**(self.headers(*roles) if roles else {}), **(headers or {})}
        return await self.service.client.request(method, path, headers=sent, **given)

    async def salesforce(self, code: str = "salesforce") -> str:
        """Set up a Salesforce source and return its token."""
        body = {"code": code, "kind": "salesforce", "org_id": ORG}
        made = await self.call("POST", "/v1/sources", "admin", json=body)
        assert made.status_code == 201, made.text
        token: str = made.json()["source_token"]
        return token

    async def billing(self, code: str = "billing") -> None:
        made = await self.call(
            "POST", "/v1/sources", "admin", json={"code": code, "kind": "billing"}
        )
        assert made.status_code == 201, made.text

    async def push(self, *records: Any, source: str = "salesforce", **envelope: Any) -> Any:
        """Push records as JSON and return the answer's body."""
        body = {"org_id": ORG, "records": list(records), **envelope}
        answer = await self.call(
            "POST", f"/v1/hooks/salesforce/json/{source}", "machine_salesforce", json=body
        )
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def upload(
        self, content: str, *, kind: str, name: str = "rows.csv", source: str = "salesforce",
        **control: Any,
    ) -> Any:  # fmt: skip
        """Hand in a file, wait until it was read, and return what became of it."""
        answer = await self.call(
            "POST",
            f"/v1/sources/{source}/files",
            "machine_salesforce",
            params={"kind": kind, "name": name, **control},
            headers={"Content-Type": "text/csv"},
            content=content.encode(),
        )
        assert answer.status_code == 202, answer.text
        return await self.file_done(answer.headers["Location"])

    async def file_done(self, location: str) -> Any:
        for _ in range(300):
            found = (await self.call("GET", location, "machine_salesforce")).json()
            if found["state"] != "waiting":
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"the file was not read: {found}")

    async def no_tasks(self) -> None:
        """Wait until nothing of this tenant is left to be done."""
        for _ in range(300):
            async with self.service.runtime.open_work(self.id) as work:
                found = await work.connection.execute(text("select count(*) from pending_task"))
                if not found.scalar_one():
                    return
            await asyncio.sleep(0.05)
        raise AssertionError("tasks are left")

    async def events(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """Return the envelopes announced so far, oldest first; the catalogue's only by type."""
        outbox = RUNTIME.outbox.c
        async with self.service.runtime.open_work(self.id) as work:
            found = await work.connection.execute(select(outbox.body).order_by(outbox.id))
            envelopes = [orjson.loads(body) for body in found.scalars()]
        if event_type is not None:
            return [e for e in envelopes if e["type"] == event_type]
        return [e for e in envelopes if e["type"] not in CATALOGUE]

    async def offer(self, invoice: InvoiceApproved) -> None:
        """Let an approved invoice arrive from the topic."""
        async with self.service.runtime.open_work(self.id) as work:
            await offer_invoice(work, invoice)


@pytest.fixture(scope="session")
async def connectors(
    service_databases: ServiceDatabases,
    make_token: TokenMint,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Connectors]:
    """Return the service, listening."""
    port = free_port()
    clock = FixedClock(NOW)
    addresses = service_databases["connectors"]
    settings = Settings(
        environment="test",
        database_url=addresses.app,
        system_database_url=addresses.system,
        nats_url="nats://127.0.0.1:1",
        issuer_url=ISSUER,
        jwks_url=f"{ISSUER}/jwks.json",
        audience=AUDIENCE,
        store_dir=tmp_path_factory.mktemp("store"),
        public_base_url=f"http://127.0.0.1:{port}",
        cursor_secret="only for the tests",
    )
    runtime = open_runtime(
        settings,
        DatabaseWork,
        name="connectors",
        clock=clock,
        bus=QuietBus(),
        keys=FixedKeys(make_token.key_set),
    )
    async with (
        _listening(settings, runtime, port),
        httpx.AsyncClient(base_url=settings.public_base_url, timeout=30) as client,
    ):
        yield Connectors(settings.public_base_url, runtime, clock, make_token, client)


@contextlib.asynccontextmanager
async def _listening(
    settings: Settings, runtime: Runtime[DatabaseWork], port: int
) -> AsyncIterator[None]:
    app = build_app(settings, runtime=runtime)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        await running


@pytest.fixture
def tenant(connectors: Connectors) -> Tenant:
    """Return a tenant of this test's own."""
    return connectors.tenant()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of samples."""
    return Path(__file__).parent / "samples"


RecordMaker = Callable[..., dict[str, Any]]


@pytest.fixture
def order() -> RecordMaker:
    """Return a maker of Salesforce orders: `order("801…", Status="Cancelled")`."""

    def make(record_id: str = "8015g000000abcDAAQ", **changed: Any) -> dict[str, Any]:
        record = {
            "attributes": {"type": "Order"},
            "Id": record_id,
            "OrderNumber": "00000042",
            "SystemModstamp": "2026-03-05T09:58:14.000Z",
            "Company_Code__c": "1000",
            "Signed_Date__c": "2026-03-01",
            "Agency_Code__c": "AG-0042",
            "Category_Code__c": "luce-casa",
            "Territory_Code__c": "milano",
            "TotalAmount": 1234.56,
            "Status": "Activated",
            "Activated_Date__c": "2026-03-04",
        } | changed
        return {name: value for name, value in record.items() if value is not None}

    return make
