"""Jobs of every tenant, handed out one at a time under a lease."""

from datetime import datetime

from sqlalchemy import or_, select, update

from calc_engine.adapters.database import tables
from calc_engine.application.jobs import LEASE, Job
from premia_runtime.database import Database

_job = tables.job.c


class PostgresJobs:
    """Seen by the system role only; it reads no figure of any tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime) -> Job | None:
        """Return the oldest job nobody works on, leased to the caller; None if there is none.

        A job whose worker died comes again when its lease has run out.
        """
        async with self._database.system() as connection:
            found = await connection.execute(
                select(_job.tenant_id, _job.job_id, _job.kind, _job.run_id, _job.attempts)
                .where(
                    _job.status == "queued",
                    or_(_job.leased_until.is_(None), _job.leased_until < now),
                )
                .order_by(_job.created_at, _job.job_id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = found.one_or_none()
            if row is None:
                return None
            await connection.execute(
                update(tables.job)
                .where(_job.tenant_id == row.tenant_id, _job.job_id == row.job_id)
                .values(leased_until=now + LEASE, attempts=row.attempts + 1)
            )
            return Job(row.tenant_id, row.job_id, row.kind, row.run_id, row.attempts + 1)

    async def extend(self, job: Job, now: datetime) -> None:
        """Keep the lease while the job is worked on."""
        await self._change(job, leased_until=now + LEASE)

    async def release(self, job: Job) -> None:
        """Give the job back at once."""
        await self._change(job, leased_until=None)

    async def finish(self, job: Job) -> None:
        """Never hand the job out again."""
        await self._change(job, status="done")

    async def _change(self, job: Job, **values: object) -> None:
        """Change a job that the caller still holds: each claim of it counts as an attempt."""
        async with self._database.system() as connection:
            await connection.execute(
                update(tables.job)
                .where(_job.tenant_id == job.tenant_id, _job.job_id == job.job_id)
                .where(_job.attempts == job.attempts)
                .values(**values)
            )
