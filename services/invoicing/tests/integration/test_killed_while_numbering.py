"""A process that dies between taking a number and committing it leaves no gap."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from premia_runtime.ids import TimeOrderedIds
from premia_runtime.testing.tokens import AUDIENCE, ISSUER

new_id = TimeOrderedIds().new

FAULT = "pro_forma.numbered.before_commit"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningService:
    """`python -m invoicing serve` with everything real."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self.address = ""
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        told = self._environment | {
            "PREMIA_PORT": str(port),
            "PREMIA_PUBLIC_BASE_URL": self.address,
        }
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "invoicing", "serve", env=told, stdout=log, stderr=log
            )
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    if (await client.get(f"{self.address}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError(self._log.read_text())

    async def ended(self) -> int:
        """Return how the process ended, once it has."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), timeout=60)

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            # Not `send_signal`: it may take the exit status away from the loop that waits for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)
            await self.ended()


@pytest.fixture
async def running(service_databases, nats_url, jwks_url, invoicing_settings, tmp_path):
    faults = tmp_path / "faults"
    faults.mkdir()
    database = service_databases["invoicing"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREMIA_")}
    environment = clean | {
        "PREMIA_ENVIRONMENT": "test",
        "PREMIA_DATABASE_URL": database.app,
        "PREMIA_SYSTEM_DATABASE_URL": database.system,
        "PREMIA_NATS_URL": nats_url,
        "PREMIA_ISSUER_URL": ISSUER,
        "PREMIA_JWKS_URL": jwks_url,
        "PREMIA_AUDIENCE": AUDIENCE,
        "PREMIA_STORE_DIR": str(invoicing_settings.store_dir),
        "PREMIA_CURSOR_SECRET": "a secret of the tests",
        "PREMIA_FAULT_DIR": str(faults),
    }
    service = RunningService(environment, tmp_path / "invoicing.log")
    service.faults = faults
    yield service
    await service.stop()


async def test_a_number_lost_in_a_crash_is_given_again(house, make_token, running):
    documents = []
    for amount in ("10.00", "20.00", "30.00"):
        payee = new_id()
        await house.with_profile(payee)
        documents.append(await house.prepared(payee, amount))
    token = make_token(tenant=house.tenant, roles=["finance_clerk"], subject=new_id())

    async def send(document, key):
        async with httpx.AsyncClient(base_url=running.address, timeout=30) as client:
            answer = await client.post(
                f"/v1/pro-formas/{document['id']}/send",
                headers={
                    "Authorization": f"Bearer {token}",
                    "Idempotency-Key": key,
                    "If-Match": '"1"',
                },
            )
            assert answer.status_code == 200, answer.text
            return answer.json()["number"]

    await running.start()
    first = await send(documents[0], "one")
    (running.faults / FAULT).touch()
    with pytest.raises(httpx.TransportError):
        await send(documents[1], "two")
    assert await running.ended() == -signal.SIGKILL
    assert (running.faults / f"{FAULT}.hit").exists()
    assert (await house.rows("select last from number_counters"))[0]["last"] == 1

    await running.start()
    numbers = [first, await send(documents[2], "three"), await send(documents[1], "two")]

    assert numbers == ["PF-2026-000001", "PF-2026-000002", "PF-2026-000003"]


async def test_a_document_numbered_before_a_crash_is_sent_after_it(house, make_token, running):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    ports = house.service.app.state.invoicing
    rendering = ports.sending._renderer

    class Dead:
        async def render(self, payloads):
            raise RuntimeError("the process died here")

    ports.sending._renderer = Dead()
    try:
        clerk = house.person("finance_clerk")
        lost = await clerk.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)
    finally:
        ports.sending._renderer = rendering
    assert lost.status_code == 500
    [row] = await house.rows("select status, number from documents")
    assert (row["status"], row["number"]) == ("prepared", "PF-2026-000001")

    await running.start()
    for _ in range(300):
        [row] = await house.rows("select status, number from documents")
        if row["status"] == "sent":
            break
        await asyncio.sleep(0.1)

    assert (row["status"], row["number"]) == ("sent", "PF-2026-000001")
    files = await house.rows("select sha256 from document_files")
    assert len(files) == 1
