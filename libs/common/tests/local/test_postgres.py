import subprocess

import asyncpg
import pytest

from premia_runtime.local.binaries import PostgresNotFound, find_postgres
from premia_runtime.local.child import StartFailed
from premia_runtime.local.databases import ServiceDatabase, ensure_service_database
from premia_runtime.local.postgres import DataFolderUnusable, PostgresServer

pytestmark = pytest.mark.integration


@pytest.fixture
async def server(tmp_path):
    # As in a checkout below a private folder: nobody but its owner may pass.
    tmp_path.chmod(0o700)
    server = PostgresServer(tmp_path / "state" / "postgres")
    await server.start()
    yield server
    await server.stop()


async def ask(server: PostgresServer, question: str) -> object:
    connection = await asyncpg.connect(server.superuser_dsn())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_what_was_committed_survives_kills_with_clients_connected(server) -> None:
    await ask(server, "create table kept (n int)")
    for n in range(3):
        client = await asyncpg.connect(server.superuser_dsn())
        await client.execute("insert into kept values ($1)", n)
        await client.execute("begin; insert into kept values (100)")

        server.kill()
        await server.child.wait(10)
        await server.start()
        client.terminate()

    assert await ask(server, "select array_agg(n order by n) from kept") == [0, 1, 2]


async def test_it_starts_again_beside_the_server_of_a_supervisor_that_died(server) -> None:
    await ask(server, "create table kept (n int)")
    successor = PostgresServer(server.data_dir)

    await successor.start()

    assert server.child.exit_code is not None
    assert await ask(successor, "select count(*) from kept") == 0
    await successor.stop()


async def test_order_and_case_do_not_depend_on_the_machine(server) -> None:
    words = "select array_agg(w order by w) from unnest(array['b', 'à', 'Z', 'a']) w"
    assert await ask(server, words) == ["Z", "a", "b", "à"]
    assert await ask(server, "select upper('perché')") == "PERCHÉ"
    assert await ask(server, "show timezone") == "UTC"
    assert await ask(server, "show fsync") == "on"
    assert await ask(server, "show synchronous_commit") == "on"


async def test_a_database_made_twice_keeps_its_roles_and_passwords(server) -> None:
    first = await ensure_service_database(server, ServiceDatabase("calc"))
    second = await ensure_service_database(server, ServiceDatabase("calc"))

    assert first == second
    connection = await asyncpg.connect(second.owner.replace("+asyncpg", ""))
    try:
        await connection.execute("create table mine (n int)")
    finally:
        await connection.close()
    wrong = first.app.replace("+asyncpg", "").replace("calc_app:", "calc_app:x")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_secrets_lie_in_a_file_that_only_its_owner_reads(server) -> None:
    path = server.data_dir.parent / "credentials.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(server.data_dir.parent.glob("*.password"))


async def test_data_of_another_version_is_refused_with_advice(server) -> None:
    await server.stop()
    (server.data_dir / "PG_VERSION").write_text("15\n")

    with pytest.raises(DataFolderUnusable, match=r"made by PostgreSQL 15.*PG_BIN"):
        await server.start()

    (server.data_dir / "PG_VERSION").write_text("18\n")


async def test_data_whose_password_is_lost_is_refused_with_advice(server) -> None:
    await server.stop()
    (server.data_dir.parent / "credentials.json").unlink()

    with pytest.raises(DataFolderUnusable, match="Delete the folder"):
        await server.start()


async def test_a_taken_port_is_reported_with_the_log(server, tmp_path) -> None:
    other = PostgresServer(tmp_path / "other" / "postgres", port=server.port)

    with pytest.raises(StartFailed, match=rf"port {server.port} is taken") as failure:
        await other.start()

    assert "could not create any TCP/IP sockets" in str(failure.value)


async def test_an_interrupted_creation_is_made_good_by_the_next_start(tmp_path) -> None:
    unfinished = tmp_path / "postgres.unfinished"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server = PostgresServer(tmp_path / "postgres", durable=False)

    await server.start()

    assert await ask(server, "show fsync") == "off"
    await server.stop()
    assert not unfinished.exists()


def test_a_wrong_pg_bin_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(PostgresNotFound, match=f"PG_BIN={tmp_path} holds no initdb"):
        find_postgres()


def test_pg_bin_comes_before_the_wheel(monkeypatch, tmp_path) -> None:
    inside = find_postgres()
    for program in ("postgres", "initdb"):
        (tmp_path / program).symlink_to(inside / program)
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    assert find_postgres() == tmp_path
    version = subprocess.run(
        [find_postgres() / "postgres", "--version"], capture_output=True, check=True
    )
    assert b"PostgreSQL" in version.stdout
