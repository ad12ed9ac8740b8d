"""What was promised by an answer and is still to be done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.application.ports import Task

_task = tables.pending_task.c


class TaskRepository:
    """The tasks of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, task: Task, subject_id: UUID, *, not_before: datetime) -> None:
        """Remember a task; the same one again changes nothing."""
        await self._connection.execute(
            insert(tables.pending_task)
            .values(
                tenant_id=self._tenant_id,
                task=task.value,
                subject_id=subject_id,
                not_before=not_before,
                attempts=0,
            )
            .on_conflict_do_nothing()
        )

    async def take(self, task: Task, subject_id: UUID, *, wait: bool) -> bool:
        """Take a task for this transaction and remove it; False if another has or did it."""
        found = await self._connection.scalar(
            select(_task.attempts)
            .where(*self._is(task, subject_id))
            .with_for_update(skip_locked=not wait)
        )
        if found is None:
            return False
        await self.give_up(task, subject_id)
        return True

    async def postpone(
        self, task: Task, subject_id: UUID, *, error: str, not_before: datetime
    ) -> int:
        """Count a failed try; return how many there were."""
        attempts = await self._connection.scalar(
            update(tables.pending_task)
            .where(*self._is(task, subject_id))
            .values(attempts=_task.attempts + 1, error=error, not_before=not_before)
            .returning(_task.attempts)
        )
        return int(attempts or 0)

    async def give_up(self, task: Task, subject_id: UUID) -> None:
        """Remove a task."""
        await self._connection.execute(
            delete(tables.pending_task).where(*self._is(task, subject_id))
        )

    def _is(self, task: Task, subject_id: UUID) -> tuple[ColumnElement[bool], ...]:
        return (
            _task.tenant_id == self._tenant_id,
            _task.task == task.value,
            _task.subject_id == subject_id,
        )
