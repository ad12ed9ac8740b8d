"""The whole platform on this machine: started in order, kept running, stopped in reverse."""

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from premia_runtime.local.credentials import Credentials
from premia_runtime.local.databases import DatabaseAddresses, ensure_service_database
from premia_runtime.local.identities import Identity
from premia_runtime.local.issuer_client import AUDIENCE, Issuer
from premia_runtime.local.locks import AlreadyLocked, locked
from premia_runtime.local.migrations import clean_environment, migrate
from premia_runtime.local.nats import NatsServer
from premia_runtime.local.platform_processes import PROCESSES
from premia_runtime.local.ports import HOST, free_port
from premia_runtime.local.postgres import PostgresServer
from premia_runtime.local.process_record import ProcessRecord
from premia_runtime.local.process_table import ProcessMark
from premia_runtime.local.service_process import ProcessSpec, ServiceProcess
from premia_runtime.local.services import SERVICES, Service
from premia_runtime.local.watched import Part, Watched

_DATA = ("postgres", "nats", "issuer", "store", "faults", "logs", "credentials.json")


class AlreadyRunning(Exception):
    """Raised when another supervisor uses the state folder."""


class NotReady(Exception):
    """Raised when processes did not become ready in time."""


def _say_nothing(_: str) -> None:
    """Report progress to nobody."""


