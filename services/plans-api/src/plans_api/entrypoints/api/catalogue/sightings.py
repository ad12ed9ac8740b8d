"""What sources sent: their attributes, and statuses that nobody has mapped yet."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from plans_api.domain.catalogue.state_model import UnmappedStatus
from plans_api.entrypoints.api.catalogue.variables import SeenAttributeOut, SeenAttributePageOut
from plans_api.entrypoints.api.fields import Code
from premia_runtime.auth import Caller
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1")
Reader = Annotated[Caller, require("master-data:read")]


class UnmappedStatusOut(BaseModel):
    """A status that a source sent and no mapping knew, when it was first seen."""

    source: str
    field: str
    status: str = Field(examples=["On Hold"])
    first_seen: datetime

    @classmethod
    def of(cls, status: UnmappedStatus) -> Self:
        """Write a status."""
        return cls(
            source=status.source,
            field=status.field,
            status=status.status,
            first_seen=status.first_seen,
        )


class UnmappedStatusPageOut(BaseModel):
    """Statuses that nobody has mapped yet, by source."""

    items: list[UnmappedStatusOut]
    next_cursor: str | None


@router.get(
    "/seen-attributes",
    operation_id="list_seen_attributes",
    summary="List what sources send of order attributes",
    tags=["variables"],
    responses=documented(),
)
async def list_seen(
    runtime: RuntimeOf, caller: Reader, source: Annotated[Code | None, Query()] = None
) -> SeenAttributePageOut:
    """List every attribute that a mapping declares or a source merely sends, with its fill rate.

    Of personal data the samples show the first letter at most.
    """
    async with runtime.open_work(caller.tenant_id) as work:
        found = await work.sightings.attributes()
    items = [SeenAttributeOut.of(item) for item in found if source in (None, item.source)]
    return SeenAttributePageOut(items=items, next_cursor=None)


@router.get(
    "/state-models/{record_id}/unmapped-statuses",
    operation_id="list_unmapped_statuses",
    summary="List statuses that sources sent and a state model does not map",
    tags=["state models"],
    responses=documented(404),
)
async def list_unmapped(
    record_id: UUID, runtime: RuntimeOf, caller: Reader
) -> UnmappedStatusPageOut:
    """List the raw statuses that connectors could not read and the current version does not map."""
    async with runtime.open_work(caller.tenant_id) as work:
        model = (await work.state_models.get(record_id)).content
        found = await work.sightings.statuses()
    left = [item for item in found if not model.maps(item.source, item.status)]
    return UnmappedStatusPageOut(
        items=[UnmappedStatusOut.of(item) for item in left], next_cursor=None
    )
