"""What the journeys share: a job's totals in codes and cents, the same for every tenant."""

from typing import Any
from uuid import UUID

from premia_cli.demo.figures import figures_of
from premia_cli.demo.identities import UTILITY_TENANT
from premia_cli.demo.job import Job
from premia_doubles.sample.shape import RUN_MONTH


def fresh_tenant(number: int) -> UUID:
    """Return a tenant that no other test uses."""
    return UUID(int=UTILITY_TENANT.int + 0x100 + number)


async def totals_of(job: Job) -> dict[str, Any]:
    """Return every statement, its tax, and what SAP booked, without ids."""
    found = await figures_of(job, (RUN_MONTH,))
    postings = job.books.postings.values()
    return {
        "statements": found[RUN_MONTH],
        "booked": sorted((str(row.gross), str(row.withholding)) for row in postings),
        "lines": job.known.runs[RUN_MONTH]["counts"],
    }
