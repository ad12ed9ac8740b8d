"""Migrations of a database that has facts, and whose service goes on writing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from premia_runtime.migrate import run_migrations
from premia_runtime.testing.databases import ServiceDatabases

from ..conftest import NEW  # noqa: TID252

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
ROWS = 5_500
"""A batch and a half."""
_STORE = """
    insert into fact (tenant_id, kind, key, version, known_at, event_id, body, digest)
    select $1, 'order', 'salesforce/' || lpad(number::text, 6, '0'), '1', now(),
           gen_random_uuid(), replace($2, 'NUMBER', lpad(number::text, 6, '0')), 'digest'
    from generate_series($3::int, $4::int) as number
"""
_BODY = json.dumps({"source": "salesforce", "order_number": "NUMBER", "record_id": "NUMBER"})
_REFERRED = "select count(*) from fact_reference"
_WAITING = """
    insert into fact_reference (tenant_id, reference, kind, key, version)
    values ($1, 'order:salesforce/005200', 'order', 'salesforce/005200', '1')
"""


@asynccontextmanager
async def connected(
    address: str, tenant: UUID
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        await connection.execute("select set_config('app.tenant', $1, false)", str(tenant))
        await connection.execute("set lock_timeout = '1s'")
        yield connection
    finally:
        await connection.close()


_INDEX = """
    select indisvalid from pg_index where indexrelid = to_regclass('ix_statement_line_order')
"""


async def stop_indexing(address: str) -> bool:
    """Index lines with too little time, as a migration that was stopped; say if it is valid."""
    owner = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        await owner.execute("set lock_timeout = '100ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await owner.execute(
                "create index concurrently ix_statement_line_order"
                " on statement_line (tenant_id, order_id)"
            )
        return bool(await owner.fetchval(_INDEX))
    finally:
        await owner.close()


async def test_facts_are_referred_to_in_batches_while_others_read_and_write(
    service_databases: ServiceDatabases,
) -> None:
    database, tenant = service_databases.empty("calc"), NEW.new()
    await asyncio.to_thread(
        run_migrations, FOLDER, database.owner, revision="0011_payment_accounts"
    )
    async with (
        connected(database.app, tenant) as holder,
        connected(database.app, tenant) as writer,
        connected(database.app, tenant) as reader,
    ):
        await writer.execute(_STORE, tenant, _BODY, 1, ROWS)
        await asyncio.to_thread(run_migrations, FOLDER, database.owner, revision="0012_standings")
        reading = reader.transaction(isolation="repeatable_read", readonly=True)
        await reading.start()
        await reader.execute("select 1")
        left = await stop_indexing(database.owner)
        # Somebody else refers to a fact of the second batch and is not done: the batch waits.
        held = holder.transaction()
        await held.start()
        await holder.execute(_WAITING, tenant)
        filling = asyncio.create_task(asyncio.to_thread(run_migrations, FOLDER, database.owner))
        while await writer.fetchval(_REFERRED) < 5_000:
            assert not filling.done(), filling.exception()
            await asyncio.sleep(0.01)

        await writer.execute(_STORE, tenant, _BODY, ROWS + 1, ROWS + 1)
        in_between = await writer.fetchval(_REFERRED)
        await held.rollback()
        # The index waits for the reader, longer than migrations wait for a lock elsewhere.
        await asyncio.sleep(4)
        assert not filling.done(), filling.exception()
        await reading.rollback()
        await filling

        assert in_between == 5_001
        assert (left, await writer.fetchval(_INDEX)) == (False, True)
        assert await writer.fetchval(_REFERRED) == ROWS + 1
        policies = "select count(*) from pg_policies where policyname = 'filling'"
        assert await writer.fetchval(policies) == 0
