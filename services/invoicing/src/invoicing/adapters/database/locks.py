"""Keeps a statement that arrives from slipping past what it waits for.

A statement is answered under the profiles that are committed when it arrives; an approval of a
profile takes up the statements that are committed by then.  Side by side, each could miss the
other.  So statements hold a tenant's lock together, and an approval holds it alone.
"""

import hashlib
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def let_in_statements(connection: AsyncConnection, tenant_id: UUID) -> None:
    """Wait for running approvals; other statements may pass too."""
    await connection.execute(
        text("select pg_advisory_xact_lock_shared(:lock)"), {"lock": _lock(tenant_id)}
    )


async def lock_out_statements(connection: AsyncConnection, tenant_id: UUID) -> None:
    """Wait for statements on their way, and let none in until the transaction ends."""
    await connection.execute(
        text("select pg_advisory_xact_lock(:lock)"), {"lock": _lock(tenant_id)}
    )


def _lock(tenant_id: UUID) -> int:
    name = f"statements-and-profiles/{tenant_id}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
