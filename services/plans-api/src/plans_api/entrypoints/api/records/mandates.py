"""Mandates over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from plans_api.application.kinds.mandates import Mandates
from plans_api.domain.mandate import Mandate
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Dated, DatedOut
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)

EXAMPLE: JsonDict = {
    "principal_id": "0193a000-0000-8000-8000-000000000010",
    "payee_id": "0193a000-0000-8000-8000-000000000020",
    "valid_from": "2025-01-01",
    "valid_to": None,
}


class MandateIn(Dated):
    """A contract under which a principal pays a payee."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    principal_id: UUID
    payee_id: UUID

    def content(self) -> Mandate:
        """Return the content."""
        return Mandate(self.principal_id, self.payee_id, self.window())


class MandateBatchIn(Batch[MandateIn]):
    """Mandates to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class MandateOut(RecordOut, DatedOut):
    """A contract under which a principal pays a payee."""

    principal_id: UUID
    payee_id: UUID


class MandatePageOut(BaseModel):
    """A page of mandates."""

    items: list[MandateOut]
    next_cursor: str | None


def _write(record: Record[Mandate]) -> MandateOut:
    mandate = record.content
    return MandateOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        principal_id=mandate.principal_id,
        payee_id=mandate.payee_id,
        valid_from=mandate.window.start,
        valid_to=mandate.window.end,
    )


def _filters(
    principal_id: Annotated[UUID | None, Query()] = None,
    payee_id: Annotated[UUID | None, Query()] = None,
) -> Matching:
    return {"principal_id": principal_id, "payee_id": payee_id}


router = record_router(
    Shape(
        kind=Mandates(),
        path="/v1/mandates",
        one="mandate",
        many="mandates",
        body=MandateIn,
        batch=MandateBatchIn,
        answer=MandateOut,
        page=MandatePageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
)
