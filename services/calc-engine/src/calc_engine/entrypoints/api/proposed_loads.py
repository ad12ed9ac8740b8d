"""Routes of rows that move money by themselves: loaded by one person, approved by another."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from calc_engine.application.decide_load import decide_load
from calc_engine.application.ports import CalcWork
from calc_engine.domain.proposed_load import LoadStatus, ProposedLoad
from calc_engine.entrypoints.api.run_schemas import USER_ID, Reason
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

router = APIRouter(prefix="/v1/records/proposed", tags=["records"])

Reader = Annotated[Caller, require("facts:read")]
Approver = Annotated[Caller, require("adjustments:approve")]
LOAD_ID = "0193a000-0000-7000-8000-0000000000bf"


class DeclineLoadIn(BaseModel):
    """Why rows are declined."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "the debt was settled"}]}
    )

    reason: Reason


class LoadOut(BaseModel):
    """The good rows of one load, and who decided them."""

    id: UUID = Field(examples=[LOAD_ID])
    kind: str = Field(examples=["opening"])
    count: int = Field(examples=[1])
    payees: list[str] = Field(examples=[["A1"]])
    """Whom the rows are about, as they name them."""
    source: str = Field(examples=["payroll export"])
    made_by: UUID = Field(examples=[USER_ID])
    made_at: datetime
    status: str = Field(examples=["proposed"])
    decided_by: UUID | None
    decided_at: datetime | None
    why_declined: str | None

    @classmethod
    def of(cls, item: ProposedLoad) -> "LoadOut":
        """Show a load without its rows."""
        return cls(**_shown(item))


class LoadWithRowsOut(LoadOut):
    """A load with the rows to be approved."""

    rows: list[dict[str, Any]]

    @classmethod
    def of(cls, item: ProposedLoad) -> "LoadWithRowsOut":
        """Show a load and its rows."""
        return cls(**_shown(item), rows=[dict(row) for row in item.rows])


class LoadPageOut(BaseModel):
    """A page of loads, latest first."""

    items: list[LoadOut]
    next_cursor: str | None


def _shown(item: ProposedLoad) -> dict[str, Any]:
    return {
        "id": item.load_id,
        "kind": item.kind,
        "count": len(item.rows),
        "payees": list(item.payees),
        "source": item.source,
        "made_by": item.made_by,
        "made_at": item.made_at,
        "status": item.status.value,
        "decided_by": item.decided_by,
        "decided_at": item.decided_at,
        "why_declined": item.why,
    }


@router.get(
    "",
    operation_id="list_proposed_loads",
    summary="Opening balances, loans and paid_before that two people decide",
    responses=documented(),
)
async def list_loads(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("proposed-loads")],
    status: Annotated[Literal["proposed", "approved", "declined"] | None, Query()] = None,
) -> LoadPageOut:
    """List loads of opening balances, loans and what was paid before, latest first."""
    after = UUID(page.after[0]) if page.after else None
    wanted = LoadStatus(status) if status else None
    async with open_work(caller.tenant_id) as work:
        found = await work.loads.listed(status=wanted, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        cursor = runtime.cursors.write("proposed-loads", shown[-1].load_id)
    return LoadPageOut(items=[LoadOut.of(item) for item in shown], next_cursor=cursor)


@router.get(
    "/{load_id}",
    operation_id="get_proposed_load",
    summary="The rows that wait for a second person",
    responses=documented(404),
)
async def show(*, load_id: UUID, caller: Reader, open_work: OpenWorkOf) -> LoadWithRowsOut:
    """Show a load and its rows, whether it was decided or not."""
    async with open_work(caller.tenant_id) as work:
        return LoadWithRowsOut.of(await work.loads.get(load_id))


@router.post(
    "/{load_id}/approve",
    operation_id="approve_proposed_load",
    summary="Approve loaded rows",
    response_model=LoadOut,
    responses=documented(404, 409),
)
async def approve(
    *, load_id: UUID, caller: Approver, now: Now, ids: NewIds, once: OnceFor
) -> Response:
    """Approve what another person loaded; its rows are facts now, which the next run reads."""

    def approved(load: ProposedLoad) -> ProposedLoad:
        return load.approve(by=caller.user_id, at=now)

    effect = _deciding(load_id, approved, caller, now, ids)
    return await once(effect, answer=LoadOut.of, status=200)


@router.post(
    "/{load_id}/decline",
    operation_id="decline_proposed_load",
    summary="Decline loaded rows",
    response_model=LoadOut,
    responses=documented(404, 409),
)
async def decline(
    *,
    load_id: UUID,
    body: DeclineLoadIn,
    caller: Reader,
    now: Now,
    ids: NewIds,
    once: OnceFor,
) -> Response:
    """Decline rows with a reason; they never have an effect.

    Needs `adjustments:approve`; who proposed the rows may take them back with `facts:write`.
    """

    def declined(load: ProposedLoad) -> ProposedLoad:
        takes_back = load.made_by == caller.user_id and "facts:write" in caller.permissions
        caller.require("facts:write" if takes_back else "adjustments:approve")
        return load.decline(by=caller.user_id, at=now, why=body.reason)

    effect = _deciding(load_id, declined, caller, now, ids)
    return await once(effect, answer=LoadOut.of, status=200)


def _deciding(
    load_id: UUID,
    decide: Callable[[ProposedLoad], ProposedLoad],
    caller: Caller,
    now: datetime,
    ids: NewIds,
) -> Callable[[CalcWork], Any]:
    async def effect(work: CalcWork) -> ProposedLoad:
        return await decide_load(work, load_id, decide, by=caller.user_id, now=now, ids=ids)

    return effect
