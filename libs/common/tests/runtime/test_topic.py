"""From a committed change to its one effect elsewhere."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from premia_common.contracts.envelope import Envelope
from premia_runtime.bus import BusUnavailable, Outgoing
from premia_runtime.consumer import NOBODY, Consumer
from premia_runtime.local.nats import NatsServer
from premia_runtime.operations import missing_events, topic_state
from premia_runtime.plumbing import RUNTIME
from premia_runtime.relay import OutboxRelay
from premia_runtime.runtime import Runtime
from premia_runtime.work import Work

from .notes_service import REACTIONS, copies, write_note


class Handed:
    """A delivery that remembers its answer."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.answer: str | None = None

    async def done(self) -> None:
        self.answer = "done"

    async def again(self, delay_seconds: float) -> None:
        self.answer = "again"


class Recorder:
    """A topic that keeps what it is given, or refuses it."""

    def __init__(self, *, created: str = "first") -> None:
        self.created = created
        self.taken: list[Outgoing] = []
        self.refuse = False

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.refuse:
            raise BusUnavailable("refused")
        self.taken.extend(messages)

    async def identity(self) -> str:
        return self.created

    def envelopes(self, tenant: UUID) -> list[Envelope]:
        every = [Envelope.read(message.body) for message in self.taken]
        return [envelope for envelope in every if envelope.tenantid == tenant]


async def write(runtime: Runtime[Work], tenant: UUID, *texts: str) -> list[UUID]:
    written = []
    for note in texts:
        note_id = runtime.ids.new()
        async with runtime.open_work(tenant) as work:
            await write_note(
                work, note_id=note_id, text=note, now=runtime.clock.now(), correlation_id=note_id
            )
        written.append(note_id)
    return written


async def drain(relay: OutboxRelay) -> None:
    while await relay.relay_once():
        pass


async def copied(runtime: Runtime[Work], tenant: UUID) -> list[str]:
    async with runtime.open_work(tenant) as work:
        found = await work.connection.execute(select(copies.c.text).order_by(copies.c.id))
        return list(found.scalars())


async def test_committed_events_leave_in_order_with_gapless_numbers(runtime, tenant):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    written = await write(runtime, tenant, "a", "b", "c")

    await drain(relay)

    envelopes = topic.envelopes(tenant)
    assert [envelope.id for envelope in envelopes] == written
    first = envelopes[0].sequence
    assert [envelope.sequence for envelope in envelopes] == [first, first + 1, first + 2]
    first = envelopes[0].typesequence
    assert [envelope.typesequence for envelope in envelopes] == [first, first + 1, first + 2]


async def test_what_was_rolled_back_is_never_announced(runtime, tenant):
    topic = Recorder()
    with pytest.raises(Exception, match="must not say no"):
        await write(runtime, tenant, "no")

    await drain(OutboxRelay(runtime.system_database, topic))

    assert topic.envelopes(tenant) == []


async def test_a_row_stays_until_the_topic_acknowledged_it_and_keeps_its_number(runtime, tenant):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    await write(runtime, tenant, "a")
    topic.refuse = True
    with pytest.raises(BusUnavailable):
        await relay.relay_once()
    topic.refuse = False

    await drain(relay)
    await relay.republish(from_sequence=topic.envelopes(tenant)[0].sequence)
    await drain(relay)

    first, again = topic.envelopes(tenant)
    assert (first.id, first.sequence) == (again.id, again.sequence)


async def test_a_new_topic_gets_every_kept_event_again(runtime, tenant):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await relay.resend_if_new_topic()
    await write(runtime, tenant, "a", "b")
    await drain(relay)
    assert len(topic.envelopes(tenant)) == 2

    wiped = Recorder(created="second")
    relay = OutboxRelay(runtime.system_database, wiped)
    await relay.resend_if_new_topic()
    await drain(relay)

    assert wiped.envelopes(tenant) == topic.envelopes(tenant)


