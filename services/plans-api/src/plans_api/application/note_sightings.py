"""Keep what connectors tell of their sources' attributes and statuses."""

from datetime import datetime
from uuid import UUID

from plans_api.application.kind import record_id
from plans_api.application.ports import PlansWork
from plans_api.domain.catalogue.state_model import UnmappedStatus
from plans_api.domain.catalogue.variable import SeenAttribute
from plans_api.domain.record import Record
from premia_common.contracts.orders import OrderAttributeDeclared, OrderStatusUnmapped

NOBODY = UUID(int=0)
"""Maker of a variable that a source declared."""


async def note_attribute(work: PlansWork, event: OrderAttributeDeclared, *, now: datetime) -> None:
    """Keep what a source says of an attribute; one that is mapped and new becomes a variable.

    A variable that is there already stays as it is: people decide what plans may rely on.
    """
    seen = SeenAttribute(
        source=event.source,
        name=event.name,
        field=event.field,
        standing=event.standing,
        value_type=event.value_type,
        label_it=event.label.it if event.label else None,
        label_en=event.label.en if event.label else None,
        unit=event.unit,
        personal=event.personal,
        first_seen=event.first_seen,
        records=event.records,
        filled=event.filled,
        samples=event.samples,
        version=event.version,
    )
    is_news = await work.sightings.keep_attribute(seen)
    if not is_news or seen.standing != "mapped":
        return
    variable = seen.variable()
    identity = record_id(work.tenant_id, "variable", variable.key)
    await work.variables.lock()
    if identity not in await work.variables.by_ids({identity}):
        await work.variables.save((Record(identity, 1, NOBODY, now, variable),))


async def note_status(work: PlansWork, event: OrderStatusUnmapped) -> None:
    """Keep a status that no mapping of its source knew."""
    await work.sightings.keep_status(
        UnmappedStatus(event.source, event.field, event.status, event.first_seen)
    )