class Supervisor:
    """Runs the platform inside `async with`; its data stays in `state_dir` for the next time.

    `fresh` deletes that data first.  `fault_points` lets files in `fault_dir` kill a service at a
    named point.  `say` is told of progress, one line at a time.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        fault_points: bool = False,
        fresh: bool = False,
        identities: Iterable[Identity] = (),
        services: Iterable[Service] = SERVICES,
        processes: Iterable[ProcessSpec] = PROCESSES,
        log_level: str = "info",
        say: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.state_dir = state_dir.absolute()
        self.fault_dir = self.state_dir / "faults" if fault_points else None
        self.store_dir = self.state_dir / "store"
        self.services: dict[str, ServiceProcess] = {}
        self.databases: dict[str, DatabaseAddresses] = {}
        self._fresh = fresh
        self._identities = tuple(identities)
        self._service_definitions = tuple(services)
        self._specs = tuple(processes)
        self._log_level = log_level
        self._say = say
        self._watched: dict[str, Watched] = {}
        self._record = ProcessRecord(self.state_dir / "processes.json")
        self._cleanup = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start everything.

        Raises:
            AlreadyRunning: if another supervisor uses the state folder.
            StartFailed: with the name, the log and its end, if a process does not start.
            MigrationFailed: with their output, if the migrations of a service fail.
        """
        try:
            self._take_folder()
            await self._start()
        except BaseException:
            await self._cleanup.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, last started first."""
        await self._cleanup.aclose()

    async def kill(self, name: str) -> None:
        """Kill a process as a crash would; the watcher starts it again."""
        await self._watched[name].kill()

    async def stop(self, name: str) -> None:
        """Stop a process and leave it stopped until `start`."""
        await self._watched[name].stop()

    async def start(self, name: str) -> None:
        """Start a process that was stopped."""
        await self._watched[name].start()

    async def wipe_nats(self) -> None:
        """Start NATS anew with an empty store, as after the loss of its disk."""
        await self.stop("nats")
        self.nats.wipe()
        await self.start("nats")

    async def add_replica(self, name: str) -> ServiceProcess:
        """Start a second process like the named one, on a port of its own, and return it."""
        number = 2
        while f"{name}-{number}" in self.services:
            number += 1
        replica = self._process(self.services[name].spec.named(f"{name}-{number}"))
        await self._watch(replica)
        self.services[replica.name] = replica
        return replica

    async def wait_ready(self, *names: str, timeout_seconds: float = 60) -> None:
        """Return when the named processes, or all, are ready.

        Raises:
            NotReady: naming those that are not, if it takes too long.
        """
        waiting = list(names or self._watched)
        deadline = time.monotonic() + timeout_seconds
        while waiting := [name for name in waiting if not await self._watched[name].is_ready()]:
            if time.monotonic() > deadline:
                logs = ", ".join(f"{name} ({self.log_path(name)})" for name in waiting)
                raise NotReady(f"not ready after {timeout_seconds:.0f} s: {logs}; read these logs")
            await asyncio.sleep(0.05)

    def log_path(self, name: str) -> Path:
        """Return the log of a process, or of the migrations of a service."""
        return self.state_dir / "logs" / f"{name}.log"

    @property
    def names(self) -> tuple[str, ...]:
        """The processes that can be killed, stopped and started, in starting order."""
        return tuple(self._watched)

    @property
    def restarts(self) -> dict[str, int]:
        """How often each process died unasked and was started again."""
        return {name: watched.restarts for name, watched in self._watched.items()}

    def pid(self, name: str) -> int | None:
        """Return the process id, None while the process does not run."""
        child = self._watched[name].part.child
        return None if child is None or child.exit_code is not None else child.pid

    def arm_fault(self, point: str) -> None:
        """Let the next process that reaches the named fault point die there, once."""
        if self.fault_dir is None:
            raise ValueError("fault points are off: make the supervisor with fault_points=True")
        (self.fault_dir / f"{point}.hit").unlink(missing_ok=True)
        (self.fault_dir / point).touch()

    def fault_was_hit(self, point: str) -> bool:
        """Tell whether a process died at the fault point since it was armed."""
        return self.fault_dir is not None and (self.fault_dir / f"{point}.hit").exists()

    def _take_folder(self) -> None:
        """Make this supervisor the only one of the folder, and end what a killed one left."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._cleanup.enter_context(locked(self.state_dir / "lock", wait=False))
        except AlreadyLocked as error:
            running = self._record.read().get("supervisor")
            raise AlreadyRunning(
                f"the platform of {self.state_dir} is running already "
                f"(process {running.pid if running else 'unknown'}): stop it with `make stop`, "
                "or use another state folder"
            ) from error
        ended = self._record.end_leftovers(spare=(os.getpid(),))
        if ended:
            self._say(f"ended what an earlier run left: {', '.join(ended)}")
        self._record.note("supervisor", ProcessMark.of(os.getpid()))
        self._cleanup.callback(self._record.end_leftovers, spare=(os.getpid(),))
        if self._fresh:
            for name in _DATA:
                _remove(self.state_dir / name)
        for name in ("store", "logs", *(["faults"] if self.fault_dir else [])):
            (self.state_dir / name).mkdir(exist_ok=True)
        for log in (self.state_dir / "logs").glob("*.log"):
            if not log.name.endswith(".previous.log"):
                log.replace(log.with_suffix(".previous.log"))

    async def _start(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._cancel_on_terminate(task)
        self._credentials = Credentials(self.state_dir / "credentials.json")
        self.postgres = PostgresServer(
            self.state_dir / "postgres",
            credentials=self._credentials,
            log_path=self.log_path("postgres"),
        )
        self.nats = NatsServer(self.state_dir / "nats", log_path=self.log_path("nats"))
        self.issuer = Issuer(
            self.state_dir / "issuer",
            environment=clean_environment(),
            log_path=self.log_path("issuer"),
            credentials=self._credentials,
        )
        for identity in self._identities:
            self.issuer.register(identity)
        self._say("starting PostgreSQL")
        await self._watch(self.postgres)
        for service in self._service_definitions:
            self.databases[service.name] = await ensure_service_database(
                self.postgres, service.database
            )
        self._say("migrating the databases, starting NATS and the issuer")
        await _all(
            *(self._migrate(service) for service in self._service_definitions),
            self._watch(self.nats),
            self._watch(self.issuer.process),
        )
        self._say("starting the services")
        for spec in self._specs:
            self.services[spec.name] = self._process(spec)
        await _all(*(self._watch(process) for process in self.services.values()))

    def _cancel_on_terminate(self, task: asyncio.Task[object]) -> None:
        """Let SIGTERM end the block in good order, as Ctrl-C does."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ValueError, RuntimeError):  # only the main thread gets signals
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
            self._cleanup.callback(loop.remove_signal_handler, signal.SIGTERM)

    async def _watch(self, part: Part) -> None:
        """Start a part, keep it running, and stop it when the platform stops."""
        watched = Watched(part, started=self._note, say=self._say)
        self._watched[part.name] = watched
        self._cleanup.push_async_callback(watched.close)
        await watched.start()

    def _note(self, part: Part) -> None:
        self._record.note(part.name, part.child.mark if part.child else None)

    async def _migrate(self, service: Service) -> None:
        output = await asyncio.to_thread(
            migrate, service.module, self.databases[service.name].owner
        )
        self.log_path(f"migrate-{service.name}").write_text(output)

    def _process(self, spec: ProcessSpec) -> ServiceProcess:
        port = free_port()
        settings = {
            "PREMIA_ENVIRONMENT": "development",
            "PREMIA_LOG_LEVEL": self._log_level,
            "PREMIA_NATS_URL": self.nats.url,
            "PREMIA_ISSUER_URL": self.issuer.url,
            "PREMIA_JWKS_URL": self.issuer.jwks_url,
            "PREMIA_AUDIENCE": AUDIENCE,
            "PREMIA_STORE_DIR": str(self.store_dir),
            "PREMIA_PUBLIC_BASE_URL": f"http://{HOST}:{port}",
            "PREMIA_CURSOR_SECRET": self._credentials.get("cursor-secret"),
        }
        if spec.database is not None:
            database = self.databases[spec.database]
            settings["PREMIA_DATABASE_URL"] = database.app
            settings["PREMIA_SYSTEM_DATABASE_URL"] = database.system
        if self.fault_dir is not None:
            settings["PREMIA_FAULT_DIR"] = str(self.fault_dir)
        return ServiceProcess(
            spec,
            environment=clean_environment() | settings,
            log_path=self.log_path(spec.name),
            port=port,
        )


async def _all(*work: Coroutine[None, None, None]) -> None:
    """Run all at once; the first error ends the others and is raised as it is."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
