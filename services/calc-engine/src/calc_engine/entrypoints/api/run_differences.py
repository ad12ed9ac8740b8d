"""Route that compares a month, as a run states it, with what was paid for it, order by order."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from calc_engine.application.compare_month import differences
from calc_engine.domain.order_difference import (
    DifferenceKey,
    OrderDifference,
    PostedAmount,
    StatedAmount,
)
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.run_lines import PAYEE_ID, Reader
from calc_engine.entrypoints.api.run_schemas import NO_NUL, RUN_ID
from premia_common.contracts.fields import MoneyOut
from premia_runtime.dependencies import OpenWorkOf, PageRequest, RuntimeOf, page_of
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/runs", tags=["runs"])


class DifferenceOut(BaseModel):
    """What is due now of one order and component, and what was paid of it."""

    payee_id: UUID = Field(examples=[PAYEE_ID])
    order_id: str | None = Field(examples=["salesforce/801"])
    plan: str = Field(examples=["agency-energy-2026"])
    component: str = Field(examples=["base"])
    now: MoneyOut
    posted: MoneyOut
    """By the month's own statement."""
    restated: MoneyOut
    """By later statements, as differences to the month."""
    difference: MoneyOut
    """What nobody has paid, or taken back, yet."""
    nodes: list[UUID]
    """Explain what is due now: `GET /v1/runs/{run_id}/payees/{payee_id}/explain/{node_id}`."""
    statements: list[UUID]
    """Paid it; each explains its own lines."""

    @classmethod
    def of(cls, item: OrderDifference) -> "DifferenceOut":
        """Show a difference."""
        return cls(
            payee_id=item.key.payee_id,
            order_id=item.key.order_id or None,
            plan=item.key.plan,
            component=item.key.component,
            now=MoneyOut.of(item.now),
            posted=MoneyOut.of(item.posted),
            restated=MoneyOut.of(item.restated),
            difference=MoneyOut.of(item.difference),
            nodes=list(item.nodes),
            statements=list(item.statements),
        )


class DifferencePageOut(BaseModel):
    """A page of differences."""

    run_id: UUID = Field(examples=[RUN_ID])
    period: str = Field(examples=["2026-03"])
    items: list[DifferenceOut]
    next_cursor: str | None


@router.get(
    "/{run_id}/differences",
    operation_id="list_run_differences",
    summary="What differs from what was paid, order by order",
    responses=documented(404, 409),
)
async def list_differences(
    *,
    run_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    page: Annotated[PageRequest, page_of("run-differences")],
    payee_id: Annotated[UUID | None, Query()] = None,
    order_id: Annotated[str | None, Query(max_length=300, pattern=NO_NUL)] = None,
    only_changed: Annotated[
        bool, Query(description="Leave out what was paid as it is due now.")
    ] = True,
) -> DifferencePageOut:
    """List, for an inquiry into a closed month, what it would be and what was paid for it.

    An inquiry as true by now says what is to be restated, or was already; one with `known_on`
    says what was to be known at the time.
    """
    async with open_work(caller.tenant_id) as work:
        run = await work.runs.get(run_id)
        address = run.completed().lines_address

    async def stated(after: DifferenceKey | None, limit: int) -> Sequence[StatedAmount]:
        return await ports.stated_amounts.after(
            caller.tenant_id, address, after, payee_id=payee_id, order_id=order_id, limit=limit
        )

    async def posted(after: DifferenceKey | None, limit: int) -> Sequence[PostedAmount]:
        async with open_work(caller.tenant_id) as work:
            found: Sequence[PostedAmount] = await work.queries.posted_of(
                run.period, payee_id=payee_id, order_id=order_id, after=after, limit=limit
            )
        return found

    last = DifferenceKey(UUID(page.after[0]), *page.after[1:]) if page.after else None
    found = await differences(
        stated, posted, after=last, limit=page.limit + 1, only_changed=only_changed
    )
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        cursor = runtime.cursors.write("run-differences", *astuple(shown[-1].key))
    return DifferencePageOut(
        run_id=run_id,
        period=str(run.period),
        items=[DifferenceOut.of(item) for item in shown],
        next_cursor=cursor,
    )
