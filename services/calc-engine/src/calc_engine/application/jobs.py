"""Runs, replays and simulations that wait for a worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

LEASE = timedelta(seconds=6)
MOST_ATTEMPTS = 10
"""A job that killed this many workers is not tried again."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run, a replay or a simulation that this worker holds."""

    tenant_id: UUID
    job_id: UUID
    kind: Literal["run", "replay", "simulation"]
    run_id: UUID
    """The run that is calculated or replayed; of a simulation its own id."""
    attempts: int


class JobQueue(Protocol):
    """Hands out the jobs of every tenant, one at a time under a lease.

    A worker whose lease ran out, and whose job another one took, changes nothing any more.
    """

    async def claim(self, now: datetime) -> Job | None:
        """Return the oldest job nobody works on, leased to the caller; None if there is none."""
        ...

    async def extend(self, job: Job, now: datetime) -> None:
        """Keep the lease while the job is worked on."""
        ...

    async def release(self, job: Job) -> None:
        """Give the job back at once."""
        ...

    async def finish(self, job: Job) -> None:
        """Never hand the job out again."""
        ...
