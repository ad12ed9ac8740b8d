import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from premia_runtime.local.child import StartFailed
from premia_runtime.local.databases import ServiceDatabase
from premia_runtime.local.identities import Identity
from premia_runtime.local.issuer_client import TokenRefused
from premia_runtime.local.migrations import MigrationFailed
from premia_runtime.local.process_record import ProcessRecord
from premia_runtime.local.process_table import ProcessMark
from premia_runtime.local.service_process import ProcessSpec
from premia_runtime.local.services import Service
from premia_runtime.local.stop import stop
from premia_runtime.local.supervisor import AlreadyRunning, Supervisor

STAND_INS = Path(__file__).with_name("stand_ins")
TENANT = UUID("0b8f3c1e-6f0e-4d57-9a49-4f6a3a4d0f01")
FINANCE = Identity("anna", UUID(int=7), TENANT, ("finance",), name="Anna Bianchi")
SERVICES = [Service("stand-in", "stand_in_service", ServiceDatabase("stand_in"))]
PROCESSES = [
    ProcessSpec("stand-in", "stand_in_service", database="stand-in"),
    ProcessSpec("stand-in-worker", "stand_in_service", ("work",), database="stand-in"),
]
pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _stand_ins_on_the_path(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(STAND_INS))


def platform(state_dir: Path, **changes) -> Supervisor:
    return Supervisor(state_dir, **{"services": SERVICES, "processes": PROCESSES} | changes)


def about(process) -> dict:
    return httpx.get(f"{process.base_url}/about").raise_for_status().json()


async def notes(running: Supervisor) -> int:
    connection = await asyncpg.connect(running.postgres.superuser_dsn("stand_in"))
    try:
        return await connection.fetchval("select count(*) from notes")
    finally:
        await connection.close()


async def add_note(running: Supervisor) -> None:
    connection = await asyncpg.connect(running.postgres.superuser_dsn("stand_in"))
    try:
        await connection.execute("insert into notes values ($1, 'kept')", TENANT)
    finally:
        await connection.close()


async def test_a_service_is_given_its_settings_and_nothing_of_the_callers(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PREMIA_DATABASE_URL", "postgresql://elsewhere")
    monkeypatch.setenv("PREMIA_LEFT_OVER", "1")

    async with platform(tmp_path, fault_points=True) as running:
        service = running.services["stand-in"]
        given = about(service)["premia"]
        worker = about(running.services["stand-in-worker"])

    addresses = running.databases["stand-in"]
    assert worker["arguments"] == ["work"]
    assert given.pop("PREMIA_CURSOR_SECRET") == worker["premia"]["PREMIA_CURSOR_SECRET"]
    assert given == {
        "PREMIA_AUDIENCE": "premia",
        "PREMIA_DATABASE_URL": addresses.app,
        "PREMIA_ENVIRONMENT": "development",
        "PREMIA_FAULT_DIR": str(tmp_path / "faults"),
        "PREMIA_HOST": "127.0.0.1",
        "PREMIA_ISSUER_URL": running.issuer.url,
        "PREMIA_JWKS_URL": f"{running.issuer.url}/jwks.json",
        "PREMIA_LOG_LEVEL": "info",
        "PREMIA_NATS_URL": running.nats.url,
        "PREMIA_PORT": str(service.port),
        "PREMIA_PUBLIC_BASE_URL": service.base_url,
        "PREMIA_STORE_DIR": str(tmp_path / "store"),
        "PREMIA_SYSTEM_DATABASE_URL": addresses.system,
    }


async def test_every_killed_process_comes_back_on_its_port_with_its_data(tmp_path) -> None:
    async with platform(tmp_path) as running:
        await add_note(running)
        before = {name: running.pid(name) for name in running.names}
        address = running.services["stand-in"].base_url

        for name in ("postgres", "nats", "issuer", "stand-in", "stand-in-worker"):
            await running.kill(name)
        await running.wait_ready(timeout_seconds=30)

        assert set(before) == {"postgres", "nats", "issuer", "stand-in", "stand-in-worker"}
        assert all(running.pid(name) != pid for name, pid in before.items())
        assert running.restarts == dict.fromkeys(before, 1)
        assert running.services["stand-in"].base_url == address
        assert about(running.services["stand-in"])["pid"] == running.pid("stand-in")
        assert await notes(running) == 1


async def test_a_stopped_process_stays_stopped_until_it_is_started(tmp_path) -> None:
    async with platform(tmp_path) as running:
        await running.stop("stand-in")
        await asyncio.sleep(0.5)
        assert running.pid("stand-in") is None
        with pytest.raises(httpx.ConnectError):
            about(running.services["stand-in"])

        await running.start("stand-in")

        assert about(running.services["stand-in"])["pid"] == running.pid("stand-in")
        assert running.restarts["stand-in"] == 0


async def test_a_replica_runs_beside_the_first_and_is_watched_as_well(tmp_path) -> None:
    async with platform(tmp_path) as running:
        replica = await running.add_replica("stand-in-worker")
        first = running.services["stand-in-worker"]
        assert replica.name == "stand-in-worker-2"
        assert about(replica)["pid"] != about(first)["pid"]
        assert about(replica)["arguments"] == ["work"]

        await running.kill("stand-in-worker-2")
        await running.wait_ready("stand-in-worker-2")

        assert running.restarts["stand-in-worker-2"] == 1
    assert replica.child.exit_code is not None


async def test_the_next_life_finds_the_data_of_the_last_unless_it_is_fresh(tmp_path) -> None:
    async with platform(tmp_path) as running:
        await add_note(running)
        secret = about(running.services["stand-in"])["premia"]["PREMIA_CURSOR_SECRET"]
    async with platform(tmp_path) as running:
        assert await notes(running) == 1
        again = about(running.services["stand-in"])["premia"]["PREMIA_CURSOR_SECRET"]
        assert again == secret
    async with platform(tmp_path, fresh=True) as running:
        assert await notes(running) == 0


async def test_a_wiped_nats_starts_with_an_empty_store(tmp_path) -> None:
    async with platform(tmp_path) as running:
        marker = running.nats.store_dir / "jetstream" / "marker"
        marker.write_text("a stream")

        await running.wipe_nats()

        await running.wait_ready("nats")
        assert not marker.exists()


async def test_a_start_that_fails_names_the_process_its_log_and_what_it_said(tmp_path) -> None:
    broken = [*PROCESSES, ProcessSpec("broken", "stand_in_service", ("dance",))]

    with pytest.raises(StartFailed) as failure:
        async with platform(tmp_path, processes=broken):
            pass

    assert failure.value.name == "broken"
    assert failure.value.log_path == tmp_path / "logs" / "broken.log"
    assert "broken did not start: exit code 1" in str(failure.value)
    assert "the setting PREMIA_X is wrong" in str(failure.value)
    async with platform(tmp_path) as running:
        assert await running.services["stand-in"].is_ready()


async def test_failing_migrations_are_reported_with_their_output(tmp_path) -> None:
    services = [*SERVICES, Service("broken", "no_such_module", ServiceDatabase("broken"))]

    with pytest.raises(MigrationFailed, match="No module named no_such_module"):
        async with platform(tmp_path, services=services):
            pass


async def test_a_second_supervisor_is_refused_the_folder_in_use(tmp_path) -> None:
    async with platform(tmp_path) as running:
        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}\W.*make stop"):
            async with platform(tmp_path):
                pass
        assert await running.services["stand-in"].is_ready()


