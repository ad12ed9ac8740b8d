"""Reads the topic: each event's effect happens once, in one transaction with its inbox row."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import insert as plain_insert
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from premia_common.canonical import digest
from premia_common.contracts.envelope import Envelope, Event, UnreadableEvent
from premia_runtime.bus import Bus, Delivery
from premia_runtime.clock import Clock
from premia_runtime.correlation import Trace, current_trace
from premia_runtime.database import is_retryable
from premia_runtime.faults import fault_point
from premia_runtime.ids import Ids
from premia_runtime.logging import get_logger, shown
from premia_runtime.plumbing import RUNTIME
from premia_runtime.store import Store
from premia_runtime.work import OpenWork, Work

BATCH = 100
TRIES = 5
BACK_OFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
NOBODY = UUID(int=0)
"""Tenant of a message that could not be read at all."""

E = TypeVar("E", bound=Event)
W = TypeVar("W", bound=Work)

_log = get_logger(__name__)


class Later(Exception):
    """Raised by a reaction whose event must wait for another; it is tried again, uncounted."""


@dataclass(frozen=True, slots=True)
class ReactionContext:
    """What a reaction is told beside its event."""

    now: datetime
    ids: Ids
    correlation_id: UUID


@dataclass(frozen=True, slots=True)
class Reaction(Generic[W]):
    """What a service does when an event of a type arrives."""

    event: type[Event]
    handle: Callable[[Any, W, ReactionContext], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Arrived:
    delivery: Delivery
    envelope: Envelope
    event: Event


class Consumer(Generic[W]):
    """A durable reader of some event types.

    A tenant's events that arrive together are worked on in one transaction; if that fails they
    are worked on one by one, so that one bad event never stops its neighbours.
    """

    def __init__(
        self,
        name: str,
        *,
        bus: Bus,
        open_work: OpenWork[W],
        store: Store,
        reactions: Sequence[Reaction[W]],
        clock: Clock,
        ids: Ids,
    ) -> None:
        self.name = name
        self._bus = bus
        self._open_work = open_work
        self._store = store
        self._reactions = {reaction.event.type: reaction for reaction in reactions}
        self._clock = clock
        self._ids = ids
        self._failures: dict[UUID, int] = {}

    async def run(self) -> None:
        """Read until cancelled; outages are waited out."""
        subscription = self._bus.subscribe(self.name, sorted(self._reactions))
        async for deliveries in subscription.batches(BATCH):
            if deliveries:
                await self._receive_or_return(deliveries)

    async def _receive_or_return(self, deliveries: Sequence[Delivery]) -> None:
        try:
            await self.receive(deliveries)
        except Exception as error:  # noqa: BLE001 - an outage must not end the reader
            _log.warning("batch returned to the topic", consumer=self.name, **shown(error))
            for delivery in deliveries:
                await self._answer(delivery.again(BACK_OFF_SECONDS[2]))

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Work on a batch and answer every delivery in it."""
        by_tenant: dict[UUID, list[_Arrived]] = {}
        for delivery in deliveries:
            arrived = await self._read(delivery)
            if arrived is not None:
                by_tenant.setdefault(arrived.event.tenant_id, []).append(arrived)
        for batch in by_tenant.values():
            await self._receive_of_tenant(batch)

    async def _read(self, delivery: Delivery) -> _Arrived | None:
        envelope: Envelope | None = None
        try:
            envelope = Envelope.read(delivery.body)
            envelope = await self.resolve(envelope)
            event = self._reactions[envelope.type].event.read(envelope)
        except (ValueError, TypeError, LookupError) as error:
            _log.error("event not readable", consumer=self.name, **shown(error))
            await self._bury_unread(envelope, delivery.body, error)
            await self._answer(delivery.done())
            return None
        return _Arrived(delivery, envelope, event)

    async def _bury_unread(self, envelope: Envelope | None, body: bytes, error: Exception) -> None:
        """Keep what could not be read where its tenant finds it, if it says whose it is."""
        if envelope is None:
            await self._bury(NOBODY, None, "unreadable", body, error=error, attempts=1)
        else:
            await self._bury(
                envelope.tenantid, envelope.id, envelope.type, body, error=error, attempts=1
            )

    async def resolve(self, envelope: Envelope) -> Envelope:
        """Return the envelope with its data, fetched from the handover folder if it lies there.

        Raises:
            UnreadableEvent: if the file is not what the publisher wrote.
        """
        if envelope.data is not None or envelope.dataref is None:
            return envelope
        content = await self._store.read(envelope.tenantid, envelope.dataref)
        if digest(content) != envelope.datadigest:
            raise UnreadableEvent(f"the data at {envelope.dataref} is not what was published")
        return envelope.model_copy(update={"data": orjson.loads(content)})

    async def _receive_of_tenant(self, batch: list[_Arrived]) -> None:
        if len(batch) > 1:
            try:
                await self._work_on(batch)
            except Exception as error:  # noqa: BLE001 - each is tried alone below
                _log.info("batch falls apart", consumer=self.name, **shown(error))
            else:
                await self._all_done(batch)
                return
        for arrived in batch:
            await self._receive_one(arrived)

    async def _receive_one(self, arrived: _Arrived) -> None:
        event_id = arrived.event.event_id
        try:
            await self._work_on([arrived])
        except Later as wait:
            _log.info("event waits", event_id=str(event_id), reason=str(wait))
            await self._answer(arrived.delivery.again(BACK_OFF_SECONDS[2]))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is counted and kept
            await self._failed(arrived, error)
        else:
            await self._all_done([arrived])

    async def _work_on(self, batch: list[_Arrived]) -> None:
        """Claim and handle events of one tenant in one transaction."""
        tenant_id = batch[0].event.tenant_id
        first = batch[0].envelope
        token = current_trace.set(Trace(first.correlationid, first.id, first.traceparent))
        try:
            async with self._open_work(tenant_id) as work:
                for arrived in await self._claim(work, batch):
                    await self._handle(work, arrived)
        finally:
            current_trace.reset(token)

    async def _handle(self, work: W, arrived: _Arrived) -> None:
        envelope = arrived.envelope
        token = current_trace.set(Trace(envelope.correlationid, envelope.id, envelope.traceparent))
        try:
            context = ReactionContext(self._clock.now(), self._ids, envelope.correlationid)
            await self._reactions[envelope.type].handle(arrived.event, work, context)
        finally:
            current_trace.reset(token)

    async def _claim(self, work: W, batch: list[_Arrived]) -> list[_Arrived]:
        """Return those of the batch that were never worked on before, each once."""
        inbox = RUNTIME.inbox
        rows = {
            arrived.event.event_id: {
                "tenant_id": work.tenant_id,
                "consumer": self.name,
                "event_id": arrived.event.event_id,
                "source": arrived.envelope.source,
                "type": arrived.envelope.type,
                "typesequence": arrived.envelope.typesequence,
            }
            for arrived in batch
        }
        claimed = await work.connection.execute(
            insert(inbox)
            .values(list(rows.values()))
            .on_conflict_do_nothing()
            .returning(inbox.c.event_id)
        )
        new = set(claimed.scalars())
        fresh = []
        for arrived in batch:
            if arrived.event.event_id in new:
                new.discard(arrived.event.event_id)
                fresh.append(arrived)
        return fresh

    async def _all_done(self, batch: list[_Arrived]) -> None:
        fault_point(f"{self.name}.consumer.committed.before_ack")
        for arrived in batch:
            self._failures.pop(arrived.event.event_id, None)
            await self._answer(arrived.delivery.done())

    async def _failed(self, arrived: _Arrived, error: Exception) -> None:
        event = arrived.event
        if is_retryable(error):
            _log.warning("event is tried again", event_id=str(event.event_id), **shown(error))
            await self._answer(arrived.delivery.again(BACK_OFF_SECONDS[1]))
            return
        attempts = self._failures.get(event.event_id, 0) + 1
        self._failures[event.event_id] = attempts
        _log.warning(
            "event failed",
            consumer=self.name,
            event_id=str(event.event_id),
            event_type=event.type,
            attempts=attempts,
            **shown(error),
        )
        if attempts < TRIES:
            await self._answer(arrived.delivery.again(BACK_OFF_SECONDS[attempts - 1]))
            return
        body = arrived.envelope.to_bytes()
        await self._bury(
            event.tenant_id, event.event_id, event.type, body, error=error, attempts=attempts
        )
        self._failures.pop(event.event_id, None)
        await self._answer(arrived.delivery.done())

    async def _bury(
        self,
        tenant_id: UUID,
        event_id: UUID | None,
        kind: str,
        body: bytes,
        *,
        error: Exception,
        attempts: int,
    ) -> None:
        now = self._clock.now()
        async with self._open_work(tenant_id) as work:
            await work.connection.execute(
                plain_insert(RUNTIME.dead_letter).values(
                    tenant_id=tenant_id,
                    id=self._ids.new(),
                    consumer=self.name,
                    event_id=event_id,
                    type=_storable(kind),
                    body=body,
                    error=_storable(f"{type(error).__name__}: {error}"[:2000]),
                    attempts=attempts,
                    first_at=now,
                    last_at=now,
                )
            )

    async def replay(self, tenant_id: UUID, dead_letter_id: UUID, body: bytes, by: UUID) -> None:
        """Work on a dead letter again, and close it in the same transaction.

        Raises:
            UnreadableEvent: if it still cannot be read.
            Exception: what the reaction raises; the letter then stays open.
        """
        envelope = await self.resolve(Envelope.read(body))
        if envelope.type not in self._reactions:
            raise UnreadableEvent(f"nobody here reacts to {envelope.type}")
        event = self._reactions[envelope.type].event.read(envelope)
        arrived = _Arrived(_NoDelivery(body), envelope, event)
        letters = RUNTIME.dead_letter
        async with self._open_work(tenant_id) as work:
            for fresh in await self._claim(work, [arrived]):
                await self._handle(work, fresh)
            await work.connection.execute(
                update(letters)
                .where(letters.c.tenant_id == tenant_id, letters.c.id == dead_letter_id)
                .values(state="replayed", resolved_at=self._clock.now(), resolved_by=by)
            )

    async def _answer(self, answer: Awaitable[None]) -> None:
        """Answer the topic; a lost answer only means that the event comes again."""
        try:
            await asyncio.wait_for(answer, timeout=5)
        except Exception as error:  # noqa: BLE001 - the inbox makes a second delivery harmless
            _log.info("answer to the topic lost", consumer=self.name, **shown(error))


def _storable(text: str) -> str:
    """Return a text as the database takes it: an unreadable event may quote anything."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


@dataclass(frozen=True, slots=True)
class _NoDelivery:
    """Stands for a delivery where an event does not come from the topic."""

    body: bytes

    async def done(self) -> None:
        """Nothing waits for an answer."""

    async def again(self, delay_seconds: float) -> None:
        """Nothing waits for an answer."""
