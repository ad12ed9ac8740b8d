"""Thousands of made-up requests with a valid token: no 5xx, no answer that is not documented."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from premia_common.access import PERMISSIONS
from premia_runtime.local.ports import free_port
from premia_runtime.local.service_process import ProcessSpec, ServiceProcess
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, TokenMint

ROOT = Path(__file__).parents[2]
MODULES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}
TENANT = "0193a000-0000-7000-8000-0000000000c7"
USER = "0193a000-0000-7000-8000-0000000000c8"
PAYEE = "0193a000-0000-7000-8000-0000000000c9"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
HEADERS = Path(__file__).parent / "request_headers.py"
EXAMPLES = 5
SEED = 20260228

pytestmark = pytest.mark.integration


@pytest.fixture(params=MODULES)
async def running(
    request: pytest.FixtureRequest,
    service_databases: ServiceDatabases,
    nats_url: str,
    jwks_url: str,
    make_token: TokenMint,
    tmp_path: Path,
) -> AsyncIterator[ServiceProcess]:
    """A service with an empty database of its own."""
    name: str = request.param
    database = service_databases[name]
    process = ServiceProcess(
        ProcessSpec(name, MODULES[name]),
        environment={
            "PREMIA_ENVIRONMENT": "test",
            "PREMIA_DATABASE_URL": database.app,
            "PREMIA_SYSTEM_DATABASE_URL": database.system,
            "PREMIA_NATS_URL": nats_url,
            "PREMIA_ISSUER_URL": make_token.issuer,
            "PREMIA_JWKS_URL": jwks_url,
            "PREMIA_AUDIENCE": AUDIENCE,
            "PREMIA_STORE_DIR": str(tmp_path / "store"),
            "PREMIA_PUBLIC_BASE_URL": "http://service.test",
            "PREMIA_CURSOR_SECRET": "0123456789abcdef0123456789abcdef",
        },
        log_path=tmp_path / f"{name}.log",
        port=free_port(),
    )
    await process.start()
    yield process
    await process.stop()


async def test_no_request_breaks_a_service_or_gets_an_undocumented_answer(
    running: ServiceProcess, make_token: TokenMint, tmp_path: Path
) -> None:
    token = make_token(tenant=TENANT, roles=sorted(PERMISSIONS), subject=USER, payee_id=PAYEE)

    tried = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("st")),
        "run",
        str(ROOT / "services" / running.name / "openapi.json"),
        "--url",
        running.base_url,
        "--header",
        f"Authorization: Bearer {token}",
        "--checks",
        ",".join(CHECKS),
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        str(EXAMPLES),
        "--seed",
        str(SEED),
        "--suppress-health-check",
        "all",
        "--continue-on-failure",
        "--no-shrink", "--workers", "4",
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HEADERS)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await tried.communicate()

    told = output.decode(); import pathlib; pathlib.Path(f"/tmp/dist/st-{running.name}.txt").write_text(told)
    assert tried.returncode == 0, told[-8000:]
    selected, total = re.findall(r"Selected: (\d+)/(\d+)", told)[0]
    assert selected == total
    assert f"Tested: {total}" in told
    assert running.child is not None
    assert running.child.exit_code is None, "the service died"
