"""Targets over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kinds.targets import Targets
from plans_api.domain.record import Record
from plans_api.domain.target import Target, TargetValue
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.fields import Body, Day, MoneyIn, Word
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import MoneyOut, MonthText
from premia_common.periods import Month

EXAMPLE: JsonDict = {
    "payee_id": "0193a000-0000-8000-8000-000000000020",
    "name": "activated_value",
    "values": [{"month": "2026-03", "amount": {"amount": "50000.00", "currency": "EUR"}}],
}


class TargetValueIn(Body):
    """The target of one month, perhaps only from a day within it on."""

    month: MonthText
    amount: MoneyIn
    valid_from: Day | None = Field(
        default=None,
        description="The day within the month from which it holds, where the target changed; the "
        "one of the whole month is given too.",
        examples=["2026-03-16"],
    )


class TargetIn(Body):
    """What a payee is to reach, under one name, for all months that are set."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    payee_id: UUID
    name: Word = Field(description="The measure it is a target for, as the plan names it.")
    values: list[TargetValueIn] = Field(min_length=1, max_length=120)

    @model_validator(mode="after")
    def _usable(self) -> "TargetIn":
        self.content()
        return self

    def content(self) -> Target:
        """Return the content."""
        values = tuple(
            TargetValue(Month.parse(value.month), value.amount.money(), value.valid_from)
            for value in self.values
        )
        return Target(self.payee_id, self.name, values)


class TargetBatchIn(Batch[TargetIn]):
    """Targets to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class TargetValueOut(BaseModel):
    """The target of one month, perhaps only from a day within it on."""

    month: MonthText
    amount: MoneyOut
    valid_from: date | None


class TargetOut(RecordOut):
    """What a payee is to reach, under one name, for all months that are set."""

    payee_id: UUID
    name: str
    values: list[TargetValueOut]


class TargetPageOut(BaseModel):
    """A page of targets."""

    items: list[TargetOut]
    next_cursor: str | None


def _write(record: Record[Target]) -> TargetOut:
    target = record.content
    return TargetOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        payee_id=target.payee_id,
        name=target.name,
        values=[
            TargetValueOut(
                month=str(value.month),
                amount=MoneyOut.of(value.amount),
                valid_from=value.valid_from,
            )
            for value in target.values
        ],
    )


def _filters(
    payee_id: Annotated[UUID | None, Query()] = None,
    name: Annotated[Word | None, Query()] = None,
) -> Matching:
    return {"payee_id": payee_id, "name": name}


router = record_router(
    Shape(
        kind=Targets(),
        path="/v1/targets",
        one="target",
        many="targets",
        body=TargetIn,
        batch=TargetBatchIn,
        answer=TargetOut,
        page=TargetPageOut,
        write=_write,
        complete=as_written,
        filters=_filters,
    )
)