async def test_identities_get_tokens_and_strangers_do_not(tmp_path) -> None:
    async with platform(tmp_path, identities=[FINANCE]) as running:
        first = await running.issuer.token(FINANCE)
        await running.kill("issuer")
        await running.wait_ready("issuer")
        second = await running.issuer.token("anna")

        assert first.split(".")[0] == second.split(".")[0]
        with pytest.raises(TokenRefused, match=r"no token for mallory.*Register it first"):
            await running.issuer.token("mallory")


# Runs a supervisor in a process of its own, which can be killed: prints its state and waits.
IN_A_PROCESS = """
import asyncio, json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_supervisor import platform

async def main():
    async with platform(Path(sys.argv[1])) as running:
        print(json.dumps({name: running.pid(name) for name in running.names}), flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def start_apart(state_dir: Path) -> tuple[subprocess.Popen, dict[str, ProcessMark]]:
    process = subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS, str(state_dir), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pids = json.loads(process.stdout.readline())
    marks = {name: ProcessMark.of(pid) for name, pid in pids.items()}
    return process, {name: mark for name, mark in marks.items() if mark is not None}


def all_gone(marks: dict[str, ProcessMark], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(mark.is_running() for mark in marks.values()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


async def test_after_a_kill_of_the_supervisor_nothing_is_left_and_the_next_start_works(
    tmp_path,
) -> None:
    for _ in range(2):
        process, marks = start_apart(tmp_path)
        assert len(marks) == 5
        process.kill()
        process.wait()
        assert all_gone(marks, seconds=10)

    async with platform(tmp_path) as running:
        assert await notes(running) == 0


def test_stop_ends_a_running_platform_in_good_order(tmp_path) -> None:
    process, marks = start_apart(tmp_path)

    ended = stop(tmp_path)

    process.wait()
    assert ended == ["supervisor"]
    assert all_gone(marks, seconds=1)
    assert "database system is shut down" in (tmp_path / "logs" / "postgres.log").read_text()
    assert stop(tmp_path) == []


def test_a_leftover_is_ended_and_a_process_that_got_its_id_is_not(tmp_path) -> None:
    sleepers = [
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in "ab"
    ]
    left, stranger = (ProcessMark.of(sleeper.pid) for sleeper in sleepers)
    record = ProcessRecord(tmp_path / "processes.json")
    record.note("left", left)
    record.note("recycled", ProcessMark(stranger.pid, stranger.started_at - 3600))
    record.note("gone", ProcessMark(2**22 + 1, 1.0))

    ended = record.end_leftovers()

    try:
        assert ended == ["left"]
        assert sleepers[0].wait(timeout=5) == -signal.SIGTERM
        assert sleepers[1].poll() is None
        assert record.read() == {}
    finally:
        sleepers[1].kill()
        sleepers[1].wait()
