"""Which tenants have facts that their standings do not know."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from premia_runtime.database import Database

_WAITING = """
    select distinct tenant_id from standing
    where waits_because is null
      and system_identifier = (select system_identifier::text from pg_control_system())
      and exists (
        select from fact where fact.tenant_id = standing.tenant_id
          and fact.xid >= pg_snapshot_xmin(standing.snapshot::pg_snapshot)
          and not pg_visible_in_snapshot(fact.xid, standing.snapshot::pg_snapshot))
    order by tenant_id
"""


class PostgresWaitingStandings:
    """Looks over all tenants with the system's role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tenants(self) -> Sequence[UUID]:
        """Return the tenants with facts that a standing does not know, in the order of their ids.

        Standings of periods that are closed since are among them; nothing renews these.
        """
        async with self._database.system() as connection:
            found = await connection.scalars(text(_WAITING))
            return list(found)
