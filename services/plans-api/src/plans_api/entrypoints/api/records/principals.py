"""Principals over HTTP."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from plans_api.application.kinds.principals import Principals
from plans_api.domain.principal import Principal
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Body, Code, Country, Currency, Name
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)

EXAMPLE: JsonDict = {
    "code": "1000",
    "name": "Luce Chiara S.p.A.",
    "country": "IT",
    "currency": "EUR",
    "vat_number": "IT01234567897",
}


class PrincipalIn(Body):
    """A company that owes payees."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    code: Code
    name: Name
    country: Country
    currency: Currency
    vat_number: Code | None = None

    def content(self) -> Principal:
        """Return the content."""
        return Principal(self.code, self.name, self.country, self.currency, self.vat_number)


class PrincipalBatchIn(Batch[PrincipalIn]):
    """Principals to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class PrincipalOut(RecordOut):
    """A company that owes payees."""

    code: str
    name: str
    country: str
    currency: str
    vat_number: str | None


class PrincipalPageOut(BaseModel):
    """A page of principals."""

    items: list[PrincipalOut]
    next_cursor: str | None


def _write(record: Record[Principal]) -> PrincipalOut:
    principal = record.content
    return PrincipalOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        code=principal.code,
        name=principal.name,
        country=principal.country,
        currency=principal.currency,
        vat_number=principal.vat_number,
    )


def _filters(code: Annotated[Code | None, Query()] = None) -> Matching:
    return {"code": code}


router = record_router(
    Shape(
        kind=Principals(),
        path="/v1/principals",
        one="principal",
        many="principals",
        body=PrincipalIn,
        batch=PrincipalBatchIn,
        answer=PrincipalOut,
        page=PrincipalPageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
)
