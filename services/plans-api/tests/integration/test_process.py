"""The service as a process of its own, with its topic."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import nats
import pytest

from plans_api.__main__ import main
from premia_common.contracts.envelope import Envelope
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint

SUBJECT = "premia.territory.changed.v1"


@pytest.fixture
async def address(
    service_databases: ServiceDatabases, nats_url: str, jwks_url: str, tmp_path: Path
) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    databases = service_databases["plans-api"]
    settings = {
        "PREMIA_ENVIRONMENT": "test",
        "PREMIA_DATABASE_URL": databases.app,
        "PREMIA_SYSTEM_DATABASE_URL": databases.system,
        "PREMIA_NATS_URL": nats_url,
        "PREMIA_ISSUER_URL": ISSUER,
        "PREMIA_JWKS_URL": jwks_url,
        "PREMIA_AUDIENCE": AUDIENCE,
        "PREMIA_STORE_DIR": str(tmp_path),
        "PREMIA_PORT": str(port),
        "PREMIA_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PREMIA_CURSOR_SECRET": "a secret of the tests",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "plans_api", "serve", env={**os.environ, **settings}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await _ready(address)
        yield address
    finally:
        process.terminate()
        # It ends in good order, then by the signal that asked for it.
        assert await asyncio.wait_for(process.wait(), 25) in {0, -signal.SIGTERM}


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(300):
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError("the service did not become ready in 30 s")


async def test_what_was_committed_reaches_the_topic(
    address: str, nats_url: str, make_token: TokenMint
) -> None:
    tenant = TimeOrderedIds().new()
    token = make_token(tenant=tenant, roles=["plan_designer"])
    body = {"code": "italia", "parent": None, "label": {"it": "Italia", "en": "Italy"}}

    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.post(
            "/v1/territories",
            json=body,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "1"},
        )

    assert answer.status_code == 200, answer.text
    connection = await nats.connect(nats_url)
    subscription = await connection.jetstream().subscribe(SUBJECT, ordered_consumer=True)
    found = None
    while found is None:
        envelope = Envelope.read((await subscription.next_msg(timeout=10)).data)
        if envelope.tenantid == tenant:
            found = envelope
    await connection.close()
    assert found.data is not None
    assert found.data["code"] == "italia"
    assert found.sequence is not None


def test_an_unknown_command_is_answered_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sing"])

    assert ended.value.code == 2
    assert "serve | migrate | openapi" in capsys.readouterr().err


def test_a_setting_that_does_not_exist_keeps_it_from_starting() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "plans_api", "serve"],
        env={**os.environ, "PREMIA_COLOUR": "red"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert "PREMIA_COLOUR is not a setting of this service" in ran.stderr
