"""Assignments over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from plans_api.application.assign_plan import AssignmentRequest, complete_assignments
from plans_api.application.kinds.assignments import Assignments
from plans_api.application.ports import PlansWork
from plans_api.domain.assignment import Assignment
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Dated, DatedOut, Name
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)

EXAMPLE: JsonDict = {
    "plan": "agency-energy-2026",
    "mandate_id": "0193a000-0000-8000-8000-000000000030",
    "valid_from": "2026-01-01",
    "valid_to": "2027-01-01",
}


class AssignmentIn(Dated):
    """A mandate to be put under a plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    plan: Name = Field(description="The plan's name, or its id.")
    mandate_id: UUID

    def request(self) -> AssignmentRequest:
        """Return what is asked for."""
        return AssignmentRequest(self.plan, self.mandate_id, self.window())


class AssignmentBatchIn(Batch[AssignmentIn]):
    """Assignments to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class AssignmentOut(RecordOut, DatedOut):
    """Under which plan a mandate earns, and when."""

    plan_id: UUID
    plan_name: str = Field(examples=["agency-energy-2026"])
    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID


class AssignmentPageOut(BaseModel):
    """A page of assignments."""

    items: list[AssignmentOut]
    next_cursor: str | None


def _write(record: Record[Assignment]) -> AssignmentOut:
    assignment = record.content
    return AssignmentOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        plan_id=assignment.plan_id,
        plan_name=assignment.plan_name,
        mandate_id=assignment.mandate_id,
        principal_id=assignment.principal_id,
        payee_id=assignment.payee_id,
        valid_from=assignment.window.start,
        valid_to=assignment.window.end,
    )


async def _complete(
    work: PlansWork, bodies: Sequence[AssignmentIn | Exception]
) -> list[Assignment | Exception]:
    return await complete_assignments(
        work, [body if isinstance(body, Exception) else body.request() for body in bodies]
    )


def _filters(
    plan_id: Annotated[UUID | None, Query()] = None,
    mandate_id: Annotated[UUID | None, Query()] = None,
    payee_id: Annotated[UUID | None, Query()] = None,
) -> Matching:
    return {"plan_id": plan_id, "mandate_id": mandate_id, "payee_id": payee_id}


router = record_router(
    Shape(
        kind=Assignments(),
        path="/v1/assignments",
        one="assignment",
        many="assignments",
        body=AssignmentIn,
        batch=AssignmentBatchIn,
        answer=AssignmentOut,
        page=AssignmentPageOut,
        write=_write,
        complete=_complete,
        filters=_filters,
    )
)
