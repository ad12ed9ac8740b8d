"""Keep what was received, before anybody looks into it closely."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from connectors.application.ports import ConnectorsWork, Task
from connectors.domain.message import Channel, Message, RecordForm
from connectors.domain.source import Source
from premia_common.canonical import digest
from premia_common.identifiers import derive_id

GRACE = timedelta(seconds=5)
"""How long the request that received a message has to interpret it itself."""


def message_of(
    tenant_id: UUID,
    source: Source,
    *,
    channel: Channel,
    form: RecordForm,
    media_type: str,
    content: bytes,
    records: int,
    now: datetime,
    delivery_key: str | None = None,
    replay_of: UUID | None = None,
) -> Message:
    """Return a message whose id follows from its bytes: the same bytes are the same message."""
    sha256 = digest(content)
    return Message(
        id=derive_id("message", str(tenant_id), source.code, channel.value, sha256),
        source_id=source.id,
        channel=channel,
        form=form,
        media_type=media_type,
        sha256=sha256,
        size=len(content),
        records=records,
        received_at=now,
        delivery_key=delivery_key,
        replay_of=replay_of,
        content=content,
    )


async def receive_message(
    work: ConnectorsWork, message: Message, parts: Sequence[tuple[str, str]]
) -> bool:
    """Keep a message with the places and dedupe keys of its records; say whether it is new.

    Once this is committed the sender may be told that it arrived: the interpretation is
    promised by a task in the same transaction.

    Raises:
        DeliveryKeyReused: if its delivery key came before with other bytes.
    """
    if not await work.messages.add(message):
        return False
    await work.messages.add_parts(message, parts)
    await work.tasks.add(Task.INTERPRET, message.id, not_before=message.received_at + GRACE)
    return True
