"""Messages as received, and the records in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.application.errors import DeliveryKeyReused, MessageNotFound
from connectors.domain.message import (
    Channel,
    Message,
    MessageState,
    PartOutcome,
    PartState,
    RecordForm,
)

_message = tables.inbound_message.c
_part = tables.inbound_part.c

_ADD_PARTS = text("""
insert into inbound_part (tenant_id, message_id, part, source_id, dedupe_key, state)
select :tenant_id, :message_id, part, :source_id, dedupe_key, 'received'
from unnest(cast(:parts as text[]), cast(:keys as text[])) as given (part, dedupe_key)
order by dedupe_key
on conflict do nothing
""")

_SETTLE_PARTS = text("""
update inbound_part set state = given.state, code = given.code
from unnest(cast(:parts as text[]), cast(:states as text[]), cast(:codes as text[]))
     as given (part, state, code)
where tenant_id = :tenant_id and message_id = :message_id and inbound_part.part = given.part
""")


class MessageRepository:
    """The messages of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, message: Message) -> bool:
        """Keep a message; say whether it is new."""
        kept = await self._connection.execute(
            insert(tables.inbound_message)
            .values(
                tenant_id=self._tenant_id,
                id=message.id,
                source_id=message.source_id,
                channel=message.channel.value,
                form=message.form.value,
                media_type=message.media_type,
                content=message.content,
                address=message.address,
                sha256=message.sha256,
                size=message.size,
                records=message.records,
                delivery_key=message.delivery_key,
                replay_of=message.replay_of,
                received_at=message.received_at,
                state=message.state.value,
            )
            .on_conflict_do_nothing()
        )
        if kept.rowcount:
            return True
        known = await self._connection.scalar(
            select(_message.id)
            .where(_message.tenant_id == self._tenant_id)
            .where(_message.id == message.id)
        )
        if known is None:
            raise DeliveryKeyReused(message.delivery_key or "")
        return False

    async def add_parts(self, message: Message, parts: Sequence[tuple[str, str]]) -> None:
        """Keep the records' places and dedupe keys; a key known already is left out."""
        await self._connection.execute(
            _ADD_PARTS,
            {
                "tenant_id": self._tenant_id,
                "message_id": message.id,
                "source_id": message.source_id,
                "parts": [part for part, _ in parts],
                "keys": [key for _, key in parts],
            },
        )

    async def get(self, message_id: UUID) -> Message:
        """Return a message."""
        found = await self._connection.execute(
            select(tables.inbound_message)
            .where(_message.tenant_id == self._tenant_id)
            .where(_message.id == message_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise MessageNotFound(message_id)
        return to_message(row)

    async def parts(self, message_id: UUID) -> Sequence[PartOutcome]:
        """Return the records kept of a message, in order."""
        found = await self._connection.execute(
            select(_part.part, _part.state, _part.code)
            .where(_part.tenant_id == self._tenant_id)
            .where(_part.message_id == message_id)
        )
        rows = [PartOutcome(row.part, PartState(row.state), row.code) for row in found]
        return sorted(rows, key=lambda row: int(row.part))

    async def settle_parts(self, message_id: UUID, outcomes: Sequence[PartOutcome]) -> None:
        """Write down what became of records."""
        await self._connection.execute(
            _SETTLE_PARTS,
            {
                "tenant_id": self._tenant_id,
                "message_id": message_id,
                "parts": [outcome.part for outcome in outcomes],
                "states": [outcome.state.value for outcome in outcomes],
                "codes": [outcome.code for outcome in outcomes],
            },
        )

    async def settle(self, message_id: UUID, state: MessageState) -> None:
        """Write down where a message stands."""
        await self._connection.execute(
            update(tables.inbound_message)
            .where(_message.tenant_id == self._tenant_id)
            .where(_message.id == message_id)
            .values(state=state.value)
        )

    async def received_between(
        self, source_id: UUID, start: datetime, end: datetime
    ) -> Sequence[UUID]:
        """Return the messages of a source received in a half-open span of time."""
        found = await self._connection.execute(
            select(_message.id)
            .where(_message.tenant_id == self._tenant_id)
            .where(_message.source_id == source_id)
            .where(_message.channel != Channel.REPAIR.value)
            .where(_message.received_at >= start, _message.received_at < end)
            .order_by(_message.received_at, _message.id)
        )
        return found.scalars().all()


def to_message(row: RowMapping) -> Message:
    """Return a row as the message it holds."""
    return Message(
        id=row["id"],
        source_id=row["source_id"],
        channel=Channel(row["channel"]),
        form=RecordForm(row["form"]),
        media_type=row["media_type"],
        sha256=row["sha256"],
        size=row["size"],
        records=row["records"],
        received_at=row["received_at"],
        state=MessageState(row["state"]),
        delivery_key=row["delivery_key"],
        replay_of=row["replay_of"],
        content=row["content"],
        address=row["address"],
    )
