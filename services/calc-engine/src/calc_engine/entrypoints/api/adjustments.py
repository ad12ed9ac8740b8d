"""Routes of adjustments by hand: one person proposes, another approves."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from calc_engine.application.adjust_pay import decide_adjustment, propose_adjustment
from calc_engine.application.ports import CalcWork
from calc_engine.domain.adjustment import Adjustment, AdjustmentStatus
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.run_schemas import USER_ID, Reason
from calc_engine.entrypoints.api.visibility import visible_payees
from premia_common.contracts.fields import MoneyOut
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    NewIds,
    Now,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/adjustments", tags=["adjustments"])

Reader = Annotated[Caller, require("ledger:read")]
Writer = Annotated[Caller, require("adjustments:write")]
Approver = Annotated[Caller, require("adjustments:approve")]
ADJUSTMENT_ID = "0193a000-0000-7000-8000-0000000000b7"
_AMOUNT: dict[str, Any] = {"amount": "-120.00", "currency": "EUR"}


class AdjustmentIn(BaseModel):
    """An amount to pay, or to take when negative; it counts in `month`, or the first unpaid one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "payee_id": USER_ID,
                    "principal_id": USER_ID,
                    "month": "2026-03",
                    "amount": _AMOUNT,
                    "reason": "a bonus of February that was paid twice",
                    "expires_on": "2026-04-30",
                }
            ]
        },
    )

    payee_id: UUID
    principal_id: UUID
    month: BusinessMonth
    amount: MoneyOut
    reason: Reason
    expires_on: date | None = None
    """The last day on which somebody may approve it."""


class DeclineIn(BaseModel):
    """Why an adjustment is declined."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "it was not paid twice"}]}
    )

    reason: Reason


class AdjustmentOut(BaseModel):
    """An adjustment as it stands."""

    id: UUID = Field(examples=[ADJUSTMENT_ID])
    payee_id: UUID
    principal_id: UUID
    month: str = Field(examples=["2026-03"])
    amount: MoneyOut = Field(examples=[_AMOUNT])
    reason: str = Field(examples=["a bonus of February that was paid twice"])
    expires_on: date | None
    made_by: UUID
    made_at: datetime
    status: str = Field(examples=["approved"])
    decided_by: UUID | None
    decided_at: datetime | None
    why_declined: str | None

    @classmethod
    def of(cls, item: Adjustment) -> "AdjustmentOut":
        """Show an adjustment."""
        return cls(
            id=item.adjustment_id,
            payee_id=item.payee_id,
            principal_id=item.principal_id,
            month=str(item.month),
            amount=MoneyOut.of(item.amount),
            reason=item.reason,
            expires_on=item.expires_on,
            made_by=item.made_by,
            made_at=item.made_at,
            status=item.status.value,
            decided_by=item.decided_by,
            decided_at=item.decided_at,
            why_declined=item.why,
        )


class AdjustmentPageOut(BaseModel):
    """A page of adjustments, latest first."""

    items: list[AdjustmentOut]
    next_cursor: str | None


def _at(item: Adjustment) -> dict[str, str]:
    return {"Location": f"/v1/adjustments/{item.adjustment_id}"}


@router.post(
    "",
    operation_id="propose_adjustment",
    summary="Propose an adjustment by hand",
    status_code=201,
    response_model=AdjustmentOut,
    responses=documented(409),
)
async def propose(
    *,
    body: AdjustmentIn,
    caller: Writer,
    now: Now,
    ids: NewIds,
    ports: CalcPorts,
    once: OnceFor,
) -> Response:
    """Propose an amount with its reason; it is paid only after another person approved it."""

    async def effect(work: CalcWork) -> Adjustment:
        adjustment = Adjustment(
            adjustment_id=ids.new(),
            payee_id=body.payee_id,
            principal_id=body.principal_id,
            month=Month.parse(body.month),
            amount=body.amount.money(),
            reason=body.reason,
            expires_on=body.expires_on,
            made_by=caller.user_id,
            made_at=now,
        )
        return await propose_adjustment(
            work, adjustment, on=now.astimezone(ports.time_zone).date(), ids=ids
        )

    return await once(effect, answer=AdjustmentOut.of, status=201, headers=_at)


@router.get("", operation_id="list_adjustments", summary="List adjustments", responses=documented())
async def list_adjustments(
    *,
    caller: Reader,
    now: Now,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("adjustments")],
    status: Annotated[Literal["proposed", "approved", "declined"] | None, Query()] = None,
) -> AdjustmentPageOut:
    """List the adjustments of payees the caller may see, latest first."""
    after = (datetime.fromisoformat(page.after[0]), UUID(page.after[1])) if page.after else None
    async with open_work(caller.tenant_id) as work:
        found = await work.adjustments.listed(
            status=AdjustmentStatus(status) if status else None,
            payees=await visible_payees(work, caller, now.date()),
            after=after,
            limit=page.limit + 1,
        )
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write("adjustments", last.made_at.isoformat(), last.adjustment_id)
    return AdjustmentPageOut(items=[AdjustmentOut.of(item) for item in shown], next_cursor=cursor)


@router.post(
    "/{adjustment_id}/approve",
    operation_id="approve_adjustment",
    summary="Approve an adjustment",
    response_model=AdjustmentOut,
    responses=documented(404, 409),
)
async def approve(
    *,
    adjustment_id: UUID,
    caller: Approver,
    now: Now,
    ids: NewIds,
    ports: CalcPorts,
    once: OnceFor,
) -> Response:
    """Approve what another person proposed; the next run pays it."""
    today = now.astimezone(ports.time_zone).date()

    async def effect(work: CalcWork) -> Adjustment:
        return await decide_adjustment(
            work,
            adjustment_id,
            lambda item: item.approve(by=caller.user_id, at=now, on=today),
            on=today,
            ids=ids,
        )

    return await once(effect, answer=AdjustmentOut.of, status=200)


@router.post(
    "/{adjustment_id}/decline",
    operation_id="decline_adjustment",
    summary="Decline an adjustment",
    response_model=AdjustmentOut,
    responses=documented(404, 409),
)
async def decline(
    *,
    adjustment_id: UUID,
    body: DeclineIn,
    caller: Approver,
    now: Now,
    ids: NewIds,
    ports: CalcPorts,
    once: OnceFor,
) -> Response:
    """Decline an adjustment with a reason; it is never paid."""

    async def effect(work: CalcWork) -> Adjustment:
        return await decide_adjustment(
            work,
            adjustment_id,
            lambda item: item.decline(by=caller.user_id, at=now, why=body.reason),
            on=now.astimezone(ports.time_zone).date(),
            ids=ids,
        )

    return await once(effect, answer=AdjustmentOut.of, status=200)
