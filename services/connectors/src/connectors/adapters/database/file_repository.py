"""Files that were handed in."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.adapters.database.message_repository import to_message
from connectors.application.errors import FileNameTaken, FileNotFound
from connectors.application.ports import FileJob
from connectors.domain.message import FileTotals, Message

_file = tables.file_intake.c
_message = tables.inbound_message.c
_FILE_COLUMNS = [column for column in tables.file_intake.c if column.name not in _message]


class FileRepository:
    """The files of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(
        self,
        message: Message,
        *,
        name: str,
        declared_rows: int | None,
        declared_sum: Decimal | None,
    ) -> None:
        """Keep a file's description."""
        kept = await self._connection.execute(
            insert(tables.file_intake)
            .values(
                tenant_id=self._tenant_id,
                message_id=message.id,
                source_id=message.source_id,
                name=name,
                declared_rows=declared_rows,
                declared_sum=declared_sum,
            )
            .on_conflict_do_nothing()
        )
        if kept.rowcount == 0:
            raise FileNameTaken(name)

    async def by_name(self, source_id: UUID, name: str) -> FileJob | None:
        """Return the file of a name, if there is one."""
        return await self._one(_file.source_id == source_id, _file.name == name)

    async def get(self, message_id: UUID) -> FileJob:
        """Return a file."""
        job = await self._one(_file.message_id == message_id)
        if job is None:
            raise FileNotFound(message_id)
        return job

    async def _one(self, *conditions: Any) -> FileJob | None:
        found = await self._connection.execute(
            select(
                tables.inbound_message, tables.source.c.code.label("source_code"), *_FILE_COLUMNS
            )
            .join(
                tables.file_intake,
                (_file.tenant_id == _message.tenant_id) & (_file.message_id == _message.id),
            )
            .join(
                tables.source,
                (tables.source.c.tenant_id == _message.tenant_id)
                & (tables.source.c.id == _message.source_id),
            )
            .where(_file.tenant_id == self._tenant_id)
            .where(*conditions)
        )
        row = found.mappings().one_or_none()
        return None if row is None else _to_job(row)

    async def finish(
        self, message_id: UUID, totals: FileTotals, *, batch_address: str | None, at: datetime
    ) -> None:
        """Write down what became of a file."""
        await self._update(
            message_id,
            rows=totals.rows,
            accepted=totals.accepted,
            stale=totals.stale,
            duplicates=totals.duplicates,
            quarantined=totals.quarantined,
            amount=Decimal(totals.amount),
            batch_address=batch_address,
            problem_code=None,
            problem_detail=None,
            finished_at=at,
        )

    async def refuse(self, message_id: UUID, code: str, detail: str, *, at: datetime) -> None:
        """Write down why a file was refused or given up."""
        await self._update(message_id, problem_code=code, problem_detail=detail, finished_at=at)

    async def _update(self, message_id: UUID, **values: object) -> None:
        await self._connection.execute(
            update(tables.file_intake)
            .where(_file.tenant_id == self._tenant_id)
            .where(_file.message_id == message_id)
            .values(**values)
        )


def _to_job(row: RowMapping) -> FileJob:
    totals = None
    if row["rows"] is not None:
        totals = FileTotals(
            row["rows"],
            row["accepted"],
            row["stale"],
            row["duplicates"],
            row["quarantined"],
            format(row["amount"].normalize(), "f"),
        )
    return FileJob(
        message=to_message(row),
        source=row["source_code"],
        name=row["name"],
        declared_rows=row["declared_rows"],
        declared_sum=row["declared_sum"],
        totals=totals,
        problem=(row["problem_code"], row["problem_detail"]) if row["problem_code"] else None,
        batch_address=row["batch_address"],
        finished_at=row["finished_at"],
    )
