"""Facts in PostgreSQL, and the tail that no segment holds yet."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from calc_engine.adapters.database import tables
from calc_engine.adapters.database.raw import driver_connection
from calc_engine.application.ports import FactRow
from calc_engine.domain.fact import Fact, FactName, RawMessage
from calc_engine.domain.run import Segment, SourceState
from premia_common.identifiers import derive_id

ROWS_A_STATEMENT = 20_000

_COLUMNS = "kind, key, version, known_at, event_id, body, digest"
_GIVEN = (
    "unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::text[],"
    f" $8::text[]) as given ({_COLUMNS})"
)

_INSERT = f"""
    insert into fact (tenant_id, {_COLUMNS})
    select $1, {_COLUMNS} from {_GIVEN}
    on conflict do nothing
"""  # noqa: S608 - only constants of this module are put together
# Which message a record was first read from, and when, does not make it another record.
_CONFLICTS = f"""
    insert into fact_conflict (tenant_id, {_COLUMNS})
    select $1, given.kind, given.key, given.version, given.known_at, given.event_id, given.body,
           given.digest
    from {_GIVEN}
    join fact on fact.tenant_id = $1 and fact.kind = given.kind and fact.key = given.key
             and fact.version = given.version
    where fact.digest <> given.digest
      and fact.body::jsonb - 'raw' - 'known_at' <> given.body::jsonb - 'raw' - 'known_at'
    on conflict do nothing
"""  # noqa: S608 - only constants of this module are put together
_TAIL = f"""
    select {_COLUMNS} from fact
    where tenant_id = $1
      and ($2::text is null
           or (xid >= pg_snapshot_xmin($2::text::pg_snapshot)
               and not pg_visible_in_snapshot(xid, $2::text::pg_snapshot)))
    order by kind, key, version
"""  # noqa: S608 - only constants of this module are put together
_RAW = """
    select kind, key, version, raw ->> 'message_id' as message_id, raw ->> 'sha256' as sha256,
           raw ->> 'part' as part
    from (
        select kind, key, version, fact.body::jsonb -> 'raw' as raw
        from fact join unnest($2::text[], $3::text[], $4::text[]) as wanted (kind, key, version)
             using (kind, key, version)
        where fact.tenant_id = $1
    ) as found
    where raw is not null
"""
_PAYEE_CODES = """
    select distinct on (key) key, body::jsonb ->> 'code' as code
    from fact where tenant_id = $1 and kind = 'payee' and key = any ($2::text[])
    order by key, version desc
"""
_ORDERS_NAMING = f"""
    select {_COLUMNS} from fact
    where tenant_id = $1 and kind = 'order'
      and (exists (select from unnest($2::text[], $3::text[]) as name (system, code)
                   where body::jsonb -> 'seller' ->> 'system' = name.system
                     and body::jsonb -> 'seller' ->> 'code' = name.code)
           or exists (select from unnest($2::text[], $3::text[]) as name (system, code)
                      where body::jsonb -> 'partner' ->> 'system' = name.system
                        and body::jsonb -> 'partner' ->> 'code' = name.code))
    order by key, version limit $4
"""  # noqa: S608 - only constants of this module are put together
_SIGNALS_OF = f"""
    select {_COLUMNS} from fact
    where tenant_id = $1 and kind = 'billing_signal'
      and body::jsonb -> 'order' ->> 'code' = any ($2::text[])
    order by key, version
"""  # noqa: S608 - only constants of this module are put together
_SOURCES = """
    with arrived as (
        select split_part(key, '/', 1) as source, count(*) as facts
        from fact
        where tenant_id = :tenant and kind in ('order', 'billing_signal', 'measurement')
        group by 1
    ), promised as (
        select distinct on (key) key as source, body::jsonb as body
        from fact where tenant_id = :tenant and kind = 'watermark'
        order by key, (body::jsonb ->> 'known_up_to')::timestamptz desc, version desc
    ), discarded as (
        select source, count(*) as rows
        from rejected_record as row
        join rejected_record_outcome as settled using (tenant_id, rejected_id)
        where tenant_id = :tenant and settled.outcome = 'discarded' and row.loaded_by is null
          and not exists (
              select from fact
              where fact.tenant_id = :tenant and fact.kind = row.kind
                and fact.key = row.row::jsonb ->> 'key'
                and fact.version = row.row::jsonb ->> 'version'
          )
        group by source
    )
    select source, coalesce(facts, 0) as facts, coalesce(discarded.rows, 0) as discarded, body
    from arrived full join promised using (source) left join discarded using (source)
    order by source