async def test_an_event_delivered_twice_has_one_effect(runtime, tenant, consumer):
    topic = Recorder()
    await write(runtime, tenant, "once")
    await drain(OutboxRelay(runtime.system_database, topic))
    [message] = [m for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    deliveries = [Handed(message.body) for _ in range(3)]

    await consumer.receive(deliveries[:2])
    await consumer.receive(deliveries[2:])

    assert await copied(runtime, tenant) == ["once"]
    assert [delivery.answer for delivery in deliveries] == ["done", "done", "done"]


async def test_a_bad_event_goes_to_the_dead_letters_and_its_neighbours_through(
    runtime, tenant, consumer, client, designer
):
    topic = Recorder()
    await write(runtime, tenant, "good 1", "bad apple", "good 2")
    await drain(OutboxRelay(runtime.system_database, topic))
    mine = [m for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    deliveries = [Handed(message.body) for message in mine]

    await consumer.receive(deliveries)
    assert [delivery.answer for delivery in deliveries] == ["done", "again", "done"]
    for _ in range(4):
        await consumer.receive([deliveries[1]])

    assert deliveries[1].answer == "done"
    assert await copied(runtime, tenant) == ["good 1", "good 2"]
    letters = (await client.get("/v1/dead-letters", headers=designer)).json()["items"]
    assert [letter["attempts"] for letter in letters] == [5]
    assert "cannot copy 'bad apple'" in letters[0]["error"]
    replay = f"/v1/dead-letters/{letters[0]['id']}/replay"
    refused = await client.post(replay, headers=designer)
    assert (refused.status_code, refused.json()["code"]) == (409, "replay-failed")


async def test_a_dead_letter_replayed_after_the_cause_is_gone_has_its_effect_once(
    runtime, tenant, consumer, client, designer, monkeypatch
):
    topic = Recorder()
    await write(runtime, tenant, "bad for now")
    await drain(OutboxRelay(runtime.system_database, topic))
    [message] = [m for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    for _ in range(5):
        await consumer.receive([Handed(message.body)])
    [letter] = (await client.get("/v1/dead-letters", headers=designer)).json()["items"]

    shown = (await client.get(f"/v1/dead-letters/{letter['id']}", headers=designer)).json()
    await consumer.replay(
        tenant, UUID(letter["id"]), shown["body"].replace("bad for now", "mended").encode(), NOBODY
    )

    assert await copied(runtime, tenant) == ["mended"]
    assert (await client.get("/v1/dead-letters", headers=designer)).json()["items"] == []
    again = await client.post(f"/v1/dead-letters/{letter['id']}/replay", headers=designer)
    assert (again.status_code, again.json()["state"]) == (200, "replayed")


async def test_an_event_that_must_wait_is_asked_for_again_however_often(runtime, tenant, consumer):
    topic = Recorder()
    await write(runtime, tenant, "later please")
    await drain(OutboxRelay(runtime.system_database, topic))
    [message] = [m for m in topic.taken if Envelope.read(m.body).tenantid == tenant]

    for _ in range(8):
        delivery = Handed(message.body)
        await consumer.receive([delivery])
        assert delivery.answer == "again"


async def test_bytes_that_are_no_event_are_kept_and_do_not_come_again(runtime, consumer):
    delivery = Handed(b"<xml/>")

    await consumer.receive([delivery])

    assert delivery.answer == "done"
    async with runtime.open_work(NOBODY) as work:
        kept = await work.connection.scalars(select(RUNTIME.dead_letter.c.body))
        assert b"<xml/>" in kept.all()


async def test_a_large_event_travels_by_address(runtime, tenant, consumer):
    topic = Recorder()
    long = "x" * 300_000
    await write(runtime, tenant, long)
    await drain(OutboxRelay(runtime.system_database, topic))
    [message] = [m for m in topic.taken if Envelope.read(m.body).tenantid == tenant]
    assert len(message.body) < 2_000

    await consumer.receive([Handed(message.body)])

    assert await copied(runtime, tenant) == [long]


async def test_a_tenant_sees_and_writes_only_its_own_rows_even_without_a_filter(runtime, tenant):
    other = runtime.ids.new()
    await write(runtime, tenant, "mine")
    await write(runtime, other, "theirs")

    async with runtime.open_work(tenant) as work:
        seen = (await work.connection.execute(text("select text from note"))).scalars().all()
        assert seen == ["mine"]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with runtime.open_work(tenant) as work:
            await work.connection.execute(
                text("insert into note (tenant_id, id, text) values (:t, :t, 'forged')"),
                {"t": other},
            )
    async with runtime.database.engine.begin() as connection:
        assert (await connection.execute(text("select count(*) from note"))).scalar() == 0


async def test_the_service_role_cannot_rewrite_what_it_announced(runtime, tenant):
    await write(runtime, tenant, "a")
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.open_work(tenant) as work:
            await work.connection.execute(update(RUNTIME.outbox).values(body="{}"))


async def test_events_cross_a_real_topic_and_a_wiped_one(
    runtime: Runtime[Work], tenant: UUID, consumer: Consumer[Work], nats_server: NatsServer
):
    relaying = asyncio.create_task(OutboxRelay(runtime.system_database, runtime.bus).run())
    subscription = runtime.bus.subscribe("copier", ["premia.note.written.v1"])

    async def read_until(texts: list[str]) -> None:
        tries = 0
        async for deliveries in subscription.batches(100):
            await consumer.receive(deliveries)
            tries += 1
            if await copied(runtime, tenant) == texts:
                return
            assert tries < 60, "the event did not arrive"

    await write(runtime, tenant, "before")
    await read_until(["before"])
    nats_server.kill()
    await nats_server.stop()
    nats_server.wipe()
    await nats_server.start()
    await write(runtime, tenant, "after")
    await read_until(["before", "after"])
    relaying.cancel()


async def test_events_sent_again_arrive_again_and_change_nothing(runtime, tenant, consumer):
    relay = OutboxRelay(runtime.system_database, runtime.bus)
    written = await write(runtime, tenant, "a", "b")
    await drain(relay)
    again = await relay.republish(from_sequence=1, tenant_id=tenant)
    await drain(relay)

    arrived = []
    async for deliveries in runtime.bus.subscribe("twice", ["premia.note.written.v1"]).batches(100):
        envelopes = [Envelope.read(delivery.body) for delivery in deliveries]
        arrived += [envelope.id for envelope in envelopes if envelope.tenantid == tenant]
        await consumer.receive(deliveries)
        if not deliveries:
            break

    assert again == 2
    assert sorted(arrived) == sorted([*written, *written])
    assert await copied(runtime, tenant) == ["a", "b"]


async def test_a_reader_that_missed_an_event_sees_the_gap(runtime, tenant):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    reader = Consumer(
        "gap finder",
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=REACTIONS,
        clock=runtime.clock,
        ids=runtime.ids,
    )
    await write(runtime, tenant, "g1", "g2", "g3")
    await drain(relay)
    first, second, third = (m for m in topic.taken if Envelope.read(m.body).tenantid == tenant)

    async def missing() -> int:
        gaps = (await topic_state(runtime.system_database)).gaps
        return sum(gap.missing for gap in gaps if gap.consumer == "gap finder")

    await reader.receive([Handed(first.body), Handed(third.body)])
    assert await missing() == Envelope.read(third.body).typesequence - 2
    await reader.receive([Handed(second.body)])
    assert await missing() == Envelope.read(third.body).typesequence - 3


async def test_a_reader_can_be_asked_how_many_events_it_misses(runtime, tenant):
    topic = Recorder()
    relay = OutboxRelay(runtime.system_database, topic)
    await drain(relay)
    reader = Consumer(
        "counter of misses",
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=REACTIONS,
        clock=runtime.clock,
        ids=runtime.ids,
    )
    assert await missing_events(runtime.system_database, "counter of misses") == 0
    await write(runtime, tenant, "m1", "m2")
    await drain(relay)
    first, second = (m for m in topic.taken if Envelope.read(m.body).tenantid == tenant)

    await reader.receive([Handed(second.body)])
    before = await missing_events(runtime.system_database, "counter of misses")
    await reader.receive([Handed(first.body)])

    assert await missing_events(runtime.system_database, "counter of misses") == before - 1
