"""calc-engine and invoicing in one process: what one announces, the other hears."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from calc_engine.entrypoints.worker import Worker
from premia_common.contracts.envelope import Envelope, Event
from premia_runtime.consumer import Consumer
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.runtime import Runtime
from premia_runtime.testing.tokens import TokenMint
from premia_runtime.testing.topic import Delivered

new_id = TimeOrderedIds().new


@dataclass
class Service:
    """A service without its background tasks."""

    app: FastAPI
    runtime: Runtime[Any]
    consumer: Consumer[Any]
    reads: frozenset[str]
    """The types of the events that it subscribes to."""
    client: httpx.AsyncClient

    async def hear(self, events: Iterable[Event]) -> None:
        """Take events from the topic."""
        read = [event for event in events if event.type in self.reads]
        deliveries = [Delivered(Envelope.wrap(event).to_bytes()) for event in read]
        await self.consumer.receive(deliveries)
        assert [item.answers for item in deliveries] == [["done"]] * len(deliveries)

    async def announced(self, tenant: UUID, kind: type[Event]) -> list[Event]:
        """Return what a tenant's outbox holds of a type, in order."""
        async with self.runtime.database.transaction(tenant) as connection:
            found = await connection.execute(
                text("select body from outbox where type = :type order by id"),
                {"type": kind.type},
            )
            return [kind.read(Envelope.read(row.body.encode())) for row in found]

    async def refused(self, tenant: UUID) -> list[str]:
        """Return why events were put aside."""
        async with self.runtime.database.transaction(tenant) as connection:
            found = await connection.execute(text("select error from dead_letter"))
            return [row.error for row in found]


@dataclass
class TwoServices:
    """One tenant in both."""

    calc: Service
    worker: Worker
    invoicing: Service
    mint: TokenMint
    tenant: UUID = field(default_factory=new_id)
    _users: dict[str, UUID] = field(default_factory=dict)

    async def call(
        self, service: Service, who: str, method: str, path: str, body: Any = None, **params: Any
    ) -> Any:
        """Call a service as somebody with a role, and return its answer."""
        subject = self._users.setdefault(who, new_id())
        token = self.mint(tenant=self.tenant, roles=[who], subject=subject)
        answer = await service.client.request(
            method,
            path,
            json=body,
            params=params or None,
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": str(new_id()),
                **({"If-Match": '"1"'} if path.startswith("/v1/fiscal-profiles/") else {}),
            },
        )
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()

    async def happen(self, events: Iterable[Event]) -> None:
        """Let events of other services reach both, as far as they read them."""
        happened = [*events]
        await self.calc.hear(happened)
        await self.invoicing.hear(happened)

    async def carry(self, sender: Service, reader: Service, kind: type[Event]) -> None:
        """Bring everything of a type from one service to the other, as often as it is called."""
        await reader.hear(await sender.announced(self.tenant, kind))
