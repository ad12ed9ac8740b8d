"""One use case, one transaction: the change and the event that announces it commit together."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from premia_common.canonical import digest
from premia_common.contracts.envelope import Envelope, Event
from premia_runtime.correlation import current_trace
from premia_runtime.database import Database, Isolation, is_retryable
from premia_runtime.plumbing import RUNTIME
from premia_runtime.store import Store

LARGEST_BODY_BYTES = 256 * 1024
TRIES = 5


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


class CollectedOutbox:
    """Events of one transaction, in the order they were added."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        self.events.append(event)


class Work:
    """One tenant's open transaction.  Services add their repositories."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID, outbox: Outbox) -> None:
        self.connection = connection
        self.tenant_id = tenant_id
        self.outbox = outbox


W = TypeVar("W", bound=Work)
W_co = TypeVar("W_co", bound=Work, covariant=True)
R = TypeVar("R")


class OpenWork(Protocol[W_co]):
    """Opens a tenant's transaction: a clean exit commits, an error rolls back."""

    def __call__(
        self,
        tenant_id: UUID,
        *,
        isolation: Isolation = "READ COMMITTED",
        seeing: str | None = None,
    ) -> AbstractAsyncContextManager[W_co]:
        """Open it."""
        ...


class WorkFactory(Generic[W]):
    """Opens units of work on a database and writes their events to its outbox."""

    def __init__(
        self,
        database: Database,
        build: Callable[[AsyncConnection, UUID, Outbox], W],
        store: Store,
    ) -> None:
        self._database = database
        self._build = build
        self._store = store

    @asynccontextmanager
    async def __call__(
        self,
        tenant_id: UUID,
        *,
        isolation: Isolation = "READ COMMITTED",
        seeing: str | None = None,
    ) -> AsyncIterator[W]:
        """Open a tenant's transaction: a clean exit commits, an error rolls back.

        With REPEATABLE READ it may be `seeing` what another one sees that exported its snapshot.
        """
        outbox = CollectedOutbox()
        async with self._database.transaction(
            tenant_id, isolation=isolation, seeing=seeing
        ) as connection:
            yield self._build(connection, tenant_id, outbox)
            await self._write(connection, tenant_id, outbox.events)

    async def _write(
        self, connection: AsyncConnection, tenant_id: UUID, events: list[Event]
    ) -> None:
        if not events:
            return
        rows = [await self._row(tenant_id, event) for event in events]
        await connection.execute(insert(RUNTIME.outbox), rows)
        await connection.execute(text("select pg_notify('outbox', '')"))

    async def _row(self, tenant_id: UUID, event: Event) -> dict[str, object]:
        if event.tenant_id != tenant_id:
            raise ValueError(f"event {event.event_id} belongs to another tenant than its work")
        trace = current_trace.get()
        envelope = Envelope.wrap(event, traceparent=trace.traceparent if trace else None)
        body = envelope.to_bytes()
        if len(body) > LARGEST_BODY_BYTES:
            data = orjson.dumps(envelope.data)
            stored = await self._store.put(tenant_id, f"events/{event.event_id}.json", data)
            small = {"data": None, "dataref": stored.address, "datadigest": digest(data)}
            body = envelope.model_copy(update=small).to_bytes()
        return {
            "tenant_id": tenant_id,
            "event_id": event.event_id,
            "type": event.type,
            "body": body.decode(),
        }


async def in_work(
    open_work: OpenWork[W], tenant_id: UUID, effect: Callable[[W], Awaitable[R]]
) -> R:
    """Run an effect in a transaction, again when the database asks for it (40001, lost connection).

    Raises:
        Exception: what the effect raises; and the database's error after five tries.
    """
    for attempt in range(TRIES):
        try:
            async with open_work(tenant_id) as work:
                return await effect(work)
        except Exception as error:
            if attempt + 1 == TRIES or not is_retryable(error):
                raise
    raise AssertionError("unreachable")
