"""Facts found by what they name, without reading the others."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.fact import Fact
from calc_engine.domain.standing import Standing

_COLUMNS = "kind, key, version, known_at, event_id, body, digest"
_QUALIFIED = ", ".join(f"fact.{name}" for name in _COLUMNS.split(", "))
# Facts are many: each query starts at the few keys that are asked for.
_NAMING = f"""
    with named as (
        select distinct kind, key from fact_reference
        where tenant_id = $1 and reference = any ($2::text[]) and kind = any ($3::text[])
    )
    select {_QUALIFIED} from named join fact
        on fact.tenant_id = $1 and fact.kind = named.kind and fact.key = named.key
"""  # noqa: S608 - only constants of this module are put together
_OF_KEYS = f"""
    select {_COLUMNS} from fact where tenant_id = $1 and kind = $2 and key = any ($3::text[])
"""  # noqa: S608 - only constants of this module are put together
_OTHER_THAN = f"""
    with recursive present as (
        (select kind from fact where tenant_id = $1 order by kind limit 1)
        union all
        select (select fact.kind from fact where fact.tenant_id = $1 and fact.kind > present.kind
                order by fact.kind limit 1)
        from present where present.kind is not null
    )
    select {_QUALIFIED}
    from present join fact on fact.tenant_id = $1 and fact.kind = present.kind
    where not present.kind = any ($2::text[])
"""  # noqa: S608 - only constants of this module are put together
_ARRIVED = """
    select distinct kind, key from fact
    where tenant_id = $1 and xid >= pg_snapshot_xmin($2::text::pg_snapshot)
      and not pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
    order by kind, key limit $3
"""


class PostgresReferences:
    """One tenant's facts by what they name."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def naming(self, references: Collection[str], kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of the facts of some kinds that ever named one of some things."""
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_NAMING, self._tenant_id, list(references), list(kinds))
        return [_fact(row) for row in rows]

    async def of_keys(self, kind: str, keys: Collection[str]) -> Sequence[Fact]:
        """Return every version of some facts of a kind."""
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_OF_KEYS, self._tenant_id, kind, list(keys))
        return [_fact(row) for row in rows]

    async def other_than(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of all facts that are of none of some kinds."""
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_OTHER_THAN, self._tenant_id, list(kinds))
        return [_fact(row) for row in rows]

    async def arrived_since(self, standing: Standing, limit: int) -> Sequence[tuple[str, str]]:
        """Return kind and key of at most so many facts that a standing does not know."""
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_ARRIVED, self._tenant_id, standing.snapshot, limit)
        return [(row["kind"], row["key"]) for row in rows]


def _fact(row: Any) -> Fact:
    return Fact(
        row["kind"],
        row["key"],
        row["version"],
        row["known_at"],
        row["event_id"],
        row["digest"],
        _parsed(row["body"]),
    )


@lru_cache(maxsize=4_096)
def _parsed(body: str) -> Any:
    """Parse a body once: plans, trees and payees are read again and again."""
    return orjson.loads(body)
