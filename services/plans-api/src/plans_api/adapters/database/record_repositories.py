"""Records that are also looked up by what they tie together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import distinct, func, insert, or_, select, tuple_

from plans_api.adapters.database import tables
from plans_api.adapters.database.versioned_records import VersionedRecords
from plans_api.domain.assignment import Assignment
from plans_api.domain.mandate import Mandate
from plans_api.domain.payee import Payee
from plans_api.domain.position import Position
from plans_api.domain.record import Record
from plans_api.domain.tree import Place


class PayeeRepository(VersionedRecords[Payee]):
    """Payees, also by the codes of other systems."""

    async def with_codes(self, codes: Collection[tuple[str, str]]) -> Mapping[UUID, Record[Payee]]:
        """Return the payees that have one of these (system, code) on any day."""
        if not codes:
            return {}
        of = tables.payee_code.c
        having = (
            select(of.payee_id)
            .where(of.tenant_id == self._tenant_id)
            .where(tuple_(of.system, of.code).in_(codes))
        )
        return await self._found(self._current().where(tables.payee.c.id.in_(having)))

    async def save(self, records: Sequence[Record[Payee]]) -> None:
        """Keep new versions with their codes and make them current."""
        await super().save(records)
        rows = [
            {
                "tenant_id": self._tenant_id,
                "payee_id": record.id,
                "version": record.version,
                "system": system,
                "code": code,
            }
            for record in records
            for system, code in sorted({item.name for item in record.content.external_ids})
        ]
        if rows:
            await self._connection.execute(insert(tables.payee_code), rows)


class MandateRepository(VersionedRecords[Mandate]):
    """Mandates, also by their two parties."""

    async def of_pairs(
        self, pairs: Collection[tuple[UUID, UUID]]
    ) -> Mapping[UUID, Record[Mandate]]:
        """Return the mandates between these principals and payees."""
        if not pairs:
            return {}
        of = tables.mandate.c
        return await self._found(
            self._current().where(tuple_(of.principal_id, of.payee_id).in_(pairs))
        )


class PositionRepository(VersionedRecords[Position]):
    """Positions, also by hierarchy."""

    async def of_hierarchies(self, names: Collection[str]) -> Mapping[UUID, Record[Position]]:
        """Return all positions of these hierarchies."""
        if not names:
            return {}
        return await self._found(self._current().where(tables.position.c.hierarchy.in_(names)))


class PlaceRepository(VersionedRecords[Place]):
    """Territories or product categories."""

    async def parents(self) -> Mapping[str, str | None]:
        """Return every place's parent, None for a root."""
        head, versions = self._shelf.head.c, self._shelf.versions.c
        rows = await self._connection.execute(
            self._current().with_only_columns(head.code, versions.parent)
        )
        return {row.code: row.parent for row in rows}


class AssignmentRepository(VersionedRecords[Assignment]):
    """Assignments, also by what they tie together."""

    async def of_mandates(self, mandates: Collection[UUID]) -> Mapping[UUID, Record[Assignment]]:
        """Return the assignments of these mandates."""
        if not mandates:
            return {}
        return await self._found(
            self._current().where(tables.assignment.c.mandate_id.in_(list(mandates)))
        )

    async def plans_of(self, payee_id: UUID) -> frozenset[UUID]:
        """Return the plans that the payee was ever assigned to."""
        query = self._current().where(tables.assignment_version.c.payee_id == payee_id)
        rows = await self._connection.execute(
            query.with_only_columns(tables.assignment.c.plan_id).distinct()
        )
        return frozenset(rows.scalars())

    async def of_payees(self, payees: Collection[UUID]) -> Mapping[UUID, Record[Assignment]]:
        """Return the assignments of these payees' mandates, of any day."""
        if not payees:
            return {}
        of = tables.assignment_version.c
        query = self._current().where(of.payee_id.in_(list(payees)))
        return await self._found(query.order_by(tables.assignment.c.id))

    async def with_several_plans(
        self, on: date, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """Return the payees, by id, who are assigned to more than one plan on a day."""
        head, of = tables.assignment.c, tables.assignment_version.c
        query = (
            self._current()
            .with_only_columns(of.payee_id)
            .where(head.valid_from <= on)
            .where(or_(of.valid_to.is_(None), of.valid_to > on))
            .group_by(of.payee_id)
            .having(func.count(distinct(head.plan_id)) > 1)
            .order_by(of.payee_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(of.payee_id > after)
        return list((await self._connection.execute(query)).scalars())
