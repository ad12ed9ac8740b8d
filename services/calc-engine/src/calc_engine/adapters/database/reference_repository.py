"""Facts found by what they name, without reading the others."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database.raw import driver_connection
from calc_engine.domain.fact import Fact
from calc_engine.domain.standing import Standing

_COLUMNS = "kind, key, version, known_at, event_id, body, digest"
_QUALIFIED = ", ".join(f"fact.{name}" for name in _COLUMNS.split(", "))
# Facts are many, and how many there are of a name is hard to estimate: `offset 0` keeps each
# lookup a lookup, so that no query reads the whole table.
_LOOKED_UP = f"""
    cross join lateral (
        select {_COLUMNS} from fact
        where tenant_id = $1 and fact.kind = {{kind}} and fact.key = {{key}} offset 0
    ) as {{name}}
"""  # noqa: S608 - only constants of this module are put together
_NAMING = f"""
    with named as materialized (
        select distinct kind, key from fact_reference
        where tenant_id = $1 and reference = any ($2::text[]) and kind = any ($3::text[])
    )
    select {_QUALIFIED}
    from named {_LOOKED_UP.format(kind="named.kind", key="named.key", name="fact")}
"""  # noqa: S608 - only constants of this module are put together
_OF_KEYS = f"""
    select {_COLUMNS} from fact where tenant_id = $1 and kind = $2 and key = any ($3::text[])
"""  # noqa: S608 - only constants of this module are put together
_PRESENT = """
    with recursive present as (
        (select kind from fact where tenant_id = $1 order by kind limit 1)
        union all
        select (select fact.kind from fact where fact.tenant_id = $1 and fact.kind > present.kind
                order by fact.kind limit 1)
        from present where present.kind is not null
    )
    select present.kind,
           (select count(*) from fact where tenant_id = $1 and fact.kind = present.kind) as facts
    from present where not present.kind = any ($2::text[]) order by present.kind
"""
_OF_KINDS = f"""
    select {_COLUMNS} from fact where tenant_id = $1 and kind = any ($2::text[])
"""  # noqa: S608 - only constants of this module are put together
_PAYING = f"""
    select {_COLUMNS} from fact
    where tenant_id = $1 and kind in ('loan', 'adjustment')
      and body::jsonb ->> 'payee' = any ($2::text[])
"""  # noqa: S608 - only constants of this module are put together
_POSITION = _LOOKED_UP.format(kind="'position'", key="chain.key", name="held")
_CHAIN = f"""
    with recursive chain (key) as (
        select key from fact_reference
        where tenant_id = $1 and reference = any ($2::text[]) and kind = 'position'
        union
        select line ->> 'reports_to'
        from chain {_POSITION}
        cross join jsonb_array_elements(held.body::jsonb -> 'reporting_lines') as line
    ), wanted (kind, key) as materialized (
        select 'position', key from chain
        union
        select 'payee', holding ->> 'payee_id'
        from chain {_POSITION}
        cross join jsonb_array_elements(held.body::jsonb -> 'holdings') as holding
    )
    select {_QUALIFIED}
    from wanted {_LOOKED_UP.format(kind="wanted.kind", key="wanted.key", name="fact")}
"""  # noqa: S608 - only constants of this module are put together
_ARRIVED = """
    select distinct kind, key from fact
    where tenant_id = $1 and xid >= pg_snapshot_xmin($2::text::pg_snapshot)
      and not pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
    order by kind, key limit $3
"""

TENANTS_KEPT = 64
_Kept: TypeAlias = tuple[UUID, str, tuple[tuple[str, int], ...]]
_KEPT: dict[_Kept, tuple[Fact, ...]] = {}
"""Plans, trees and other facts that are read whole, of the tenants seen last."""


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

    async def chain_above(self, payees: Collection[str]) -> Sequence[Fact]:
        """Return every version of the positions of some payees and above, and of who holds them."""
        driver = await driver_connection(self._connection)
        held = [f"payee-id:{payee}" for payee in payees]
        return [_fact(row) for row in await driver.fetch(_CHAIN, self._tenant_id, held)]

    async def paying(self, names: Collection[str]) -> Sequence[Fact]:
        """Return every version of the loans and adjustments of payees by their ids and codes.

        They are few: those of the tenant are looked through.
        """
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_PAYING, self._tenant_id, list(names))
        return [_fact(row) for row in rows]

    async def other_than(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of all facts that are of none of some kinds.

        Facts are only ever added, so as many of a kind as last time are the same ones.
        """
        driver = await driver_connection(self._connection)
        present = await driver.fetch(_PRESENT, self._tenant_id, list(kinds))
        counts = tuple((row["kind"], row["facts"]) for row in present)
        key = (self._tenant_id, await self._database(), counts)
        known = _KEPT.get(key)
        if known is None:
            rows = await driver.fetch(_OF_KINDS, self._tenant_id, [kind for kind, _ in counts])
            known = tuple(_fact(row) for row in rows)
            if len(_KEPT) >= TENANTS_KEPT:
                _KEPT.clear()
            _KEPT[key] = known
        return known

    async def _database(self) -> str:
        """Return the name of the database, since tests have several in one process."""
        return str(self._connection.engine.url.database)

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
