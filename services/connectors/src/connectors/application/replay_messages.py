"""Map stored messages again, from the bytes as they were received."""

from datetime import datetime

from connectors.application.ports import ConnectorsWork, Task


async def replay_messages(
    work: ConnectorsWork,
    *,
    source_code: str,
    start: datetime,
    end: datetime,
    dry_run: bool,
    now: datetime,
) -> int:
    """Plan to map every message received in a half-open span again; return how many there are.

    Ids follow from the records and the mapping version, so where nothing changed nothing new
    is announced.

    Raises:
        SourceNotFound: if the tenant has no such source.
    """
    source = await work.sources.get(source_code)
    found = await work.messages.received_between(source.id, start, end)
    if not dry_run:
        for message_id in found:
            await work.tasks.add(Task.REPLAY, message_id, not_before=now)
    return len(found)
