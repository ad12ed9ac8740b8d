"""Finds documents that got a number and not yet their PDF, of every tenant."""

from uuid import UUID

from sqlalchemy import select

from invoicing.adapters.database import tables
from premia_runtime.database import Database

_heads = tables.documents.c
MOST = 500


async def unfinished_documents(system_database: Database) -> dict[UUID, list[UUID]]:
    """Return the ids of numbered documents that are not sent, by tenant."""
    async with system_database.system() as connection:
        found = await connection.execute(
            select(_heads.tenant_id, _heads.id)
            .where(_heads.status == "prepared", _heads.number.is_not(None))
            .order_by(_heads.tenant_id, _heads.id)
            .limit(MOST)
        )
        by_tenant: dict[UUID, list[UUID]] = {}
        for row in found:
            by_tenant.setdefault(row.tenant_id, []).append(row.id)
    return by_tenant