"""


class PostgresFacts:
    """One tenant's facts."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, facts: Sequence[FactRow]) -> int:
        """Store those that are new and return how many; another content is kept as a conflict."""
        driver = await driver_connection(self._connection)
        # Two readers that store the same facts must meet them in the same order.
        ordered = sorted(facts, key=lambda fact: (fact.kind, fact.key, fact.version))
        stored = 0
        for start in range(0, len(ordered), ROWS_A_STATEMENT):
            columns = _columns(ordered[start : start + ROWS_A_STATEMENT])
            done = await driver.execute(_INSERT, self._tenant_id, *columns)
            new = int(done.rpartition(" ")[2])
            stored += new
            if new < len(columns[0]):
                await driver.execute(_CONFLICTS, self._tenant_id, *columns)
        return stored

    async def sources(self) -> Sequence[SourceState]:
        """Return what each source promised and what has arrived of it."""
        found = await self._connection.execute(text(_SOURCES), {"tenant": self._tenant_id})
        return tuple(_source(row.source, row.facts, row.discarded, row.body) for row in found)

    async def current(self, kind: str) -> Sequence[Fact]:
        """Return the current facts of a kind: master data, not orders."""
        table = tables.fact.c
        found = await self._connection.execute(
            select(tables.fact)
            .ext(distinct_on(table.key))
            .where(table.tenant_id == self._tenant_id, table.kind == kind)
            .order_by(table.key, table.version.desc())
        )
        return tuple(_fact(row) for row in found.mappings())

    async def of_kinds(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return every version of the facts of some kinds: master data, not orders."""
        table = tables.fact.c
        found = await self._connection.execute(
            select(tables.fact)
            .where(table.tenant_id == self._tenant_id, table.kind.in_(sorted(kinds)))
            .order_by(table.kind, table.key, table.version)
        )
        return tuple(_fact(row) for row in found.mappings())

    async def versions_of(self, kind: str, key: str) -> Sequence[Fact]:
        """Return every version of one fact."""
        table = tables.fact.c
        found = await self._connection.execute(
            select(tables.fact)
            .where(table.tenant_id == self._tenant_id, table.kind == kind, table.key == key)
            .order_by(table.version)
        )
        return tuple(_fact(row) for row in found.mappings())

    async def orders_naming(
        self, names: Sequence[tuple[str, str]], *, limit: int
    ) -> Sequence[Fact]:
        """Return every version of the orders whose seller or partner has one of some codes."""
        driver = await driver_connection(self._connection)
        systems, codes = [name[0] for name in names], [name[1] for name in names]
        rows = await driver.fetch(_ORDERS_NAMING, self._tenant_id, systems, codes, limit)
        return tuple(_fact(row) for row in rows)

    async def signals_of(self, orders: Collection[Fact]) -> Sequence[Fact]:
        """Return the billing signals that speak of some orders, by record or by number."""
        driver = await driver_connection(self._connection)
        codes = {order.body[name] for order in orders for name in ("record_id", "order_number")}
        rows = await driver.fetch(_SIGNALS_OF, self._tenant_id, sorted(codes))
        return tuple(_fact(row) for row in rows)

    async def raw_messages(self, names: Collection[FactName]) -> Mapping[FactName, RawMessage]:
        """Return the message that each of these facts was read from; unknown ones are left out."""
        if not names:
            return {}
        driver = await driver_connection(self._connection)
        columns = ([getattr(name, part) for name in names] for part in ("kind", "key", "version"))
        rows = await driver.fetch(_RAW, self._tenant_id, *columns)
        return {
            FactName(row["kind"], row["key"], row["version"]): RawMessage(
                row["message_id"], row["sha256"], row["part"]
            )
            for row in rows
        }

    async def payee_codes(self, payee_ids: Collection[str]) -> Mapping[str, str]:
        """Return the code of each of these payees, as last told; unknown ones are left out."""
        if not payee_ids:
            return {}
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_PAYEE_CODES, self._tenant_id, list(payee_ids))
        return {row["key"]: row["code"] for row in rows}

    async def lock_sealing(self) -> None:
        """Wait until nobody else seals this tenant's facts; until the transaction ends."""
        key = derive_id("sealing", str(self._tenant_id)).int & ((1 << 63) - 1)
        await self._connection.execute(select(func.pg_advisory_xact_lock(key)))

    async def tail(self) -> Sequence[FactRow]:
        """Return the facts that no segment holds, sorted by key; needs REPEATABLE READ.

        Rows are told by the transaction that wrote them, not by time: a transaction that was
        open while the last segment was sealed is not in that segment's snapshot, so its rows
        are in this tail, however long ago they were written.
        """
        driver = await driver_connection(self._connection)
        rows = await driver.fetch(_TAIL, self._tenant_id, await self._last_snapshot())
        return [FactRow(*row) for row in rows]

    async def add_segment(self, segment: Segment, at: datetime) -> None:
        """Record a sealed segment with this transaction's snapshot."""
        table = tables.segment.c
        last = await self._connection.scalar(
            select(func.coalesce(func.max(table.number), 0)).where(
                table.tenant_id == self._tenant_id
            )
        )
        await self._connection.execute(
            insert(tables.segment).values(
                tenant_id=self._tenant_id,
                number=int(last or 0) + 1,
                address=segment.address,
                sha256=segment.sha256,
                rows=segment.rows,
                snapshot=text("pg_current_snapshot()::text"),
                system_identifier=await self._system_identifier(),
                sealed_at=at,
            )
        )

    async def segments(self) -> Sequence[Segment]:
        """Return the segments that together hold every sealed fact, oldest first.

        Transaction numbers mean nothing in a database restored elsewhere, so there all facts
        are sealed anew and only those segments count.
        """
        table = tables.segment.c
        found = await self._connection.execute(
            select(table.address, table.sha256, table.rows)
            .where(table.tenant_id == self._tenant_id)
            .where(table.system_identifier == await self._system_identifier())
            .order_by(table.number)
        )
        return tuple(Segment(row.address, row.sha256, row.rows) for row in found)

    async def export_snapshot(self) -> str:
        """Return by what name another transaction sees the same, while this one is open."""
        return str(await self._connection.scalar(text("select pg_export_snapshot()")))

    async def snapshot(self) -> str:
        """Return which transactions this one sees, as PostgreSQL writes it."""
        return str(await self._connection.scalar(text("select pg_current_snapshot()::text")))

    async def _last_snapshot(self) -> str | None:
        table = tables.segment.c
        found: str | None = await self._connection.scalar(
            select(table.snapshot)
            .where(table.tenant_id == self._tenant_id)
            .where(table.system_identifier == await self._system_identifier())
            .order_by(table.number.desc())
            .limit(1)
        )
        return found

    async def _system_identifier(self) -> str:
        found = await self._connection.scalar(
            text("select system_identifier::text from pg_control_system()")
        )
        return str(found)


def _fact(row: Any) -> Fact:
    return Fact(
        row["kind"],
        row["key"],
        row["version"],
        row["known_at"],
        row["event_id"],
        row["digest"],
        orjson.loads(row["body"]),
    )


def _columns(facts: Sequence[FactRow]) -> tuple[list[Any], ...]:
    return (
        [fact.kind for fact in facts],
        [fact.key for fact in facts],
        [fact.version for fact in facts],
        [fact.known_at for fact in facts],
        [fact.event_id for fact in facts],
        [fact.body for fact in facts],
        [fact.digest for fact in facts],
    )


def _source(
    source: str, arrived: int, discarded: int, promised: dict[str, Any] | None
) -> SourceState:
    if promised is None:
        return SourceState(source, None, None, arrived, None, discarded)
    return SourceState(
        source,
        datetime.fromisoformat(promised["known_up_to"]),
        int(promised["count"]),
        arrived,
        promised["amount"],
        discarded,
    )
