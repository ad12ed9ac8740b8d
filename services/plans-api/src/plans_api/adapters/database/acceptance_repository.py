"""Who accepted a plan version, and who takes part in a plan."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from plans_api.adapters.database import tables
from plans_api.application.ports import Participant
from plans_api.domain.acceptance import Acceptance


class AcceptanceRepository:
    """One tenant's acceptances."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def find(self, plan_id: UUID, number: int, payee_id: UUID) -> Acceptance | None:
        """Return what a payee accepted, or None."""
        of = tables.plan_acceptance.c
        rows = await self._connection.execute(
            select(tables.plan_acceptance)
            .where(of.tenant_id == self._tenant_id)
            .where(of.plan_id == plan_id)
            .where(of.number == number)
            .where(of.payee_id == payee_id)
        )
        row = rows.mappings().one_or_none()
        return _acceptance(row) if row else None

    async def page(
        self, plan_id: UUID, number: int, *, after: UUID | None, limit: int
    ) -> Sequence[Acceptance]:
        """Return the acceptances of a version by payee."""
        of = tables.plan_acceptance.c
        query = (
            select(tables.plan_acceptance)
            .where(of.tenant_id == self._tenant_id)
            .where(of.plan_id == plan_id)
            .where(of.number == number)
            .order_by(of.payee_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(of.payee_id > after)
        rows = await self._connection.execute(query)
        return [_acceptance(row) for row in rows.mappings()]

    async def add(self, acceptance: Acceptance) -> None:
        """Keep an acceptance."""
        await self._connection.execute(
            insert(tables.plan_acceptance).values(
                tenant_id=self._tenant_id,
                plan_id=acceptance.plan_id,
                number=acceptance.number,
                payee_id=acceptance.payee_id,
                content_hash=acceptance.content_hash,
                accepted_on=acceptance.accepted_on,
                accepted_by=acceptance.accepted_by,
                accepted_at=acceptance.accepted_at,
            )
        )


class ParticipantQuery:
    """Who is assigned to a plan on a day."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def page(
        self, plan_id: UUID, *, on: date, after: UUID | None, limit: int
    ) -> Sequence[Participant]:
        """Return who is assigned to a plan on a day, by assignment."""
        head, version = tables.assignment, tables.assignment_version
        payee, payee_version = tables.payee, tables.payee_version
        query = (
            select(
                head.c.id,
                head.c.mandate_id,
                version.c.principal_id,
                version.c.payee_id,
                payee.c.code,
                payee_version.c.name,
            )
            .join_from(
                head,
                version,
                and_(
                    version.c.tenant_id == head.c.tenant_id,
                    version.c.id == head.c.id,
                    version.c.version == head.c.version,
                ),
            )
            .join(
                payee,
                and_(payee.c.tenant_id == head.c.tenant_id, payee.c.id == version.c.payee_id),
            )
            .join(
                payee_version,
                and_(
                    payee_version.c.tenant_id == payee.c.tenant_id,
                    payee_version.c.id == payee.c.id,
                    payee_version.c.version == payee.c.version,
                ),
            )
            .where(head.c.tenant_id == self._tenant_id)
            .where(head.c.plan_id == plan_id)
            .where(head.c.valid_from <= on)
            .where(or_(version.c.valid_to.is_(None), version.c.valid_to > on))
            .order_by(head.c.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(head.c.id > after)
        return [Participant(*row) for row in await self._connection.execute(query)]


def _acceptance(row: RowMapping) -> Acceptance:
    return Acceptance(
        plan_id=row["plan_id"],
        number=row["number"],
        content_hash=row["content_hash"],
        payee_id=row["payee_id"],
        accepted_on=row["accepted_on"],
        accepted_by=row["accepted_by"],
        accepted_at=row["accepted_at"],
    )
