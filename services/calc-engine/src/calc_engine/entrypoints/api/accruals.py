"""Routes of accrual batches."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from calc_engine.application.read_models import AccrualTotal
from calc_engine.domain.accrual import AccrualBatch, AccrualLine
from calc_engine.entrypoints.api.pages import part_of
from calc_engine.entrypoints.api.run_schemas import RUN_ID, USER_ID
from premia_common.access import DataScope
from premia_common.contracts.fields import MoneyOut
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import NotFound, documented

router = APIRouter(prefix="/v1/accruals", tags=["accruals"])

Reader = Annotated[Caller, require("ledger:read")]
BATCH_ID = "0193a000-0000-7000-8000-0000000000ac"
PAYEE_ID = "0193a000-0000-7000-8000-0000000000d1"
PRINCIPAL_ID = "0193a000-0000-7000-8000-0000000000d2"


class AccrualBatchOut(BaseModel):
    """What one close accrued, in sums, one a currency."""

    id: UUID = Field(examples=[BATCH_ID])
    number: int = Field(examples=[3])
    period: str = Field(examples=["2026-03"])
    run_id: UUID | None = Field(examples=[RUN_ID])
    reverses: UUID | None = Field(examples=[BATCH_ID])
    posted_by: UUID = Field(examples=[USER_ID])
    posted_at: datetime
    unapproved: list[MoneyOut]
    """On statements that the close excluded."""
    held: list[MoneyOut]

    @classmethod
    def of(cls, total: AccrualTotal) -> "AccrualBatchOut":
        """Show a batch."""
        batch = total.batch
        return cls(
            id=batch.batch_id,
            number=batch.number,
            period=batch.period,
            run_id=batch.run_id,
            reverses=batch.reverses,
            posted_by=batch.posted_by,
            posted_at=batch.posted_at,
            unapproved=[MoneyOut.of(amount) for amount in total.unapproved],
            held=[MoneyOut.of(amount) for amount in total.held],
        )


class AccrualBatchesOut(BaseModel):
    """Every batch, latest first; only the first one counts, it took the others back."""

    items: list[AccrualBatchOut]


class AccrualLineOut(BaseModel):
    """One component's part of a batch."""

    payee_id: UUID = Field(examples=[PAYEE_ID])
    principal_id: UUID = Field(examples=[PRINCIPAL_ID])
    plan: str = Field(examples=["agency-energy-2026"])
    component: str = Field(examples=["base"])
    kind: str = Field(examples=["commission"])
    unapproved: MoneyOut
    held: MoneyOut

    @classmethod
    def of(cls, line: AccrualLine) -> "AccrualLineOut":
        """Show a line."""
        return cls(
            payee_id=line.key.payee_id,
            principal_id=line.key.principal_id,
            plan=line.key.plan,
            component=line.key.component,
            kind=line.key.kind,
            unapproved=MoneyOut.of(line.unapproved),
            held=MoneyOut.of(line.held),
        )


class AccrualLinePageOut(BaseModel):
    """A page of a batch's lines."""

    items: list[AccrualLineOut]
    next_cursor: str | None


@router.get(
    "", operation_id="list_accruals", summary="What each close accrued", responses=documented()
)
async def list_accruals(caller: Reader, open_work: OpenWorkOf) -> AccrualBatchesOut:
    """List the accrual batches, latest first; whoever sees only some payees sees none."""
    if caller.scope is not DataScope.ALL:
        return AccrualBatchesOut(items=[])
    async with open_work(caller.tenant_id) as work:
        batches = await work.accruals.listed()
    return AccrualBatchesOut(items=[AccrualBatchOut.of(batch) for batch in batches])


@router.get(
    "/{batch_id}/lines",
    operation_id="list_accrual_lines",
    summary="What a close accrued, by payee and component",
    responses=documented(404),
)
async def list_lines(
    *,
    batch_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("accrual-lines")],
) -> AccrualLinePageOut:
    """List the lines of a batch by payee, principal, plan and component."""
    batch: AccrualBatch | None = None
    if caller.scope is DataScope.ALL:
        async with open_work(caller.tenant_id) as work:
            batch = await work.accruals.find(batch_id)
    if batch is None:
        raise NotFound(f"There is no accrual batch {batch_id}.")
    shown, end = part_of(batch.lines, page)
    return AccrualLinePageOut(
        items=[AccrualLineOut.of(line) for line in shown],
        next_cursor=runtime.cursors.write("accrual-lines", end) if end else None,
    )
