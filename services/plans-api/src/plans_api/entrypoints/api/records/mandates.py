"""Mandates over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from plans_api.application.kind import record_id
from plans_api.application.kinds.mandates import Mandates
from plans_api.application.ports import PlansWork
from plans_api.domain.mandate import Mandate, PayeeCap
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Dated, DatedOut, MoneyIn
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import MoneyOut

KIND = Mandates()
ComponentName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]

EXAMPLE: JsonDict = {
    "principal_id": "0193a000-0000-8000-8000-000000000010",
    "payee_id": "0193a000-0000-8000-8000-000000000020",
    "valid_from": "2025-01-01",
    "valid_to": None,
    "payee_caps": [
        {
            "amount": {"amount": "5000.00", "currency": "EUR"},
            "valid_from": "2026-01-01",
            "valid_to": None,
            "priority": ["base"],
        }
    ],
}


class PayeeCapIn(Dated):
    """The most that all plans of the principal together may pay the payee in a month."""

    amount: MoneyIn
    priority: list[ComponentName] = Field(
        default_factory=list,
        max_length=100,
        description="Components: those named later lose first, those not named before them all; "
        "without any, every component loses by what it paid.",
    )

    def content(self) -> PayeeCap:
        """Return the content."""
        return PayeeCap(self.amount.money(), self.window(), tuple(self.priority))


class MandateIn(Dated):
    """A contract under which a principal pays a payee."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    principal_id: UUID
    payee_id: UUID
    payee_caps: list[PayeeCapIn] | None = Field(
        default=None,
        max_length=100,
        description="Absent or null, the caps that are stored stay; an empty list removes them.",
    )

    @model_validator(mode="after")
    def _usable(self) -> "MandateIn":
        self.content()
        return self

    def content(self, stored: tuple[PayeeCap, ...] = ()) -> Mandate:
        """Return the content, with the stored caps where the body says nothing of them."""
        caps = stored
        if self.payee_caps is not None:
            caps = tuple(cap.content() for cap in self.payee_caps)
        return Mandate(self.principal_id, self.payee_id, self.window(), caps)


class MandateBatchIn(Batch[MandateIn]):
    """Mandates to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class PayeeCapOut(DatedOut):
    """The most that all plans of the principal together may pay the payee in a month."""

    amount: MoneyOut
    priority: list[str]


class MandateOut(RecordOut, DatedOut):
    """A contract under which a principal pays a payee."""

    principal_id: UUID
    payee_id: UUID
    payee_caps: list[PayeeCapOut]


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
        payee_caps=[
            PayeeCapOut(
                amount=MoneyOut.of(cap.amount),
                priority=list(cap.priority),
                valid_from=cap.window.start,
                valid_to=cap.window.end,
            )
            for cap in mandate.payee_caps
        ],
    )


async def _complete(
    work: PlansWork, bodies: Sequence[MandateIn | Exception]
) -> list[Mandate | Exception]:
    await work.mandates.lock()
    written = await as_written(work, bodies)
    keys = {content.key for content in written if isinstance(content, Mandate)}
    stored = await work.mandates.by_ids({record_id(work.tenant_id, KIND.name, key) for key in keys})
    caps = {record.content.key: record.content.payee_caps for record in stored.values()}
    return [
        content
        if isinstance(body, Exception) or isinstance(content, Exception)
        else body.content(caps.get(content.key, ()))
        for body, content in zip(bodies, written, strict=True)
    ]


def _filters(
    principal_id: Annotated[UUID | None, Query()] = None,
    payee_id: Annotated[UUID | None, Query()] = None,
) -> Matching:
    return {"principal_id": principal_id, "payee_id": payee_id}


router = record_router(
    Shape(
        kind=KIND,
        path="/v1/mandates",
        one="mandate",
        many="mandates",
        body=MandateIn,
        batch=MandateBatchIn,
        answer=MandateOut,
        page=MandatePageOut,
        write=_write,
        complete=_complete,
        filters=_filters,
    )
)
