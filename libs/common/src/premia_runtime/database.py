"""One service's own PostgreSQL database, a tenant at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID

import orjson
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Isolation = Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]

RETRYABLE_SQLSTATES = frozenset(
    {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "08000", "08003", "08006"}
)
UNSTORABLE_SQLSTATES = frozenset({"22021", "22P05"})
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Return the metadata that a service hangs its tables on, with predictable names."""
    return MetaData(naming_convention=CONSTRAINT_NAMES)


def sqlstate_of(error: DBAPIError) -> str | None:
    """Return PostgreSQL's five-character code of an error, if it gave one."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return str(state) if state else None


def is_unstorable(error: BaseException) -> bool:
    """Say whether the database refused a text because of a character it cannot keep."""
    if not isinstance(error, DBAPIError):
        return False
    # The driver gives half of a surrogate pair no code of its own.
    return sqlstate_of(error) in UNSTORABLE_SQLSTATES or "surrogates not allowed" in str(error.orig)


def is_retryable(error: BaseException) -> bool:
    """Say whether the same transaction may succeed when it is simply run again."""
    if isinstance(error, (OSError, PoolTimeout)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or sqlstate_of(error) in RETRYABLE_SQLSTATES


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


class Database:
    """A pool of connections as one role.

    Every transaction belongs to one tenant: row level security shows and accepts
    only that tenant's rows, whatever the query says.
    """

    def __init__(self, url: str, *, pool_size: int = 8, name: str = "premia") -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,  # values must not reach logs or stored errors
            pool_timeout=30,
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
            connect_args={
                "timeout": 10,
                "command_timeout": 120,
                "server_settings": {"application_name": name, "timezone": "UTC", "jit": "off"},
            },
        )

    @asynccontextmanager
    async def transaction(
        self,
        tenant_id: UUID,
        *,
        isolation: Isolation = "READ COMMITTED",
        seeing: str | None = None,
    ) -> AsyncIterator[AsyncConnection]:
        """Open a tenant's transaction: a clean exit commits, an error rolls back.

        Args:
            tenant_id: whose rows it sees.
            isolation: what it sees of others' commits.
            seeing: the name of a snapshot that an open transaction exported; with REPEATABLE READ.
        """
        async with self.engine.connect() as connection:
            if isolation != "READ COMMITTED":
                await connection.execution_options(isolation_level=isolation)
            async with connection.begin():
                if seeing is not None:
                    name = seeing.replace("'", "''")
                    await connection.execute(text(f"set transaction snapshot '{name}'"))
                await connection.execute(
                    text("select set_config('app.tenant', :tenant, true)"),
                    {"tenant": str(tenant_id)},
                )
                yield connection

    @asynccontextmanager
    async def system(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction of no tenant, for plumbing that the system role may touch."""
        async with self.engine.begin() as connection:
            yield connection

    async def check(self) -> None:
        """Ask the server for a sign of life.

        Raises:
            Exception: whatever the driver raises when there is none.
        """
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
