"""Principals, payees and mandates as plans-api announced them."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.adapters.database.locks import lock_out_statements
from invoicing.domain.party import Mandate, Payee, Principal

_KINDS: dict[type, str] = {Principal: "principal", Payee: "payee", Mandate: "mandate"}
_PRINCIPAL = TypeAdapter(Principal)
_PAYEE = TypeAdapter(Payee)
_ANY: TypeAdapter[Principal | Payee | Mandate] = TypeAdapter(Principal | Payee | Mandate)


class DatabasePartyRepository:
    """Every version is kept; the newest is the one that is read."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def record(self, snapshot: Principal | Payee | Mandate) -> None:
        """Keep a snapshot; a version that is here already changes nothing."""
        if isinstance(snapshot, Principal):
            await lock_out_statements(self._connection, self._tenant_id)
        await self._connection.execute(
            insert(tables.party_snapshots)
            .values(
                tenant_id=self._tenant_id,
                kind=_KINDS[type(snapshot)],
                party_id=snapshot.id,
                version=snapshot.version,
                content=_ANY.dump_python(snapshot, mode="json"),
                known_at=func.now(),
            )
            .on_conflict_do_nothing()
        )

    async def principal(self, principal_id: UUID) -> Principal | None:
        """Return a principal in its newest version."""
        content = await self._newest("principal", principal_id)
        return None if content is None else _PRINCIPAL.validate_python(content)

    async def payee(self, payee_id: UUID) -> Payee | None:
        """Return a payee in its newest version."""
        content = await self._newest("payee", payee_id)
        return None if content is None else _PAYEE.validate_python(content)

    async def _newest(self, kind: str, party_id: UUID) -> object | None:
        snapshots = tables.party_snapshots.c
        return await self._connection.scalar(
            select(snapshots.content)
            .where(snapshots.tenant_id == self._tenant_id)
            .where(snapshots.kind == kind, snapshots.party_id == party_id)
            .order_by(snapshots.version.desc())
            .limit(1)
        )
