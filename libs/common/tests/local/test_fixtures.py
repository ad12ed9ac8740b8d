import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import nats
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from premia_runtime.local.databases import ServiceDatabase
from premia_runtime.local.migrations import MigrationFailed
from premia_runtime.local.services import Service
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import TokenMint

TENANT = UUID("0b8f3c1e-6f0e-4d57-9a49-4f6a3a4d0f01")
STAND_INS = Path(__file__).with_name("stand_ins")


@pytest.fixture
def databases(run_folder, monkeypatch, tmp_path) -> ServiceDatabases:
    monkeypatch.setenv("PYTHONPATH", str(STAND_INS))
    services = [
        Service("stand-in", "stand_in_service", ServiceDatabase("stand_in")),
        Service("broken", "no_such_module", ServiceDatabase("broken")),
    ]
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{tmp_path.name}"
    return ServiceDatabases(run_folder, worker[:40], services)


def plain(address: str) -> str:
    return address.replace("+asyncpg", "")


@pytest.mark.integration
async def test_a_copied_database_has_the_tables_and_grants_of_its_template(databases) -> None:
    connection = await asyncpg.connect(plain(databases["stand-in"].app))
    try:
        async with connection.transaction():
            await connection.execute("select set_config('app.tenant', $1, true)", str(TENANT))
            await connection.execute("insert into notes values ($1, 'one')", TENANT)
            assert await connection.fetchval("select count(*) from notes") == 1
        assert await connection.fetchval("select count(*) from notes") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("delete from notes")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("create table mine (id int)")
    finally:
        await connection.close()


@pytest.mark.integration
async def test_the_application_roles_cannot_bypass_row_level_security(databases) -> None:
    connection = await asyncpg.connect(plain(databases["stand-in"].owner))
    try:
        rows = await connection.fetch(
            "select rolname, rolsuper or rolbypassrls or rolcreaterole as strong from pg_roles "
            "where rolname like 'stand_in%' order by rolname"
        )
    finally:
        await connection.close()

    assert [tuple(row) for row in rows] == [
        ("stand_in_app", False),
        ("stand_in_owner", False),
        ("stand_in_system", False),
    ]


@pytest.mark.integration
async def test_a_role_of_one_service_cannot_enter_the_database_of_another(
    databases, service_databases
) -> None:
    stranger = plain(service_databases.empty("stranger").app)
    at_home = await asyncpg.connect(stranger)
    await at_home.close()
    foreign = databases["stand-in"].app.rsplit("/", 1)[1]

    with pytest.raises(asyncpg.PostgresError, match="permission denied for database"):
        await asyncpg.connect(f"{stranger.rsplit('/', 1)[0]}/{foreign}")


@pytest.mark.integration
async def test_failing_migrations_of_one_service_leave_the_others_usable(databases) -> None:
    with pytest.raises(MigrationFailed, match="no_such_module"):
        databases["broken"]

    connection = await asyncpg.connect(plain(databases["stand-in"].app))
    await connection.close()


@pytest.mark.integration
async def test_nats_keeps_what_was_published_to_a_stream(nats_url) -> None:
    client = await nats.connect(nats_url)
    try:
        stream = client.jetstream()
        await stream.add_stream(name="TRY", subjects=["try.>"])
        await stream.publish("try.it", b"kept", headers={"Nats-Msg-Id": "1"})
        again = await stream.publish("try.it", b"kept", headers={"Nats-Msg-Id": "1"})
        assert again.duplicate
        assert (await stream.stream_info("TRY")).state.messages == 1
    finally:
        await client.close()


def test_a_minted_token_verifies_against_the_served_keys(make_token, jwks_url) -> None:
    token = make_token(tenant=TENANT, roles=["finance"], payee_id=TENANT, now=1_700_000_000)

    keys = KeySet.import_key_set(httpx.get(jwks_url).json())
    decoded = jwt.decode(token, keys, algorithms=["ES256"])

    assert decoded.header["typ"] == "at+jwt"
    assert decoded.claims["tenant"] == str(TENANT)
    assert decoded.claims["roles"] == ["finance"]
    assert decoded.claims["payee_id"] == str(TENANT)
    assert decoded.claims["exp"] == 1_700_003_600
    assert "d" not in httpx.get(jwks_url).json()["keys"][0]


def test_each_hostile_token_differs_from_a_good_one_in_what_its_name_says() -> None:
    mint = TokenMint()
    hostile = mint.hostile(tenant=TENANT, roles=["finance"], now=1_700_000_000)

    refused = []
    for name, token in hostile.items():
        try:
            decoded = jwt.decode(token, mint.key_set, algorithms=["ES256"])
            claims = jwt.JWTClaimsRegistry(
                now=1_700_000_000,
                iss={"essential": True, "value": mint.issuer},
                aud={"essential": True, "value": mint.audience},
                exp={"essential": True},
                sub={"essential": True},
                tenant={"essential": True},
            )
            claims.validate(decoded.claims)
            UUID(decoded.claims["tenant"])
            assert decoded.header["typ"] == "at+jwt"
        except (JoseError, ValueError, AssertionError):
            refused.append(name)

    assert refused == list(hostile)


@pytest.mark.integration
def test_the_server_of_a_killed_run_goes_with_it(tmp_path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path;"
        "from premia_runtime.testing.cluster import shared_server;"
        "server = shared_server(Path(sys.argv[1])); print(server.data_dir, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_XDIST_WORKER"}

    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert ran.returncode == -9
    data_dir = Path(ran.stdout.strip())
    assert data_dir.name == "postgres"
    assert gone_within(data_dir.parent, seconds=15)


def gone_within(folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while folder.exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
