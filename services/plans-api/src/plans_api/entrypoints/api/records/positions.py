"""Positions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kinds.positions import Positions
from plans_api.domain.position import Holding, Position, ReportingLine
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Body, Code, Dated, DatedOut, Word
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.dated_attributes import (
    MOST,
    DatedAttributeIn,
    DatedAttributeOut,
    contents,
    written,
)
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)

EXAMPLE: JsonDict = {
    "hierarchy": "sales",
    "code": "POS-AG-1",
    "holdings": [{"payee_id": "0193a000-0000-8000-8000-000000000020", "valid_from": "2025-01-01"}],
    "reporting_lines": [{"reports_to": "POS-AM-1", "valid_from": "2025-01-01"}],
}


class HoldingIn(Dated):
    """Who holds the position, and when."""

    payee_id: UUID


class ReportingLineIn(Dated):
    """To which position of the same hierarchy it reports, and when."""

    reports_to: Code = Field(description="Code of the superior position.")


class PositionIn(Body):
    """A role in a hierarchy, with all its holders and superiors by day."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    hierarchy: Word
    code: Code
    holdings: list[HoldingIn] = Field(default_factory=list, max_length=500)
    reporting_lines: list[ReportingLineIn] = Field(default_factory=list, max_length=500)
    dated_attributes: list[DatedAttributeIn] = Field(
        default_factory=list,
        max_length=MOST,
        description="What plans call `position.<name>` on a day.",
    )

    @model_validator(mode="after")
    def _usable(self) -> "PositionIn":
        self.content()
        return self

    def content(self) -> Position:
        """Return the content."""
        return Position(
            hierarchy=self.hierarchy,
            code=self.code,
            holdings=tuple(Holding(item.payee_id, item.window()) for item in self.holdings),
            reporting_lines=tuple(
                ReportingLine(item.reports_to, item.window()) for item in self.reporting_lines
            ),
            dated_attributes=contents(self.dated_attributes),
        )


class PositionBatchIn(Batch[PositionIn]):
    """Positions to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class HoldingOut(DatedOut):
    """Who holds the position, and when."""

    payee_id: UUID


class ReportingLineOut(DatedOut):
    """To which position it reports, and when."""

    reports_to: str


class PositionOut(RecordOut):
    """A role in a hierarchy, with all its holders and superiors by day."""

    hierarchy: str
    code: str
    holdings: list[HoldingOut]
    reporting_lines: list[ReportingLineOut]
    dated_attributes: list[DatedAttributeOut]


class PositionPageOut(BaseModel):
    """A page of positions."""

    items: list[PositionOut]
    next_cursor: str | None


def _write(record: Record[Position]) -> PositionOut:
    position = record.content
    return PositionOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        hierarchy=position.hierarchy,
        code=position.code,
        holdings=[
            HoldingOut(
                payee_id=item.payee_id, valid_from=item.window.start, valid_to=item.window.end
            )
            for item in position.holdings
        ],
        reporting_lines=[
            ReportingLineOut(
                reports_to=item.reports_to, valid_from=item.window.start, valid_to=item.window.end
            )
            for item in position.reporting_lines
        ],
        dated_attributes=written(position.dated_attributes),
    )


def _filters(
    hierarchy: Annotated[Word | None, Query()] = None,
    code: Annotated[Code | None, Query()] = None,
) -> Matching:
    return {"hierarchy": hierarchy, "code": code}


router = record_router(
    Shape(
        kind=Positions(),
        path="/v1/positions",
        one="position",
        many="positions",
        body=PositionIn,
        batch=PositionBatchIn,
        answer=PositionOut,
        page=PositionPageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
)
