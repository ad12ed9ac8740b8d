"""The `plans` database as its roles see it."""

from collections.abc import AsyncIterator

import pytest

from premia_runtime.database import Database
from premia_runtime.testing.databases import ServiceDatabases


@pytest.fixture(scope="session")
async def app_database(service_databases: ServiceDatabases) -> AsyncIterator[Database]:
    database = Database(service_databases["plans-api"].app)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def system_database(service_databases: ServiceDatabases) -> AsyncIterator[Database]:
    database = Database(service_databases["plans-api"].system)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def owner_database(service_databases: ServiceDatabases) -> AsyncIterator[Database]:
    database = Database(service_databases["plans-api"].owner)
    yield database
    await database.close()
