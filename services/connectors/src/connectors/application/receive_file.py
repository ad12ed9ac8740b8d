"""Keep a file that was handed in; it is read afterwards."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from connectors.application.errors import FileNameTaken
from connectors.application.ports import ConnectorsWork, FileJob, Task
from connectors.domain.message import Channel, Message, MessageState, RecordForm
from connectors.domain.source import Source
from premia_common.identifiers import derive_id


def file_message(
    tenant_id: UUID,
    source: Source,
    *,
    form: RecordForm,
    sha256: str,
    size: int,
    address: str,
    now: datetime,
) -> Message:
    """Return the message of a stored file."""
    return Message(
        id=derive_id("message", str(tenant_id), source.code, f"file/{form.value}", sha256),
        source_id=source.id,
        channel=Channel.FILE,
        form=form,
        media_type="text/csv",
        sha256=sha256,
        size=size,
        records=0,
        received_at=now,
        address=address,
    )


async def receive_file(
    work: ConnectorsWork,
    source: Source,
    message: Message,
    *,
    name: str,
    declared_rows: int | None,
    declared_sum: Decimal | None,
) -> FileJob:
    """Keep a file and promise to read it; the same content again changes nothing.

    One that was refused is read again under a new name if other control totals are announced:
    it may have been the announcement that was wrong.

    Raises:
        FileNameTaken: if other content, or content of another kind, came under this name.
    """
    named = await work.files.by_name(source.id, name)
    if named is not None:
        same = (named.message.sha256, named.message.form) == (message.sha256, message.form)
        if not same:
            raise FileNameTaken(name)
        return named
    if not await work.messages.add(message):
        known = await work.files.get(message.id)
        announced = (declared_rows, declared_sum)
        if (
            known.message.state is not MessageState.REFUSED
            or (known.declared_rows, known.declared_sum) == announced
        ):
            return known
        message = replace(message, id=_announced_as(message.id, *announced))
        if not await work.messages.add(message):
            return await work.files.get(message.id)
    await work.files.add(message, name=name, declared_rows=declared_rows, declared_sum=declared_sum)
    await work.tasks.add(Task.INTERPRET, message.id, not_before=message.received_at)
    return await work.files.get(message.id)


def _announced_as(message_id: UUID, rows: int | None, amount: Decimal | None) -> UUID:
    written = "" if amount is None else format(amount.normalize(), "f")
    return derive_id("announced", str(message_id), str(rows), written)
