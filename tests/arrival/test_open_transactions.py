"""A transaction that is open while a run seals changes nothing of it, whenever it commits."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4  # noqa: TID251 - a test draws what it likes

import asyncpg
import pytest

from premia_common.canonical import canonical_json, digest
from premia_common.contracts.envelope import ENVELOPE_FIELDS
from premia_common.contracts.fields import ExternalRef, MoneyOut, RawRef
from premia_common.contracts.orders import OrderRecorded, StateSeen

from .deliveries import PLAIN
from .master_data import master_data
from .tenant import Platform, Tenant

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("arrival")]

FactKey = tuple[str, str, str]
_INSERT = """
    insert into fact (tenant_id, kind, key, version, known_at, event_id, body, digest)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


def order_fact(tenant: UUID, number: int) -> OrderRecorded:
    """Return an order of A1 that pays in the month."""
    known = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)
    return OrderRecorded(
        event_id=uuid4(),
        occurred_at=known,
        tenant_id=tenant,
        correlation_id=uuid4(),
        source="salesforce",
        known_at=known,
        mapping_version=1,
        raw=RawRef(message_id=str(uuid4()), sha256="5" * 64, part="1"),
        record_id=f"held-{number}",
        record_version="2026-03-18T00:00:00.000000Z",
        order_number=f"H{number}",
        principal="1000",
        signed_on=known.date().replace(day=1),
        seller=ExternalRef(system="salesforce", code="A1"),
        category="gas",
        territory="milano",
        amount=MoneyOut(amount="100.00", currency="EUR"),
        states=(StateSeen(state="activated", on=known.date().replace(day=17)),),
    )


async def insert(connection: "asyncpg.Connection[Any]", event: OrderRecorded) -> FactKey:
    """Insert a fact as calc-engine's consumer does, and return its key."""
    body = canonical_json(event.model_dump(mode="json", exclude=set(ENVELOPE_FIELDS)))
    key = event.fact_key
    await connection.execute(
        _INSERT,
        event.tenant_id, key.kind, key.key, key.version, event.known_at, event.event_id,
        body.decode(), digest(body),
    )  # fmt: skip
    return key.kind, key.key, key.version


class Held:
    """A transaction of the application's role that has inserted a fact and is not committed."""

    def __init__(self, connection: "asyncpg.Connection[Any]", event: OrderRecorded) -> None:
        self._transaction = connection.transaction()
        self._connection = connection
        self._event = event

    async def insert(self) -> FactKey:
        await self._transaction.start()
        return await insert(self._connection, self._event)

    async def commit(self) -> None:
        await self._transaction.commit()


@pytest.fixture
async def tenant(platform: Platform) -> Tenant:
    """Return a tenant whose facts have all arrived."""
    return await tenant_with_facts(platform)


async def tenant_with_facts(platform: Platform) -> Tenant:
    tenant = Tenant(platform)
    await tenant.set_up()
    events = len(master_data(tenant.id))
    for part in PLAIN.drawn(events):
        await tenant.send(part)
    await tenant.settled(PLAIN.facts(events))
    return tenant


async def digest_of_all_at_once(platform: Platform, *, orders: int) -> str:
    """Return the digest of a tenant that knows all these orders before its only run."""
    tenant = await tenant_with_facts(platform)
    async with tenant.database() as connection:
        for number in range(orders):
            await insert(connection, order_fact(tenant.id, number))
    found: str = (await tenant.run())["result_digest"]
    return found


async def replay_digest(tenant: Tenant, run: dict[str, Any]) -> str:
    """Calculate a run again from its manifest, and return the digest."""
    asked = await tenant.call("calc-engine", "POST", f"/v1/runs/{run['id']}/replays", 202)
    replay = await tenant.ended(asked.headers["Location"])
    assert replay["same"] is (replay["result_digest"] == run["result_digest"])
    found: str = replay["result_digest"]
    return found


async def test_facts_of_transactions_open_across_a_run_are_in_the_next_one_and_never_in_it(
    tenant: Tenant,
) -> None:
    async with AsyncExitStack() as opened:
        connections = [await opened.enter_async_context(tenant.database()) for _ in range(3)]
        early, late = (Held(c, order_fact(tenant.id, n)) for n, c in enumerate(connections[:2]))
        early_key, late_key = await early.insert(), await late.insert()
        # Committed at once, by a younger transaction: it must not hide the two older ones.
        between_key = await insert(connections[2], order_fact(tenant.id, 2))
        first = await tenant.run()
        await early.commit()
        after_key = await insert(connections[2], order_fact(tenant.id, 3))
        first_again = await replay_digest(tenant, first)
        second = await tenant.run()
        await late.commit()
        third = await tenant.run()

    assert first_again == first["result_digest"]
    assert await replay_digest(tenant, first) == first["result_digest"]
    assert await replay_digest(tenant, second) == second["result_digest"]
    assert len({run["result_digest"] for run in (first, second, third)}) == 3
    in_first, in_second, in_third = [await tenant.segments(run) for run in (first, second, third)]
    assert len(in_first) == 1
    assert in_second[:1] == in_first
    assert in_third[:2] == in_second
    held = {early_key, late_key, between_key, after_key}
    assert held & set(in_first[0]) == {between_key}
    assert set(in_second[1]) == {early_key, after_key}
    assert set(in_third[2]) == {late_key}
    assert third["result_digest"] == await digest_of_all_at_once(tenant.platform, orders=4)


async def test_a_commit_at_any_moment_of_a_run_is_either_in_it_or_in_a_later_one(
    tenant: Tenant,
) -> None:
    keys: list[FactKey] = []
    runs = [await tenant.run()]
    for number, moment in enumerate((0.0, 0.3, 0.6, 0.9)):
        async with tenant.database() as connection:
            held = Held(connection, order_fact(tenant.id, number))
            keys.append(await held.insert())
            started = await tenant.start_run()
            await asyncio.sleep(moment)
            await held.commit()
            runs.append(await tenant.ended(started.headers["Location"]))
    runs.append(await tenant.run())

    segments = await tenant.segments(runs[-1])
    found = Counter(key for segment in segments for key in segment)
    assert {found[key] for key in keys} == {1}
    assert set(found.values()) == {1}
    for run in runs:
        assert await replay_digest(tenant, run) == run["result_digest"]
        known = await tenant.segments(run)
        assert known == segments[: len(known)]
