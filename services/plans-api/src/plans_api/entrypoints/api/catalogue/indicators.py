"""KPIs and SLAs over HTTP."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kind import Kind
from plans_api.application.kinds.catalogue import Kpis, Slas
from plans_api.domain.catalogue.indicator import Direction, Gives, Indicator, Period
from plans_api.domain.catalogue.uses import UsedKind
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.catalogue.used_by import Entry, add_use_routes
from plans_api.entrypoints.api.fields import Body, Code, LabelIn, Name, Word
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import Label

EXAMPLE: JsonDict = {
    "name": "first_time_right",
    "label": {"it": "Ordini corretti al primo invio", "en": "Orders right the first time"},
    "gives": "percent",
    "direction": "higher is better",
    "period": "month",
    "source": "billing",
    "formula": None,
    "provisional": "counts",
    "missing": "exception",
}


class IndicatorIn(Body):
    """A figure of a payee in a period, measured by a source or given by a formula."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: Word
    label: LabelIn
    gives: Gives
    direction: Direction
    period: Period
    source: Code | None = Field(default=None, description="The system that measures it.")
    formula: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    provisional: Literal["counts", "holds"] = Field(
        default="counts", description="Whether values that may still change count, or hold the pay."
    )
    missing: Name = Field(
        default="exception", description="`exception`, `zero`, `last known`, or a value like 90 %."
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        self.content()
        return self

    def content(self) -> Indicator:
        """Return the content."""
        return Indicator(
            name=self.name,
            label_it=self.label.it,
            label_en=self.label.en,
            gives=self.gives,
            direction=self.direction,
            period=self.period,
            source=self.source,
            formula=self.formula,
            provisional=self.provisional,
            missing=self.missing,
        )


class IndicatorBatchIn(Batch[IndicatorIn]):
    """KPIs or SLAs to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class IndicatorOut(RecordOut):
    """A KPI or SLA."""

    name: str
    label: Label
    gives: Gives
    direction: Direction
    period: Period
    source: str | None
    formula: str | None
    provisional: Literal["counts", "holds"]
    missing: str


class IndicatorPageOut(BaseModel):
    """A page of KPIs or SLAs."""

    items: list[IndicatorOut]
    next_cursor: str | None


def _write(record: Record[Indicator]) -> IndicatorOut:
    indicator = record.content
    return IndicatorOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        name=indicator.name,
        label=Label(it=indicator.label_it, en=indicator.label_en),
        gives=indicator.gives,
        direction=indicator.direction,
        period=indicator.period,
        source=indicator.source,
        formula=indicator.formula,
        provisional=indicator.provisional,
        missing=indicator.missing,
    )


def _filters(name: Annotated[Word | None, Query()] = None) -> Matching:
    return {"name": name}


def _router(kind: Kind[Indicator], one: str, used: UsedKind) -> APIRouter:
    shape: Shape[Indicator, IndicatorIn] = Shape(
        kind=kind,
        path=f"/v1/{used}",
        one=one,
        many=used,
        body=IndicatorIn,
        batch=IndicatorBatchIn,
        answer=IndicatorOut,
        page=IndicatorPageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
    router = record_router(shape)
    entry = Entry(shape, used, name=lambda item: item.name, used=lambda body: body.content())
    add_use_routes(router, entry)
    return router


kpi_router = _router(Kpis(), "kpi", "kpis")
sla_router = _router(Slas(), "sla", "slas")
