"""Replace the content of a record by its next version."""

from typing import TypeVar
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.kind import Kind, Proposal
from plans_api.application.ports import PlansWork
from plans_api.application.record_content import announce
from plans_api.domain.record import Content, Record

C = TypeVar("C", bound=Content)


async def change_content(
    work: PlansWork, *, kind: Kind[C], record_id: UUID, expected: int, content: C, act: Act
) -> Record[C]:
    """Return the record with new content, announced; the same content again changes nothing.

    Raises:
        RecordNotFound: if the tenant has no such record.
        RecordChanged: if `expected` is not the current version.
        KeyIsFixed: if the natural key would change.
        Exception: the kind's own refusals.
    """
    records = kind.records(work)
    await records.lock()
    current = await records.get(record_id)
    revised = current.revised(content, kind=kind.name, expected=expected, by=act.by, at=act.at)
    if revised is current:
        return current
    refused = await kind.refusals(work, (Proposal(record_id, content),))
    if record_id in refused:
        raise refused[record_id]
    await records.save((revised,))
    announce(work, kind.event(revised, act.header()))
    return revised
