"""Routes that read what a run states: for an inquiry the only place where its result is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from calc_engine.application.explain_node import explain_node
from calc_engine.application.read_models import StatedLine
from calc_engine.domain.explanation import told, tree, with_codes
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.explanation_schemas import StepOut
from calc_engine.entrypoints.api.explanations import DEEPEST, Words
from calc_engine.entrypoints.api.pages import part_of
from calc_engine.entrypoints.api.run_schemas import RUN_ID
from premia_common.contracts.fields import MoneyOut
from premia_common.money import Money
from premia_plan.narration.lines import line_words
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/runs", tags=["runs"])

Reader = Annotated[Caller, require("runs:read")]
PAYEE_ID = "0193a000-0000-7000-8000-0000000000d1"


class RunPayeeOut(BaseModel):
    """What a run states for a payee, beside the month's approved statements."""

    payee_id: UUID = Field(examples=[PAYEE_ID])
    stated: MoneyOut
    approved: MoneyOut
    """The lines of the payee's approved statements of this month."""
    difference: MoneyOut


class RunPayeePageOut(BaseModel):
    """A page of payees."""

    run_id: UUID = Field(examples=[RUN_ID])
    items: list[RunPayeeOut]
    next_cursor: str | None


class RunLineOut(BaseModel):
    """A line that a run puts, or would put, on a statement."""

    id: UUID
    plan: str = Field(examples=["agency-energy-2026"])
    component: str = Field(examples=["base"])
    kind: str = Field(examples=["commission"])
    what: str = Field(examples=["release"])
    label: dict[str, str] = Field(examples=[{"it": "liquidato", "en": "released"}])
    """What it is in words: a release below zero is a correction."""
    competence: str = Field(examples=["2026-03"])
    original_period: str | None
    amount: MoneyOut
    order_id: str | None
    reason: str | None
    node_id: UUID
    """Explains it."""

    @classmethod
    def of(cls, line: StatedLine) -> "RunLineOut":
        """Show a line."""
        return cls(
            id=line.line_id,
            plan=line.plan,
            component=line.component,
            kind=line.kind,
            what=line.what,
            label=dict(line_words(line.what, line.amount.amount)),
            competence=line.competence,
            original_period=line.original_period,
            amount=MoneyOut.of(line.amount),
            order_id=line.order_id,
            reason=line.reason,
            node_id=line.node_id,
        )


class RunLinePageOut(BaseModel):
    """A page of a payee's lines."""

    run_id: UUID = Field(examples=[RUN_ID])
    payee_id: UUID = Field(examples=[PAYEE_ID])
    items: list[RunLineOut]
    next_cursor: str | None


class RunExplanationOut(BaseModel):
    """One amount of a run as a tree, and in words where they were asked for."""

    run_id: UUID = Field(examples=[RUN_ID])
    words: list[str] = Field(examples=[["780.00, 65 % of 1200.00"]])
    tree: StepOut


@router.get(
    "/{run_id}/payees",
    operation_id="list_run_payees",
    summary="What a run states for each payee, and what was approved",
    responses=documented(404, 409),
)
async def list_payees(
    *,
    run_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    page: Annotated[PageRequest, page_of("run-payees")],
) -> RunPayeePageOut:
    """List payees with what a run states for the month, and the month's approved statements."""
    async with open_work(caller.tenant_id) as work:
        run = await work.runs.get(run_id)
        approved = await work.queries.approved_totals(run.period)
    stated = await ports.stated_lines.totals(caller.tenant_id, run.completed().lines_address)
    sums = {(total.payee_id, total.amount.currency): total.amount for total in stated}
    keys = sorted({*sums, *approved})
    shown, end = part_of(keys, page)
    items = []
    for key in shown:
        zero = Money.zero(key[1])
        now, before = sums.get(key, zero), approved.get(key, zero)
        items.append(
            RunPayeeOut(
                payee_id=key[0],
                stated=MoneyOut.of(now),
                approved=MoneyOut.of(before),
                difference=MoneyOut.of(now - before),
            )
        )
    cursor = runtime.cursors.write("run-payees", end) if end else None
    return RunPayeePageOut(run_id=run_id, items=items, next_cursor=cursor)


@router.get(
    "/{run_id}/payees/{payee_id}/lines",
    operation_id="list_run_lines",
    summary="The lines that a run states for a payee",
    responses=documented(404, 409),
)
async def list_lines(
    *,
    run_id: UUID,
    payee_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    page: Annotated[PageRequest, page_of("run-lines")],
) -> RunLinePageOut:
    """List a payee's lines of a run, in the order of their ids."""
    async with open_work(caller.tenant_id) as work:
        result = (await work.runs.get(run_id)).completed()
    lines = await ports.stated_lines.of_payee(caller.tenant_id, result.lines_address, payee_id)
    shown, end = part_of(lines, page)
    return RunLinePageOut(
        run_id=run_id,
        payee_id=payee_id,
        items=[RunLineOut.of(line) for line in shown],
        next_cursor=runtime.cursors.write("run-lines", end) if end else None,
    )


@router.get(
    "/{run_id}/payees/{payee_id}/explain/{node_id}",
    operation_id="explain_run_line",
    summary="Why a run states this amount",
    response_model=RunExplanationOut,
    responses=documented(404, 409),
)
async def explain(
    *,
    run_id: UUID,
    payee_id: UUID,
    node_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    words: Words = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Levels of the tree.")] = DEEPEST,
) -> Response:
    """Explain a line of a run by its `node_id`, down to the source messages."""
    async with open_work(caller.tenant_id) as work:
        result = (await work.runs.get(run_id)).completed()
        why = await explain_node(
            work,
            address=result.nodes_address,
            payee_id=payee_id,
            node_id=node_id,
            lineage=ports.lineage,
        )
    nodes = with_codes(why.nodes, why.codes) if words else {}
    shown = RunExplanationOut.model_construct(
        run_id=run_id,
        words=told(nodes[node_id], nodes, words) if words else [],
        tree=StepOut.of(tree(node_id, why.nodes, why.messages, why.codes, depth=depth)),
    )
    return Response(shown.model_dump_json(), media_type="application/json")
