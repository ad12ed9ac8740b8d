"""The PostgreSQL server that the workers of one test run share."""

import os
import subprocess
import sys
import time
from pathlib import Path

from premia_runtime.local.child import last_lines
from premia_runtime.local.locks import locked
from premia_runtime.local.postgres import PostgresServer
from premia_runtime.local.process_table import ProcessMark
from premia_runtime.testing.keeper import announced

_START_SECONDS = 90.0


class NoTestServer(Exception):
    """Raised when the PostgreSQL server of a test run could not be started."""


def shared_server(run_folder: Path) -> PostgresServer:
    """Return the server of the run whose workers share this folder; the first caller starts it.

    Raises:
        NoTestServer: if it does not start.
    """
    announcement = run_folder / "postgres.json"
    with locked(run_folder / "postgres.lock"):
        if not announcement.exists():
            _start_keeper(announcement, run_folder / "postgres-keeper.log")
    return announced(announcement)


def _start_keeper(announcement: Path, log_path: Path) -> None:
    owner = _run_owner()
    with log_path.open("ab") as log:
        keeper = subprocess.Popen(  # noqa: S603 - the command is this function's own
            [
                sys.executable, "-m", "premia_runtime.testing.keeper",
                "--owner-pid", str(owner.pid), "--owner-started-at", repr(owner.started_at),
                "--announcement", str(announcement),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + _START_SECONDS
    while not announcement.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.terminate()
            raise NoTestServer(f"PostgreSQL for the tests did not start:\n{last_lines(log_path)}")
        time.sleep(0.03)
    # It is left to itself from here on: without this the interpreter complains of a live child.
    keeper.returncode = 0


def _run_owner() -> ProcessMark:
    """Return the process whose end is the end of the run: the one that started the workers."""
    pid = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    owner = ProcessMark.of(pid)
    if owner is None:
        raise NoTestServer(f"the test run's own process {pid} is gone")
    return owner
