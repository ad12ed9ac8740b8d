"""What senders are told while the database is away, and what a killed process leaves behind."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from connectors.adapters.database.unit_of_work import DatabaseWork
from connectors.main import build_app
from premia_runtime.auth import FixedKeys
from premia_runtime.local.ports import free_port
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.topic import QuietBus
from premia_runtime.wiring import open_runtime

from ..conftest import Connectors, Tenant  # noqa: TID252

XML = {"Content-Type": "text/xml"}


@pytest.fixture
def envelope(samples: Path) -> bytes:
    return (samples / "outbound_message_order.xml").read_bytes()


async def test_while_the_database_is_away_salesforce_is_asked_to_send_again(
    connectors: Connectors, tenant: Tenant, envelope: bytes
) -> None:
    token = await tenant.salesforce()
    nowhere = f"postgresql+asyncpg://nobody:none@127.0.0.1:{free_port()}/nowhere"
    settings = connectors.runtime.settings.model_copy(
        update={"database_url": nowhere, "system_database_url": nowhere}
    )
    runtime = open_runtime(settings, DatabaseWork, name="connectors", bus=QuietBus())
    app = build_app(settings, runtime=runtime)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app)

    async with httpx.AsyncClient(transport=transport, base_url="http://connectors") as client:
        answer = await client.post(
            f"/v1/hooks/salesforce/outbound/{token}", headers=XML, content=envelope
        )

    assert answer.status_code == 200
    assert "<Ack>false</Ack>" in answer.text


async def test_while_the_database_is_away_sap_is_told_to_come_again(
    connectors: Connectors, tenant: Tenant
) -> None:
    nowhere = f"postgresql+asyncpg://nobody:none@127.0.0.1:{free_port()}/nowhere"
    settings = connectors.runtime.settings.model_copy(
        update={"database_url": nowhere, "system_database_url": nowhere}
    )
    runtime = open_runtime(
        settings,
        DatabaseWork,
        name="connectors",
        clock=connectors.clock,
        bus=QuietBus(),
        keys=FixedKeys(connectors.mint.key_set),
    )
    app = build_app(settings, runtime=runtime)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app)

    async with httpx.AsyncClient(transport=transport, base_url="http://connectors") as client:
        answer = await client.get(
            "/odata/v2/ICM_INVOICE_SRV/ApprovedInvoices", headers=tenant.headers("machine_sap")
        )

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not-ready")


class Process:
    """The service as a process of its own, which a test may arm and watch die."""

    def __init__(self, environment: dict[str, str], url: str) -> None:
        self._environment = environment
        self.url = url
        self.running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "connectors", "serve",
            env=self._environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with httpx.AsyncClient(base_url=self.url) as client:
            for _ in range(300):
                try:
                    if (await client.get("/startupz")).status_code == 200:
                        return
                except httpx.TransportError:
                    assert self.running.returncode is None, await self.died()
                await asyncio.sleep(0.1)
        raise AssertionError("the service did not start")

    async def died(self) -> str:
        """Wait for the end; return what it wrote last."""
        assert self.running is not None
        assert self.running.stderr is not None
        said = await self.running.stderr.read()
        await self.running.wait()
        return said.decode()

    async def stop(self) -> None:
        if self.running is not None and self.running.returncode is None:
            self.running.terminate()
            await self.died()


@pytest.fixture
async def process(
    connectors: Connectors, service_databases: ServiceDatabases, nats_url: str, tmp_path: Path
) -> AsyncIterator[Process]:
    addresses = service_databases["connectors"]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREMIA_")} | {
        "PREMIA_ENVIRONMENT": "test",
        "PREMIA_DATABASE_URL": addresses.app,
        "PREMIA_SYSTEM_DATABASE_URL": addresses.system,
        "PREMIA_NATS_URL": nats_url,
        "PREMIA_ISSUER_URL": "https://issuer.test",
        "PREMIA_JWKS_URL": "https://issuer.test/jwks.json",
        "PREMIA_STORE_DIR": str(connectors.runtime.settings.store_dir),
        "PREMIA_PORT": str(port),
        "PREMIA_PUBLIC_BASE_URL": url,
        "PREMIA_CURSOR_SECRET": "only for the tests",
        "PREMIA_FAULT_DIR": str(tmp_path),
    }
    made = Process(environment, url)
    yield made
    await made.stop()


async def test_a_service_killed_between_commit_and_answer_finishes_after_its_restart(
    tenant: Tenant,
    process: Process,
    envelope: bytes,
    tmp_path: Path,
    service_databases: ServiceDatabases,
) -> None:
    token = await tenant.salesforce()
    hook = f"{process.url}/v1/hooks/salesforce/outbound/{token}"
    await process.start()
    (tmp_path / "intake.committed.before_ack").touch()

    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.TransportError):
            await client.post(hook, headers=XML, content=envelope)
    last = (await process.died()).splitlines()[-1]
    assert json.loads(last)["point"] == "intake.committed.before_ack"

    await process.start()
    async with httpx.AsyncClient() as client:
        again = await client.post(hook, headers=XML, content=envelope)
    await tenant.no_tasks()

    assert "<Ack>true</Ack>" in again.text
    assert len(await tenant.events("premia.order.recorded.v1")) == 1
    engine = create_async_engine(service_databases["connectors"].system)
    async with engine.connect() as connection:
        left = await connection.scalar(text("select count(*) from pending_task where error <> ''"))
    await engine.dispose()
    assert left == 0
