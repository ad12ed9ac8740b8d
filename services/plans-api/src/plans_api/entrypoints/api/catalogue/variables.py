"""Variables over HTTP, with what sources send of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kinds.catalogue import Variables
from plans_api.application.ports import PlansWork
from plans_api.domain.catalogue.variable import Carrier, SeenAttribute, ValueType, Variable
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.catalogue.used_by import Entry, add_use_routes
from plans_api.entrypoints.api.fields import Body, Code, LabelIn, Word
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import Label

EXAMPLE: JsonDict = {
    "carrier": "order",
    "name": "annual_kwh",
    "type": "count",
    "unit": "kWh",
    "label": {"it": "Consumo annuo", "en": "Annual consumption"},
    "personal": False,
}


class VariableIn(Body):
    """A value that plans call `<carrier>.<name>`."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    carrier: Carrier
    name: Word
    type: ValueType
    unit: Code | None = Field(
        default=None, description="Of a count; with money it is a price per unit."
    )
    label: LabelIn
    personal: bool = Field(default=False, description="Sample values are masked.")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        self.content()
        return self

    def content(self) -> Variable:
        """Return the content."""
        return Variable(
            self.carrier,
            self.name,
            self.type,
            self.unit,
            self.label.it,
            self.label.en,
            self.personal,
        )


class VariableBatchIn(Batch[VariableIn]):
    """Variables to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class SeenAttributeOut(BaseModel):
    """What a source sends: `fill_rate` is the share of the records counted that fill it."""

    source: str
    name: str
    field: str
    standing: Literal["mapped", "unmapped", "withdrawn"]
    value_type: Literal["text", "decimal", "date", "flag"]
    unit: str | None
    first_seen: datetime | None
    records: int
    fill_rate: Decimal | None = Field(examples=["0.982"])
    samples: list[str]

    @classmethod
    def of(cls, seen: SeenAttribute) -> Self:
        """Write what a source sends."""
        return cls(
            source=seen.source,
            name=seen.name,
            field=seen.field,
            standing=seen.standing,
            value_type=seen.value_type,
            unit=seen.unit,
            first_seen=seen.first_seen,
            records=seen.records,
            fill_rate=seen.fill_rate,
            samples=list(seen.samples),
        )


class SeenAttributePageOut(BaseModel):
    """What all sources send, by source and name."""

    items: list[SeenAttributeOut]
    next_cursor: str | None


class VariableSourceOut(SeenAttributeOut):
    """The same for a variable; `agrees` if the source's values fit the variable's type."""

    agrees: bool


class VariableOut(RecordOut):
    """A variable; `sources` is null in the answer to a write."""

    carrier: Carrier
    name: str
    path: str = Field(description="What plans call it.", examples=["order.annual_kwh"])
    type: ValueType
    unit: str | None
    label: Label
    personal: bool
    sources: list[VariableSourceOut] | None


class VariablePageOut(BaseModel):
    """A page of variables."""

    items: list[VariableOut]
    next_cursor: str | None


def _write(record: Record[Variable]) -> VariableOut:
    variable = record.content
    return VariableOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        carrier=variable.carrier,
        name=variable.name,
        path=variable.path,
        type=variable.type,
        unit=variable.unit,
        label=Label(it=variable.label_it, en=variable.label_en),
        personal=variable.personal,
        sources=None,
    )


async def _with_sources(
    work: PlansWork, records: Sequence[Record[Variable]]
) -> Sequence[VariableOut]:
    names = {record.content.name for record in records if record.content.carrier == "order"}
    seen = await work.sightings.attributes(names)
    return [
        _write(record).model_copy(
            update={
                "sources": [
                    VariableSourceOut(
                        **dict(SeenAttributeOut.of(item)), agrees=item.agrees_with(record.content)
                    )
                    for item in seen
                    if record.content.carrier == "order" and item.name == record.content.name
                ]
            }
        )
        for record in records
    ]


def _filters(
    carrier: Annotated[Carrier | None, Query()] = None,
    name: Annotated[Word | None, Query()] = None,
) -> Matching:
    return {"carrier": carrier, "name": name}


SHAPE: Shape[Variable, VariableIn] = Shape(
    kind=Variables(),
    path="/v1/variables",
    one="variable",
    many="variables",
    body=VariableIn,
    batch=VariableBatchIn,
    answer=VariableOut,
    page=VariablePageOut,
    write=_write,
    complete=as_written,
    filters=_filters,
    adorn=_with_sources,
)
router = record_router(SHAPE)
add_use_routes(
    router,
    Entry(
        SHAPE,
        "variables",
        name=lambda variable: variable.path,
        used=lambda body: body.content(),
    ),
)
