import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from premia_runtime.local.child import Child, last_lines
from premia_runtime.local.locks import AlreadyLocked, locked
from premia_runtime.local.ports import free_port, is_free
from premia_runtime.local.unprivileged import NoUnprivilegedWay, Way, find_way

PYTHON = Path(sys.executable)


def test_root_without_a_way_to_run_a_program_is_told_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(NoUnprivilegedWay) as failure:
        find_way(Path("/bin/false"), tmp_path)

    assert "namespace: " in str(failure.value)
    assert "user 65534: " in str(failure.value)
    assert "Run the command as an ordinary user, or allow user namespaces" in str(failure.value)


def test_an_ordinary_user_runs_the_program_as_it_is(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert find_way(Path("/bin/false"), tmp_path) == Way((), 1234)


async def test_a_child_that_ignores_being_asked_is_killed(tmp_path) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('ready', flush=True); time.sleep(60)"
    )
    child = Child(
        [PYTHON, "-c", program], log_path=tmp_path / "child.log", environment=dict(os.environ)
    )
    while "ready" not in last_lines(tmp_path / "child.log"):
        assert not await child.wait(0.05)

    await child.end(signal.SIGTERM, grace_seconds=0.3)

    assert child.exit_code == -signal.SIGKILL


async def test_the_end_of_a_log_is_all_that_is_shown_of_it(tmp_path) -> None:
    program = "for n in range(30_000): print(f'line {n}')"
    child = Child(
        [PYTHON, "-c", program], log_path=tmp_path / "child.log", environment=dict(os.environ)
    )
    assert await child.wait(20)
    assert last_lines(tmp_path / "child.log", 2) == "line 29998\nline 29999"
    assert last_lines(tmp_path / "nothing.log") == ""


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path) -> None:
    holder = subprocess.Popen(
        [
            PYTHON,
            "-c",
            (
                "import sys, time; from pathlib import Path;"
                "from premia_runtime.local.locks import locked\n"
                "with locked(Path(sys.argv[1])):\n  print('held', flush=True); time.sleep(60)"
            ),
            tmp_path / "lock",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyLocked), locked(tmp_path / "lock", wait=False):
        pass

    holder.kill()
    holder.wait()

    with locked(tmp_path / "lock", wait=False):
        assert (tmp_path / "lock").exists()


def test_a_port_in_use_is_not_free_and_none_is_given_twice() -> None:
    given = [free_port() for _ in range(50)]
    assert len(set(given)) == 50
    with socket.create_server(("127.0.0.1", given[0])):
        assert not is_free(given[0])


def test_waiting_for_a_lock_ends_when_it_is_given_back(tmp_path) -> None:
    order = []

    def second() -> None:
        with locked(tmp_path / "lock"):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked(tmp_path / "lock"):
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(timeout=5)

    assert order == ["first", "second"]
