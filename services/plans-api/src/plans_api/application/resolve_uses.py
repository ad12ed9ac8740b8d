"""Write out what a plan's document pins of the catalogue."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from plans_api.application.kind import record_id
from plans_api.application.ports import PlansWork
from plans_api.domain.catalogue.uses import (
    Pin,
    Used,
    UsesNotResolvable,
    pins_of,
    resolve_uses,
)
from plans_api.domain.plan_document import PlanNotAcceptable
from plans_api.domain.record import RecordNotFound
from premia_plan.document import PlanDocument


async def resolved_document(work: PlansWork, document: PlanDocument) -> PlanDocument:
    """Return the document that says all itself; a pin never means anything else later.

    Raises:
        PlanNotAcceptable: if a pin means nothing, or the plan defines the same itself.
    """
    try:
        pins = pins_of(document)
        catalogue = await catalogue_of(work, pins) if pins else {}
        return await asyncio.to_thread(resolve_uses, document, catalogue)
    except UsesNotResolvable as error:
        raise PlanNotAcceptable(error.findings) from None


async def catalogue_of(work: PlansWork, pins: tuple[Pin, ...]) -> Mapping[Pin, Used]:
    """Return what pins mean; those that mean nothing are left out."""
    found: dict[Pin, Used] = {}
    for pin in pins:
        used = await _version(work, pin)
        if used is not None:
            found[pin] = used
    return found


def catalogue_id(tenant_id: UUID, pin: Pin) -> UUID:
    """Return the id of the record that a pin names; of a variable `order.` may be left out."""
    if pin.kind == "variables":
        carrier, _, name = pin.name.rpartition(".")
        return record_id(tenant_id, "variable", (carrier or "order", name))
    kind = {"kpis": "kpi", "slas": "sla", "state_models": "state model"}[pin.kind]
    return record_id(tenant_id, kind, (pin.name,))


async def _version(work: PlansWork, pin: Pin) -> Used | None:
    record = catalogue_id(work.tenant_id, pin)
    try:
        history: list[Used] = []
        if pin.kind == "variables":
            history += [item.content for item in await work.variables.history(record)]
        elif pin.kind == "kpis":
            history += [item.content for item in await work.kpis.history(record)]
        elif pin.kind == "slas":
            history += [item.content for item in await work.slas.history(record)]
        else:
            history += [item.content for item in await work.state_models.history(record)]
    except RecordNotFound:
        return None
    return history[pin.version - 1] if 0 < pin.version <= len(history) else None
