"""The driver's own connection, for statements that carry whole columns of values."""

from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


async def driver_connection(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """Return asyncpg's connection inside the same open transaction."""
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection[Any]", raw.driver_connection)
