"""Fiscal profiles: revisions and transitions insert-only, a head says which is in force."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, and_, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.adapters.database import tables
from invoicing.adapters.database.locks import lock_out_statements
from invoicing.domain.fiscal_profile import (
    ApprovedProfile,
    FiscalContent,
    FiscalProfile,
    FiscalProfileExists,
    ProfileStatus,
)

_heads = tables.fiscal_profiles.c
_revisions = tables.fiscal_profile_revisions.c
_transitions = tables.fiscal_profile_transitions.c
_CONTENT = TypeAdapter(FiscalContent)

_NEWEST = (
    select(
        tables.fiscal_profiles,
        _revisions.content,
        _revisions.made_by,
        _revisions.made_at,
        _transitions.by.label("last_by"),
    )
    .join(
        tables.fiscal_profile_revisions,
        and_(
            _revisions.tenant_id == _heads.tenant_id,
            _revisions.profile_id == _heads.id,
            _revisions.revision == _heads.revision,
        ),
    )
    .join(
        tables.fiscal_profile_transitions,
        and_(
            _transitions.tenant_id == _heads.tenant_id,
            _transitions.profile_id == _heads.id,
            _transitions.version == _heads.version,
        ),
    )
)


def profile_from(row: RowMapping) -> FiscalProfile:
    """Return the profile of a row of head, newest revision and last transition."""
    status = ProfileStatus(row["status"])
    return FiscalProfile(
        id=row["id"],
        payee_id=row["payee_id"],
        valid_from=row["valid_from"],
        revision=row["revision"],
        content=_CONTENT.validate_python(row["content"]),
        status=status,
        version=row["version"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        approved_revision=row["approved_revision"],
        approved_by=row["last_by"] if status is ProfileStatus.APPROVED else None,
    )


class DatabaseFiscalProfileRepository:
    """The fiscal profiles of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def find(self, profile_id: UUID, *, lock: bool = True) -> FiscalProfile | None:
        """Return a profile in its newest revision, locked until the transaction ends."""
        query = _NEWEST.where(_heads.tenant_id == self._tenant_id, _heads.id == profile_id)
        if lock:
            query = query.with_for_update(of=tables.fiscal_profiles)
        found = await self._connection.execute(query)
        row = found.mappings().one_or_none()
        return None if row is None else profile_from(row)

    async def page(
        self, *, after: UUID | None, limit: int, payee_id: UUID | None
    ) -> Sequence[FiscalProfile]:
        """Return profiles by id, beginning after one."""
        query = _NEWEST.where(_heads.tenant_id == self._tenant_id)
        if after is not None:
            query = query.where(_heads.id > after)
        if payee_id is not None:
            query = query.where(_heads.payee_id == payee_id)
        found = await self._connection.execute(query.order_by(_heads.id).limit(limit))
        return [profile_from(row) for row in found.mappings()]

    async def add(self, profile: FiscalProfile) -> None:
        """Keep a profile's first revision.

        Raises:
            FiscalProfileExists: if another request recorded one from that day meanwhile.
        """
        added = await self._connection.scalar(
            upsert(tables.fiscal_profiles)
            .values(
                tenant_id=self._tenant_id,
                id=profile.id,
                payee_id=profile.payee_id,
                valid_from=profile.valid_from,
                revision=profile.revision,
                status=profile.status.value,
                version=profile.version,
            )
            .on_conflict_do_nothing()
            .returning(_heads.id)
        )
        if added is None:
            raise FiscalProfileExists(profile.id, profile.valid_from)
        await self._keep_revision(profile)

    async def revise(self, profile: FiscalProfile) -> None:
        """Keep a profile's next revision."""
        await self._keep_revision(profile)
        await self._move_head(profile)

    async def approve(self, profile: FiscalProfile, at: datetime) -> None:
        """Keep the approval of a profile's newest revision."""
        await lock_out_statements(self._connection, self._tenant_id)
        await self._connection.execute(
            insert(tables.fiscal_profile_transitions).values(
                tenant_id=self._tenant_id,
                profile_id=profile.id,
                version=profile.version,
                revision=profile.revision,
                to_status=profile.status.value,
                at=at,
                by=profile.approved_by,
                made_by=profile.made_by,
            )
        )
        await self._move_head(profile)

    async def approved(self, payee_id: UUID) -> Sequence[ApprovedProfile]:
        """Return the approved revision of each of the payee's profiles."""
        return (await self.approved_of_all([payee_id])).get(payee_id, ())

    async def approved_of_all(
        self, payee_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[ApprovedProfile]]:
        """Return the approved revision of each profile of these payees, by payee."""
        found = await self._connection.execute(
            select(_heads.id, _heads.payee_id, _heads.valid_from, _revisions.revision,
                   _revisions.content)
            .join(
                tables.fiscal_profile_revisions,
                and_(
                    _revisions.tenant_id == _heads.tenant_id,
                    _revisions.profile_id == _heads.id,
                    _revisions.revision == _heads.approved_revision,
                ),
            )
            .where(_heads.tenant_id == self._tenant_id, _heads.payee_id.in_(payee_ids))
            .order_by(_heads.valid_from)
        )  # fmt: skip
        by_payee: dict[UUID, list[ApprovedProfile]] = {}
        for row in found.mappings():
            by_payee.setdefault(row["payee_id"], []).append(_approved_from(row))
        return by_payee

    async def _keep_revision(self, profile: FiscalProfile) -> None:
        await self._connection.execute(
            insert(tables.fiscal_profile_revisions).values(
                tenant_id=self._tenant_id,
                profile_id=profile.id,
                revision=profile.revision,
                content=_CONTENT.dump_python(profile.content, mode="json"),
                made_by=profile.made_by,
                made_at=profile.made_at,
            )
        )
        await self._connection.execute(
            insert(tables.fiscal_profile_transitions).values(
                tenant_id=self._tenant_id,
                profile_id=profile.id,
                version=profile.version,
                revision=profile.revision,
                to_status=profile.status.value,
                at=profile.made_at,
                by=profile.made_by,
            )
        )

    async def _move_head(self, profile: FiscalProfile) -> None:
        await self._connection.execute(
            update(tables.fiscal_profiles)
            .where(_heads.tenant_id == self._tenant_id, _heads.id == profile.id)
            .values(
                revision=profile.revision,
                status=profile.status.value,
                version=profile.version,
                approved_revision=profile.approved_revision,
            )
        )


def _approved_from(row: RowMapping) -> ApprovedProfile:
    return ApprovedProfile(
        row["id"], row["revision"], row["payee_id"], row["valid_from"],
        _CONTENT.validate_python(row["content"]),
    )  # fmt: skip
