"""Territories and product categories over HTTP."""

from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from plans_api.application.kinds.places import ProductCategories, Territories
from plans_api.domain.record import Record
from plans_api.domain.tree import Place
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Body, Code, LabelIn
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import Label

TERRITORY: JsonDict = {
    "code": "lazio",
    "parent": "italia",
    "label": {"it": "Lazio", "en": "Latium"},
}
CATEGORY: JsonDict = {"code": "gas", "parent": "any", "label": {"it": "Gas", "en": "Gas"}}


class PlaceIn(Body):
    """A place in a tree; without a parent it is a root."""

    code: Code
    parent: Code | None = Field(default=None, description="Code of the place above.")
    label: LabelIn

    def content(self) -> Place:
        """Return the content."""
        return Place(self.code, self.parent, self.label.it, self.label.en)


class TerritoryIn(PlaceIn):
    """A territory; without a parent it is a root."""

    model_config = ConfigDict(json_schema_extra={"examples": [TERRITORY]})


class TerritoryBatchIn(Batch[TerritoryIn]):
    """Territories to create, parents and children in any order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [TERRITORY]}]})


class ProductCategoryIn(PlaceIn):
    """A product category; without a parent it is a root."""

    model_config = ConfigDict(json_schema_extra={"examples": [CATEGORY]})


class ProductCategoryBatchIn(Batch[ProductCategoryIn]):
    """Product categories to create, parents and children in any order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CATEGORY]}]})


class PlaceOut(RecordOut):
    """A place in a tree."""

    code: str
    parent: str | None
    label: Label

    @classmethod
    def of(cls, record: Record[Place]) -> Self:
        """Write a place."""
        place = record.content
        return cls(
            id=record.id,
            version=record.version,
            made_by=record.made_by,
            made_at=record.made_at,
            code=place.code,
            parent=place.parent,
            label=Label(it=place.label_it, en=place.label_en),
        )


class TerritoryOut(PlaceOut):
    """A territory."""


class ProductCategoryOut(PlaceOut):
    """A product category."""


class TerritoryPageOut(BaseModel):
    """A page of territories."""

    items: list[TerritoryOut]
    next_cursor: str | None


class ProductCategoryPageOut(BaseModel):
    """A page of product categories."""

    items: list[ProductCategoryOut]
    next_cursor: str | None


def _filters(
    code: Annotated[Code | None, Query()] = None, parent: Annotated[Code | None, Query()] = None
) -> Matching:
    return {"code": code, "parent": parent}


territory_router = record_router(
    Shape(
        kind=Territories(),
        path="/v1/territories",
        one="territory",
        many="territories",
        body=TerritoryIn,
        batch=TerritoryBatchIn,
        answer=TerritoryOut,
        page=TerritoryPageOut,
        write=TerritoryOut.of,
        complete=as_written,
        filters=_filters,
    )
)
product_category_router = record_router(
    Shape(
        kind=ProductCategories(),
        path="/v1/product-categories",
        one="product_category",
        many="product_categories",
        body=ProductCategoryIn,
        batch=ProductCategoryBatchIn,
        answer=ProductCategoryOut,
        page=ProductCategoryPageOut,
        write=ProductCategoryOut.of,
        complete=as_written,
        filters=_filters,
    )
)
