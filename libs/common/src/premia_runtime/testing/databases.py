"""Migrated databases for tests: one template per service, a copy per worker."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import asyncpg

from premia_runtime.local.databases import (
    DatabaseAddresses,
    ServiceDatabase,
    addresses,
    ensure_service_database,
    grant_connect,
)
from premia_runtime.local.locks import locked
from premia_runtime.local.migrations import migrate
from premia_runtime.local.services import SERVICES, Service
from premia_runtime.testing.cluster import shared_server

T = TypeVar("T")


class ServiceDatabases(Mapping[str, DatabaseAddresses]):
    """The addresses of this worker's databases by service, such as `databases["calc-engine"]`.

    A database is made when it is first asked for, so a test of one service neither waits for the
    migrations of the others nor fails with them.  Tests share it: a test that wants a clean state
    uses a tenant of its own.
    """

    def __init__(
        self, run_folder: Path, worker: str, services: Iterable[Service] = SERVICES
    ) -> None:
        self._run_folder = run_folder
        self._worker = worker
        self._services = {service.name: service for service in services}
        self._made: dict[str, DatabaseAddresses] = {}
        self._failed: dict[str, Exception] = {}

    def __getitem__(self, service: str) -> DatabaseAddresses:
        """Return the addresses of a service's migrated database.

        Raises:
            MigrationFailed: if its migrations fail.
        """
        if service in self._failed:
            raise self._failed[service]
        if service not in self._made:
            try:
                self._made[service] = run_apart(self._copy(self._services[service]))
            except Exception as error:
                self._failed[service] = error
                raise
        return self._made[service]

    def __iter__(self) -> Iterator[str]:
        return iter(self._services)

    def __len__(self) -> int:
        return len(self._services)

    def empty(self, name: str) -> DatabaseAddresses:
        """Return the addresses of a new, empty database with the three roles of `name`.

        The same name gives the same database again within one worker.
        """
        stem = f"{name}_empty"
        if stem not in self._made:
            self._made[stem] = run_apart(self._create(ServiceDatabase(name), stem))
        return self._made[stem]

    async def _create(self, service: ServiceDatabase, stem: str) -> DatabaseAddresses:
        server = shared_server(self._run_folder)
        with locked(self._run_folder / f"database-{service.name}.lock"):
            return await ensure_service_database(server, service, database=f"{stem}_{self._worker}")

    async def _copy(self, service: Service) -> DatabaseAddresses:
        server = shared_server(self._run_folder)
        template = f"{service.database.name}_template"
        name = f"{service.database.name}_{self._worker}"
        with locked(self._run_folder / f"database-{service.database.name}.lock"):
            connection = await asyncpg.connect(server.superuser_dsn())
            try:
                known = "select 1 from pg_database where datname = $1"
                if not await connection.fetchval(known, template):
                    await self._build(service, f"{template}_unfinished")
                    await connection.execute(
                        f'alter database "{template}_unfinished" rename to "{template}"'
                    )
                await connection.execute(
                    f'create database "{name}" template "{template}" '
                    f"owner {service.database.owner_role}"
                )
                await grant_connect(connection, service.database, name)
            finally:
                await connection.close()
        return addresses(server, service.database, name)

    async def _build(self, service: Service, name: str) -> None:
        server = shared_server(self._run_folder)
        made = await ensure_service_database(server, service.database, database=name)
        await asyncio.to_thread(migrate, service.module, made.owner)


def run_apart(work: Coroutine[object, object, T]) -> T:
    """Return the result of a coroutine run in a thread and loop of its own.

    It may be called where a loop is running already, which waits meanwhile.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, name="run-apart")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
