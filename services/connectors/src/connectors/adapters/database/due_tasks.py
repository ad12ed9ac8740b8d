"""Which tasks of any tenant are due: what a restarted service must finish."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from connectors.adapters.database import tables
from connectors.application.ports import Task
from premia_runtime.database import Database

_task = tables.pending_task.c


class DueTasks:
    """Reads due tasks as the system role, which sees ids and instants and nothing else."""

    def __init__(self, system_database: Database) -> None:
        self._database = system_database

    async def __call__(self, now: datetime, *, limit: int) -> Sequence[tuple[UUID, Task, UUID]]:
        """Return tenant, task and subject of what is due, the oldest first."""
        async with self._database.system() as connection:
            found = await connection.execute(
                select(_task.tenant_id, _task.task, _task.subject_id)
                .where(_task.not_before <= now)
                .order_by(_task.not_before)
                .limit(limit)
            )
            return [(row.tenant_id, Task(row.task), row.subject_id) for row in found]
