"""Keep one PostgreSQL server for a test run: `python -m premia_runtime.testing.keeper`.

It lives in a process of its own so that it outlives the test worker that asked for it first, and
goes when the run is over, even if that was killed.
"""

import argparse
import asyncio
import contextlib
import json
import shutil
import signal
import tempfile
from pathlib import Path

from premia_runtime.local.credentials import Credentials, write_private
from premia_runtime.local.postgres import PostgresServer
from premia_runtime.local.process_table import ProcessMark

_LOOK_SECONDS = 0.3


async def keep(owner: ProcessMark, announcement: Path, folder: Path) -> None:
    """Serve from the folder until the owner is gone."""
    server = PostgresServer(folder / "postgres", durable=False)
    asked_to_go = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_go.set)
    try:
        await server.start()
        write_private(
            announcement, json.dumps({"data_dir": str(server.data_dir), "port": server.port})
        )
        while owner.is_running() and not asked_to_go.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked_to_go.wait(), _LOOK_SECONDS)
    finally:
        await server.stop()


def announced(announcement: Path) -> PostgresServer:
    """Return the announced server for its clients, who neither start nor stop it."""
    known = json.loads(announcement.read_text())
    data_dir = Path(known["data_dir"])
    return PostgresServer(
        data_dir,
        int(known["port"]),
        credentials=Credentials(data_dir.parent / "credentials.json"),
    )


def main() -> None:
    """Read the arguments, keep the server, and leave nothing behind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--owner-pid", type=int, required=True)
    parser.add_argument("--owner-started-at", type=float, required=True)
    parser.add_argument("--announcement", type=Path, required=True)
    options = parser.parse_args()
    owner = ProcessMark(options.owner_pid, options.owner_started_at)
    folder = Path(tempfile.mkdtemp(prefix="premia-tests-"))
    # PostgreSQL may have to run as another user than root, and must be able to pass through.
    folder.chmod(0o711)
    try:
        asyncio.run(keep(owner, options.announcement, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
