"""What happens while the database, the issuer or a neighbour is in trouble."""

import asyncio
from uuid import UUID

import httpx
import orjson
import pytest
from joserfc.jwk import KeySet
from sqlalchemy import select, text

from premia_common.contracts.envelope import Envelope
from premia_runtime import relay as relay_module
from premia_runtime.auth import FetchedKeys
from premia_runtime.consumer import Consumer
from premia_runtime.database import Database, is_retryable
from premia_runtime.http import CallFailed
from premia_runtime.plumbing import RUNTIME
from premia_runtime.problems import NotReady
from premia_runtime.relay import OutboxRelay
from premia_runtime.runtime import Runtime
from premia_runtime.work import Work

from .test_topic import Handed, Recorder, copied, drain, write


async def test_a_database_that_takes_no_connection_now_is_no_reason_to_give_up(
    notes_settings, service_databases
):
    name = notes_settings.database_url.rsplit("/", 1)[1]
    limit = f'alter database "{name}" connection limit'
    owner = Database(service_databases.empty("rt").owner)
    refused = Database(notes_settings.database_url)
    async with owner.engine.connect() as connection:
        await connection.execute(text(f"{limit} 0"))
        await connection.commit()
        try:
            with pytest.raises(Exception, match="too many connections") as caught:
                await refused.check()
        finally:
            await connection.execute(text(f"{limit} -1"))
            await connection.commit()
    await owner.close()
    await refused.close()

    assert is_retryable(caught.value)


async def test_an_event_that_does_not_fit_its_contract_lies_with_its_tenant(
    runtime: Runtime[Work], tenant: UUID, consumer: Consumer[Work], client, designer
):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    [bad, _] = await write(runtime, tenant, "bad", "good")
    await drain(relay)
    bodies = [m.body for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    broken = orjson.loads(bodies[0])
    broken["data"] = {"note_id": "no id", "text": "\x00"}
    deliveries = [Handed(orjson.dumps(broken)), Handed(bodies[1])]

    await consumer.receive(deliveries)

    assert [delivery.answer for delivery in deliveries] == ["done", "done"]
    assert await copied(runtime, tenant) == ["good"]
    listed = (await client.get("/v1/dead-letters", headers=designer)).json()["items"]
    assert [(item["event_id"], item["type"]) for item in listed] == [
        (str(bad), "premia.note.written.v1")
    ]


async def test_data_that_is_no_object_does_not_stop_the_batch(
    runtime: Runtime[Work], tenant: UUID, consumer: Consumer[Work]
):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    await write(runtime, tenant, "a", "b")
    await drain(relay)
    bodies = [m.body for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    stored = await runtime.store.put(tenant, "events/a-list.json", b"[1]")
    broken = {**orjson.loads(bodies[0]), "data": None, "dataref": stored.address}
    broken["datadigest"] = stored.sha256
    deliveries = [Handed(orjson.dumps(broken)), Handed(bodies[1])]

    await consumer.receive(deliveries)

    assert [delivery.answer for delivery in deliveries] == ["done", "done"]
    assert await copied(runtime, tenant) == ["b"]


async def test_a_leader_whose_connection_is_cut_steps_down_and_takes_its_place_again(
    runtime: Runtime[Work], tenant: UUID, service_databases
):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    running = asyncio.create_task(relay.run())
    try:
        await write(runtime, tenant, "before")
        await _until(lambda: len(topic.envelopes(tenant)) == 1)
        assert await _cut_leaders(runtime) == 1
        await write(runtime, tenant, "after")
        await _until(lambda: len(topic.envelopes(tenant)) == 2)
        await _until_leader(runtime)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _leaders(runtime: Runtime[Work]) -> list[int]:
    async with runtime.system_database.system() as connection:
        found = await connection.execute(
            text(
                "select pid from pg_locks where locktype = 'advisory' and granted "
                "and (classid::bigint << 32) + objid::bigint = :lock "
                "and database = (select oid from pg_database where datname = current_database())"
            ),
            {"lock": relay_module.LEADER_LOCK},
        )
        return list(found.scalars())


async def _cut_leaders(runtime: Runtime[Work]) -> int:
    pids = await _leaders(runtime)
    async with runtime.system_database.system() as connection:
        for pid in pids:
            await connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    return len(pids)


async def _until_leader(runtime: Runtime[Work]) -> None:
    for _ in range(100):
        if await _leaders(runtime):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nobody leads")


async def _until(condition) -> None:
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come to pass")


async def test_two_leaders_for_a_moment_give_no_row_two_numbers(
    runtime: Runtime[Work], tenant: UUID
):
    topic = Recorder()
    first, second = (OutboxRelay(runtime.system_database, topic) for _ in range(2))
    await drain(first)
    await write(runtime, tenant, *"abcdefghij")

    await asyncio.gather(*(relay.relay_once() for relay in (first, second, first, second)))
    await drain(first)

    async with runtime.system_database.system() as connection:
        outbox = RUNTIME.outbox.c
        found = await connection.execute(
            select(outbox.sequence).where(outbox.tenant_id == tenant).order_by(outbox.sequence)
        )
        numbers = list(found.scalars())
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    told = {(e.id, e.sequence) for e in topic.envelopes(tenant)}
    assert sorted(number for _, number in told) == numbers


async def test_known_keys_stay_in_use_while_the_issuer_is_away(make_token):
    published: dict[str, object] | None = None

    async def fetch(url: str):
        if published is None:
            raise CallFailed("GET", url, "no answer")
        return published

    ticks = iter(range(0, 1000, 10))
    keys = FetchedKeys(fetch, "http://issuer/jwks", monotonic=lambda: next(ticks))
    with pytest.raises(NotReady):
        await keys.keys()
    published = make_token.key_set.as_dict()
    known = await keys.keys()
    published = None

    assert isinstance(known, KeySet)
    assert await keys.keys(refresh=True) is known


@pytest.mark.parametrize(
    "body",
    [b'{"text": "\\ud800"}', b'{"\\ud800": 1}', b'{"text": "a", "x\\ud800": "\\udfff"}'],
)
async def test_half_a_character_is_refused_like_any_other_mistake(
    client: httpx.AsyncClient, designer, body
):
    headers = {**designer, "Idempotency-Key": "k", "Content-Type": "application/json"}

    answer = await client.post("/v1/notes", content=body, headers=headers)

    assert answer.status_code == 422, answer.text
    assert orjson.loads(answer.content)["code"] == "invalid"


async def test_a_character_that_the_database_cannot_keep_is_the_clients_mistake(
    client: httpx.AsyncClient, designer
):
    headers = {**designer, "Idempotency-Key": "k"}

    answer = await client.post("/v1/notes", json={"text": "a\x00b"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "U+0000" in answer.json()["detail"]
