"""From a stored message's bytes to its records, by channel."""

from collections.abc import Sequence

from connectors.adapters.salesforce.soap import read_outbound_message
from connectors.application.json_records import read_json, read_json_records
from connectors.domain.message import Channel, Message, ReadRecord


def read_records(message: Message) -> Sequence[ReadRecord]:
    """Return the records of a message in order, numbered from 1."""
    content = message.content or b""
    if message.channel is Channel.OUTBOUND_MESSAGE:
        return [
            ReadRecord(notification.part, notification.record)
            for notification in read_outbound_message(content).notifications
        ]
    value = read_json(content)
    if message.channel is Channel.JSON:
        return read_json_records(value["records"])
    return read_json_records(value if isinstance(value, list) else [value])
