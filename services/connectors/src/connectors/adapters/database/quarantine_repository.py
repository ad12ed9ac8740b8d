"""Records that could not be read, kept until they can."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.application.errors import QuarantineEntryNotFound
from connectors.application.ports import QuarantineEntry
from connectors.application.preparation import RefusedRecord
from connectors.domain.message import Message, RecordForm
from premia_common.canonical import canonical_json
from premia_common.identifiers import derive_id

_entry = tables.quarantine.c
_ZERO, _STANDS_FOR_ZERO = "\x00", "\U0010fffd"
"""PostgreSQL stores no zero character; the last character for private use stands for it."""


class QuarantineRepository:
    """The quarantine of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def put(
        self, message: Message, refused: Sequence[RefusedRecord], *, at: datetime
    ) -> None:
        """Keep refused records; one refused again counts the attempt."""
        adding = insert(tables.quarantine)
        again = adding.on_conflict_do_update(
            index_elements=["tenant_id", "message_id", "part"],
            set_={
                "code": adding.excluded.code,
                "detail": adding.excluded.detail,
                "field": adding.excluded.field,
                "value": adding.excluded.value,
                "last_at": adding.excluded.last_at,
                "attempts": _entry.attempts + 1,
            },
            where=_entry.status == "open",
        )
        rows = [
            {
                "tenant_id": self._tenant_id,
                "id": derive_id("quarantine", str(self._tenant_id), str(message.id), entry.part),
                "source_id": message.source_id,
                "message_id": message.id,
                "part": entry.part,
                "form": message.form.value,
                "record": storable(entry.record),
                **_reason(entry),
                "status": "open",
                "attempts": 1,
                "first_at": at,
                "last_at": at,
            }
            for entry in refused
        ]
        await self._connection.execute(again, rows)

    async def get(self, entry_id: UUID) -> QuarantineEntry:
        """Return an entry, locked until the transaction ends."""
        found = await self._connection.execute(
            select(tables.quarantine)
            .where(_entry.tenant_id == self._tenant_id)
            .where(_entry.id == entry_id)
            .with_for_update()
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise QuarantineEntryNotFound(entry_id)
        return to_entry(row)

    async def refuse_again(self, entry_id: UUID, refused: RefusedRecord, *, at: datetime) -> None:
        """Write down why an entry's record is still refused."""
        await self._connection.execute(
            update(tables.quarantine)
            .where(_entry.tenant_id == self._tenant_id)
            .where(_entry.id == entry_id)
            .values(**_reason(refused), attempts=_entry.attempts + 1, last_at=at)
        )

    async def release(
        self, message_id: UUID, parts: Collection[str], *, by: UUID | None, at: datetime
    ) -> None:
        """Close the open entries of these records."""
        if not parts:
            return
        await self._connection.execute(
            update(tables.quarantine)
            .where(_entry.tenant_id == self._tenant_id)
            .where(_entry.message_id == message_id)
            .where(_entry.part.in_(list(parts)))
            .where(_entry.status == "open")
            .values(status="released", released_at=at, released_by=by)
        )


def storable(record: Mapping[str, Any]) -> Any:
    """Return a record as JSON the database takes: numbers as text, zero characters replaced.

    A replay must meet the record that was received, so `as_received` puts them back.
    """
    return _exchanged(orjson.loads(canonical_json(dict(record))), _ZERO, _STANDS_FOR_ZERO)


def as_received(stored: Any) -> Any:
    r"""Return a stored record with its zero characters.

    >>> as_received(storable({"a": ["x\x00"]}))
    {'a': ['x\x00']}
    """
    return _exchanged(stored, _STANDS_FOR_ZERO, _ZERO)


def _exchanged(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [_exchanged(item, old, new) for item in value]
    if isinstance(value, dict):
        return {name.replace(old, new): _exchanged(v, old, new) for name, v in value.items()}
    return value


def to_entry(row: RowMapping) -> QuarantineEntry:
    """Return a row as the entry it holds."""
    return QuarantineEntry(
        id=row["id"],
        source_id=row["source_id"],
        message_id=row["message_id"],
        part=row["part"],
        form=RecordForm(row["form"]),
        code=row["code"],
        detail=row["detail"],
        field=row["field"],
        value=row["value"],
        status=row["status"],
        attempts=row["attempts"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        record=as_received(row["record"]),
    )


def _reason(entry: RefusedRecord) -> dict[str, str | None]:
    refusal = entry.refusal
    return {
        "code": refusal.code.value,
        "detail": _text(f"{refusal.detail}.  {refusal.what_to_do}"),
        "field": refusal.field,
        "value": None if refusal.value is None else _text(refusal.value),
    }


def _text(value: str) -> str:
    return value.replace("\x00", "�").encode("utf-8", "replace").decode()
