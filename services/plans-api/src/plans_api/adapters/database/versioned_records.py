"""Records of any kind: a head row each, and one row per version."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from plans_api.domain.record import Content, Record, RecordNotFound

C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[C]):
    """Where records of one kind are kept, and how content becomes a row and back."""

    kind: str
    head: Table
    versions: Table
    key: Callable[[C], dict[str, object]]
    body: Callable[[C], dict[str, object]]
    content: Callable[[RowMapping], C]


class VersionedRecords(Generic[C]):
    """One tenant's records of one kind."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, shelf: Shelf[C]) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self._shelf = shelf

    async def lock(self) -> None:
        """Let no other transaction change records of this kind until this one ends."""
        name = f"{self._shelf.head.name}/{self._tenant_id}"
        await self._connection.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0)))
        )

    async def by_ids(self, ids: Collection[UUID]) -> Mapping[UUID, Record[C]]:
        """Return the current version of those that exist."""
        if not ids:
            return {}
        return await self._found(self._current().where(self._shelf.head.c.id.in_(ids)))

    async def get(self, record_id: UUID) -> Record[C]:
        """Return the current version.

        Raises:
            RecordNotFound: if there is none.
        """
        found = await self.by_ids({record_id})
        if record_id not in found:
            raise RecordNotFound(self._shelf.kind, record_id)
        return found[record_id]

    async def history(self, record_id: UUID) -> Sequence[Record[C]]:
        """Return all versions, the oldest first.

        Raises:
            RecordNotFound: if there is none.
        """
        versions = self._shelf.versions
        rows = await self._connection.execute(
            self._joined(current=False)
            .where(versions.c.id == record_id)
            .order_by(versions.c.version)
        )
        records = [self._record(row) for row in rows.mappings()]
        if not records:
            raise RecordNotFound(self._shelf.kind, record_id)
        return records

    async def page(
        self, *, after: UUID | None, limit: int, matching: Mapping[str, object]
    ) -> Sequence[Record[C]]:
        """Return current versions by id, those after an id, whose columns have these values."""
        head, versions = self._shelf.head, self._shelf.versions
        query = self._current().order_by(head.c.id).limit(limit)
        if after is not None:
            query = query.where(head.c.id > after)
        for name, value in matching.items():
            column = head.c[name] if name in head.c else versions.c[name]
            query = query.where(column == value)
        return list((await self._found(query)).values())

    async def save(self, records: Sequence[Record[C]]) -> None:
        """Keep new versions and make them current."""
        heads = [self._head_row(record) for record in records if record.version == 1]
        if heads:
            await self._connection.execute(insert(self._shelf.head), heads)
        if records:
            rows = [self._version_row(record) for record in records]
            await self._connection.execute(insert(self._shelf.versions), rows)
        changed = [record for record in records if record.version > 1]
        if changed:
            head = self._shelf.head
            await self._connection.execute(
                update(head)
                .where(head.c.tenant_id == self._tenant_id)
                .where(head.c.id == bindparam("record_id"))
                .values(version=bindparam("new_version")),
                [{"record_id": item.id, "new_version": item.version} for item in changed],
            )

    def _current(self) -> Select[Any]:
        return self._joined(current=True)

    def _joined(self, *, current: bool) -> Select[Any]:
        head, versions = self._shelf.head, self._shelf.versions
        same = and_(versions.c.tenant_id == head.c.tenant_id, versions.c.id == head.c.id)
        if current:
            same = and_(same, versions.c.version == head.c.version)
        from_head = [c for c in head.c if c.name not in versions.c]
        return (
            select(*from_head, *versions.c)
            .join_from(head, versions, same)
            .where(head.c.tenant_id == self._tenant_id)
        )

    async def _found(self, query: Select[Any]) -> dict[UUID, Record[C]]:
        rows = await self._connection.execute(query)
        records = [self._record(row) for row in rows.mappings()]
        return {record.id: record for record in records}

    def _record(self, row: RowMapping) -> Record[C]:
        return Record(
            row["id"], row["version"], row["made_by"], row["made_at"], self._shelf.content(row)
        )

    def _head_row(self, record: Record[C]) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "id": record.id,
            "version": record.version,
            **self._shelf.key(record.content),
        }

    def _version_row(self, record: Record[C]) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "id": record.id,
            "version": record.version,
            "made_by": record.made_by,
            "made_at": record.made_at,
            **self._shelf.body(record.content),
        }
