"""Plans, their versions and their documents."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from plans_api.adapters.database import tables
from plans_api.domain.plan import (
    Plan,
    PlanNotFound,
    PlanStatus,
    PlanVersion,
    PlanVersionNotFound,
    Revision,
    Transition,
)
from plans_api.domain.window import Window


class PlanRepository:
    """One tenant's plans."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def lock_name(self, name: str) -> None:
        """Let no other transaction create a plan of this name until this one ends."""
        await self._lock(f"plan/{self._tenant_id}/{name}")

    async def lock_publishing(self, principal_id: UUID) -> None:
        """Let no other transaction publish a plan of this principal until this one ends."""
        await self._lock(f"publishing/{self._tenant_id}/{principal_id}")

    async def _lock(self, what: str) -> None:
        lock = func.hashtextextended(what, 0)
        await self._connection.execute(select(func.pg_advisory_xact_lock(lock)))

    async def find(self, plan_id: UUID, *, locked: bool = False) -> Plan | None:
        """Return a plan, or None; locked until the transaction ends if asked."""
        query = self._of(tables.plan).where(tables.plan.c.id == plan_id)
        rows = await self._connection.execute(query.with_for_update() if locked else query)
        row = rows.mappings().one_or_none()
        return _plan(row) if row else None

    async def get(self, plan_id: UUID, *, locked: bool = False) -> Plan:
        """Return a plan; locked until the transaction ends if asked.

        Raises:
            PlanNotFound: if there is none.
        """
        plan = await self.find(plan_id, locked=locked)
        if plan is None:
            raise PlanNotFound(plan_id)
        return plan

    async def by_ids(self, ids: Collection[UUID]) -> Mapping[UUID, Plan]:
        """Return those that exist."""
        if not ids:
            return {}
        rows = await self._connection.execute(
            self._of(tables.plan).where(tables.plan.c.id.in_(ids))
        )
        return {row["id"]: _plan(row) for row in rows.mappings()}

    async def published_among(self, ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those that have a published version."""
        if not ids:
            return frozenset()
        of = tables.plan_version.c
        rows = await self._connection.execute(
            select(of.plan_id)
            .distinct()
            .where(of.tenant_id == self._tenant_id)
            .where(of.plan_id.in_(ids))
            .where(of.status == PlanStatus.PUBLISHED.value)
        )
        return frozenset(rows.scalars())

    async def in_force(self, ids: Collection[UUID], on: date) -> Sequence[PlanVersion]:
        """Return the versions of these plans that govern orders of a day."""
        if not ids:
            return []
        of = tables.plan_version.c
        rows = await self._connection.execute(
            self._of(tables.plan_version)
            .where(of.plan_id.in_(ids))
            .where(of.published_at.is_not(None))
            .where(of.valid_from <= on)
            .where(or_(of.valid_to.is_(None), of.valid_to > on))
            .where(or_(of.retired_from.is_(None), of.retired_from > on))
            .order_by(of.plan_id, of.number)
        )
        return [_version(row) for row in rows.mappings()]

    async def published_beside(self, plan: Plan) -> Sequence[PlanVersion]:
        """Return what was ever published of the other plans of a plan's principal."""
        of, plans = tables.plan_version.c, tables.plan.c
        others = (
            select(plans.id)
            .where(plans.tenant_id == self._tenant_id)
            .where(plans.principal_id == plan.principal_id)
            .where(plans.id != plan.id)
        )
        rows = await self._connection.execute(
            self._of(tables.plan_version)
            .where(of.plan_id.in_(others))
            .where(of.published_at.is_not(None))
            .order_by(of.plan_id, of.number)
        )
        return [_version(row) for row in rows.mappings()]

    async def version(self, plan_id: UUID, number: int) -> PlanVersion:
        """Return a version.

        Raises:
            PlanVersionNotFound: if there is none.
        """
        for version in await self.versions(plan_id):
            if version.number == number:
                return version
        raise PlanVersionNotFound(plan_id, number)

    async def versions(self, plan_id: UUID) -> Sequence[PlanVersion]:
        """Return a plan's versions, the oldest first."""
        of = tables.plan_version.c
        rows = await self._connection.execute(
            self._of(tables.plan_version).where(of.plan_id == plan_id).order_by(of.number)
        )
        return [_version(row) for row in rows.mappings()]

    async def revision(self, plan_id: UUID, number: int, revision: int) -> Revision:
        """Return the document of a version."""
        of = tables.plan_revision.c
        rows = await self._connection.execute(
            self._of(tables.plan_revision)
            .where(of.plan_id == plan_id)
            .where(of.number == number)
            .where(of.revision == revision)
        )
        row = rows.mappings().one()
        return Revision(
            plan_id=row["plan_id"],
            number=row["number"],
            revision=row["revision"],
            text=row["source"],
            canonical=row["canonical"].encode(),
            content_hash=row["content_hash"],
            made_by=row["made_by"],
            made_at=row["made_at"],
        )

    async def transitions(self, plan_id: UUID, number: int) -> Sequence[Transition]:
        """Return the steps a version took, the oldest first."""
        of = tables.plan_transition.c
        rows = await self._connection.execute(
            self._of(tables.plan_transition)
            .where(of.plan_id == plan_id)
            .where(of.number == number)
            .order_by(of.sequence)
        )
        return [_transition(row) for row in rows.mappings()]

    async def page(
        self,
        *,
        after: UUID | None,
        limit: int,
        among: Collection[UUID] | None,
        name: str | None,
        status: PlanStatus | None,
    ) -> Sequence[Plan]:
        """Return plans by id; only some of them if `among` is given."""
        plan, of = tables.plan, tables.plan_version.c
        query = self._of(plan).order_by(plan.c.id).limit(limit)
        if after is not None:
            query = query.where(plan.c.id > after)
        if among is not None:
            query = query.where(plan.c.id.in_(among))
        if name is not None:
            query = query.where(plan.c.name == name)
        if status is not None:
            having = select(of.plan_id).where(of.tenant_id == self._tenant_id)
            query = query.where(plan.c.id.in_(having.where(of.status == status.value)))
        rows = await self._connection.execute(query)
        return [_plan(row) for row in rows.mappings()]

    async def add(self, plan: Plan) -> None:
        """Keep a new plan."""
        await self._insert(
            tables.plan,
            id=plan.id,
            name=plan.name,
            principal_id=plan.principal_id,
            latest=plan.latest,
            retirements=plan.retirements,
        )

    async def save(self, plan: Plan) -> None:
        """Keep the plan's counters."""
        await self._connection.execute(
            update(tables.plan)
            .where(tables.plan.c.tenant_id == self._tenant_id)
            .where(tables.plan.c.id == plan.id)
            .values(latest=plan.latest, retirements=plan.retirements)
        )

    async def add_revision(self, revision: Revision) -> None:
        """Keep a document."""
        await self._insert(
            tables.plan_revision,
            plan_id=revision.plan_id,
            number=revision.number,
            revision=revision.revision,
            source=revision.text,
            canonical=revision.canonical.decode(),
            content_hash=revision.content_hash,
            made_by=revision.made_by,
            made_at=revision.made_at,
        )

    async def add_version(self, version: PlanVersion, transition: Transition) -> None:
        """Keep a new version."""
        await self._insert(
            tables.plan_version,
            plan_id=version.plan_id,
            number=version.number,
            made_at=version.made_at,
            **_state(version),
        )
        await self._add_transition(transition)

    async def save_version(self, version: PlanVersion, transition: Transition | None) -> None:
        """Keep a version's new state and the step that led to it."""
        of = tables.plan_version.c
        await self._connection.execute(
            update(tables.plan_version)
            .where(of.tenant_id == self._tenant_id)
            .where(of.plan_id == version.plan_id)
            .where(of.number == version.number)
            .values(**_state(version))
        )
        if transition is not None:
            await self._add_transition(transition)

    async def _add_transition(self, transition: Transition) -> None:
        await self._insert(
            tables.plan_transition,
            plan_id=transition.plan_id,
            number=transition.number,
            sequence=transition.sequence,
            before=transition.before.value if transition.before else None,
            after=transition.after.value,
            revision=transition.revision,
            by=transition.by,
            at=transition.at,
            reason=transition.reason,
            submitted_by=transition.submitted_by,
            retired_from=transition.retired_from,
            accepted_warnings=list(transition.accepted_warnings),
            **_days(transition.window),
        )

    def _of(self, table: Table) -> Select[Any]:
        return select(table).where(table.c.tenant_id == self._tenant_id)

    async def _insert(self, table: Table, **values: object) -> None:
        await self._connection.execute(insert(table).values(tenant_id=self._tenant_id, **values))


def _days(window: Window | None) -> dict[str, object]:
    return {
        "valid_from": window.start if window else None,
        "valid_to": window.end if window else None,
    }


def _window(row: RowMapping) -> Window | None:
    return Window(row["valid_from"], row["valid_to"]) if row["valid_from"] else None


def _plan(row: RowMapping) -> Plan:
    return Plan(row["id"], row["name"], row["principal_id"], row["latest"], row["retirements"])


def _state(version: PlanVersion) -> dict[str, object]:
    return {
        "status": version.status.value,
        "version": version.version,
        "revision": version.revision,
        "content_hash": version.content_hash,
        "makers": sorted(version.makers),
        "submitted_by": version.submitted_by,
        "published_by": version.published_by,
        "published_at": version.published_at,
        "retired_from": version.retired_from,
        **_days(version.window),
    }


def _version(row: RowMapping) -> PlanVersion:
    return PlanVersion(
        plan_id=row["plan_id"],
        number=row["number"],
        status=PlanStatus(row["status"]),
        version=row["version"],
        revision=row["revision"],
        content_hash=row["content_hash"],
        made_at=row["made_at"],
        makers=frozenset(row["makers"]),
        submitted_by=row["submitted_by"],
        published_by=row["published_by"],
        published_at=row["published_at"],
        window=_window(row),
        retired_from=row["retired_from"],
    )


def _transition(row: RowMapping) -> Transition:
    return Transition(
        plan_id=row["plan_id"],
        number=row["number"],
        sequence=row["sequence"],
        before=PlanStatus(row["before"]) if row["before"] else None,
        after=PlanStatus(row["after"]),
        revision=row["revision"],
        by=row["by"],
        at=row["at"],
        reason=row["reason"],
        submitted_by=row["submitted_by"],
        window=_window(row),
        retired_from=row["retired_from"],
        accepted_warnings=tuple(row["accepted_warnings"] or ()),
    )
