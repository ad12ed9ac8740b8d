"""Payees over HTTP."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kinds.payees import Payees
from plans_api.domain.payee import ExternalId, Payee
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Code, Dated, DatedOut, Language, Name, Word
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
    "code": "AG-1",
    "name": "Agenzia Bianchi S.r.l.",
    "kind": "agency",
    "language": "it",
    "attributes": {"channel": "field"},
    "external_ids": [
        {"system": "salesforce", "code": "0015g00000AbCdE", "valid_from": "2025-01-01"}
    ],
    "dated_attributes": [
        {
            "name": "target_pay",
            "type": "money",
            "value": "45000.00",
            "unit": "EUR",
            "valid_from": "2026-01-01",
        }
    ],
    "valid_from": "2025-01-01",
    "valid_to": None,
}


class ExternalIdIn(Dated):
    """A code by which another system knows the payee, and on which days."""

    system: Code
    code: Code


class PayeeIn(Dated):
    """Who is paid: a person or a company."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    code: Code
    name: Name
    kind: Word = Field(description="What plans call `payee.kind`.")
    language: Language = "it"
    attributes: dict[Word, Code] = Field(
        default_factory=dict, description="What plans call `payee.<name>`, such as `channel`."
    )
    external_ids: list[ExternalIdIn] = Field(default_factory=list, max_length=100)
    dated_attributes: list[DatedAttributeIn] = Field(
        default_factory=list,
        max_length=MOST,
        description="What plans call `payee.<name>` on a day: target pay, weights, the share of "
        "the period in the plan.",
    )

    @model_validator(mode="after")
    def _usable(self) -> "PayeeIn":
        self.content()
        return self

    def content(self) -> Payee:
        """Return the content."""
        return Payee(
            code=self.code,
            name=self.name,
            kind=self.kind,
            language=self.language,
            attributes=self.attributes,
            external_ids=tuple(
                ExternalId(item.system, item.code, item.window()) for item in self.external_ids
            ),
            window=self.window(),
            dated_attributes=contents(self.dated_attributes),
        )


class PayeeBatchIn(Batch[PayeeIn]):
    """Payees to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class ExternalIdOut(DatedOut):
    """A code by which another system knows the payee, and on which days."""

    system: str
    code: str


class PayeeOut(RecordOut, DatedOut):
    """Who is paid: a person or a company."""

    code: str
    name: str
    kind: str
    language: str
    attributes: dict[str, str]
    external_ids: list[ExternalIdOut]
    dated_attributes: list[DatedAttributeOut]


class PayeePageOut(BaseModel):
    """A page of payees."""

    items: list[PayeeOut]
    next_cursor: str | None


def _write(record: Record[Payee]) -> PayeeOut:
    payee = record.content
    return PayeeOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        code=payee.code,
        name=payee.name,
        kind=payee.kind,
        language=payee.language,
        attributes=dict(payee.attributes),
        external_ids=[
            ExternalIdOut(
                system=item.system,
                code=item.code,
                valid_from=item.window.start,
                valid_to=item.window.end,
            )
            for item in payee.external_ids
        ],
        valid_from=payee.window.start,
        valid_to=payee.window.end,
        dated_attributes=written(payee.dated_attributes),
    )


def _filters(
    code: Annotated[Code | None, Query()] = None, kind: Annotated[Word | None, Query()] = None
) -> Matching:
    return {"code": code, "kind": kind}


router = record_router(
    Shape(
        kind=Payees(),
        path="/v1/payees",
        one="payee",
        many="payees",
        body=PayeeIn,
        batch=PayeeBatchIn,
        answer=PayeeOut,
        page=PayeePageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
)
