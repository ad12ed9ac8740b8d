"""Routes of what-if questions, and of orders under a draft plan."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from calc_engine.application.explain_node import NodeNotFound, explain_node
from calc_engine.application.read_draft import read_draft
from calc_engine.domain.explanation import told, tree, with_codes
from calc_engine.domain.run import RunStatus
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.entrypoints.api.answer_schemas import (
    ComparedLineOut,
    ComparedLinePageOut,
    SimulationExplanationOut,
    SimulationOut,
    SimulationPageOut,
)
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.explanation_schemas import StepOut
from calc_engine.entrypoints.api.explanations import DEEPEST, Words
from calc_engine.entrypoints.api.pages import part_of
from calc_engine.entrypoints.api.question_schemas import DraftIn, OrdersCheckIn, WhatIfIn
from calc_engine.entrypoints.api.simulation_asking import asking, cancelling, listed
from calc_engine.entrypoints.api.simulation_reads import WaitSeconds, answer_of, waited_for
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

router = APIRouter(prefix="/v1/simulations", tags=["simulations"])

Reader = Annotated[Caller, require("simulations:read")]
Writer = Annotated[Caller, require("simulations:write")]
KINDS = (SimulationKind.WHAT_IF, SimulationKind.ORDERS_CHECK)


def _at(simulation: Simulation) -> dict[str, str]:
    return {"Location": f"/v1/simulations/{simulation.simulation_id}"}


@router.post(
    "",
    operation_id="start_simulation",
    summary="Ask what pay would be",
    status_code=202,
    response_model=SimulationOut,
    responses=documented(409),
)
async def start(
    *, body: WhatIfIn, caller: Writer, now: Now, ids: NewIds, ports: CalcPorts, once: OnceFor
) -> Response:
    """Ask what pay would be with an order, a number or a draft plan; nothing of it is posted.

    A worker calculates both sides; wait for the answer at the address in `Location`.
    """
    changes = [
        {
            "kind": "draft_plan",
            "document": await asyncio.to_thread(read_draft, change.document),
            "replaces": change.replaces,
        }
        if isinstance(change, DraftIn)
        else change.content()
        for change in body.changes
    ]
    question: Mapping[str, Any] = {
        "since": body.since,
        "until": body.until,
        "payees": [str(payee) for payee in body.payees],
        "changes": changes,
    }

    effect = asking(
        SimulationKind.WHAT_IF, question, by=caller.user_id, now=now, ids=ids, ports=ports
    )
    return await once(effect, answer=SimulationOut.of, status=202, headers=_at)


@router.post(
    "/orders:check",
    operation_id="check_orders",
    summary="See what a draft plan would pay for real orders",
    status_code=202,
    response_model=SimulationOut,
    responses=documented(409),
)
async def check_orders(
    *, body: OrdersCheckIn, caller: Writer, now: Now, ids: NewIds, ports: CalcPorts, once: OnceFor
) -> Response:
    """Try a draft plan order by order before it is published.

    `picked` in the answer lists each order with every line it would give, and what it gives now.
    """
    question = {
        "since": body.since,
        "until": body.until,
        "document": await asyncio.to_thread(read_draft, body.document),
        "replaces": body.replaces,
        "picked": {
            "orders": body.orders,
            "territory": body.territory,
            "category": body.category,
            "payee_id": str(body.payee_id) if body.payee_id else None,
            "limit": body.limit,
        },
    }

    effect = asking(
        SimulationKind.ORDERS_CHECK, question, by=caller.user_id, now=now, ids=ids, ports=ports
    )
    return await once(effect, answer=SimulationOut.of, status=202, headers=_at)


@router.get("", operation_id="list_simulations", summary="List simulations", responses=documented())
async def list_simulations(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("simulations")],
) -> SimulationPageOut:
    """List what-if questions and checks of orders, latest first, without their answers."""
    shown, cursor = await listed(
        open_work, caller, KINDS, page, lambda *at: runtime.cursors.write("simulations", *at)
    )
    return SimulationPageOut(items=[SimulationOut.of(item) for item in shown], next_cursor=cursor)


@router.get(
    "/{simulation_id}",
    operation_id="get_simulation",
    summary="Look at a simulation and its answer",
    responses=documented(404),
)
async def get_simulation(
    *,
    simulation_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    now: Now,
    wait_seconds: WaitSeconds = 0,
) -> SimulationOut:
    """Show how far a simulation is, and its answer with the first lines of it."""
    found = await waited_for(open_work, caller, simulation_id, KINDS, wait_seconds)
    if found.status is not RunStatus.COMPLETED:
        return SimulationOut.of(found)
    return SimulationOut.of(found, await answer_of(ports, caller, found, now))


@router.get(
    "/{simulation_id}/lines",
    operation_id="list_simulation_lines",
    summary="Every compared line",
    responses=documented(404, 409),
)
async def list_lines(
    *,
    simulation_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    now: Now,
    page: Annotated[PageRequest, page_of("simulation-lines")],
) -> ComparedLinePageOut:
    """List the lines of an answer by payee, component, order and month."""
    found = await waited_for(open_work, caller, simulation_id, KINDS)
    lines = (await answer_of(ports, caller, found, now))["lines"]
    shown, end = part_of(lines, page)
    return ComparedLinePageOut(
        items=[ComparedLineOut.model_validate(line) for line in shown],
        next_cursor=runtime.cursors.write("simulation-lines", end) if end else None,
    )


@router.get(
    "/{simulation_id}/explain/{node_id}",
    operation_id="explain_simulation",
    summary="Why this amount would be",
    response_model=SimulationExplanationOut,
    responses=documented(404, 409),
)
async def explain(
    *,
    simulation_id: UUID,
    node_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    now: Now,
    side: Annotated[Literal["before", "after"], Query()] = "after",
    payee_id: Annotated[UUID | None, Query(description="The payee of the line.")] = None,
    words: Words = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Levels of the tree.")] = DEEPEST,
) -> Response:
    """Explain a node of a line, taken from its `why_before` or `why_after`."""
    found = await waited_for(open_work, caller, simulation_id, KINDS)
    result = found.answered(now)
    address = result.nodes_before if side == "before" else result.nodes_after
    if address is None:
        raise NodeNotFound(node_id)
    async with open_work(caller.tenant_id) as work:
        why = await explain_node(
            work, address=address, payee_id=payee_id, node_id=node_id, lineage=ports.lineage
        )
    nodes = with_codes(why.nodes, why.codes) if words else {}
    shown = SimulationExplanationOut.model_construct(
        simulation_id=simulation_id,
        side=side,
        words=told(nodes[node_id], nodes, words) if words else [],
        tree=StepOut.of(tree(node_id, why.nodes, why.messages, why.codes, depth=depth)),
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@router.post(
    "/{simulation_id}/cancel",
    operation_id="cancel_simulation",
    summary="End a simulation without an answer",
    response_model=SimulationOut,
    responses=documented(404, 409),
)
async def cancel(simulation_id: UUID, _: Writer, once: OnceFor) -> Response:
    """Cancel a queued or running simulation."""
    effect = cancelling(simulation_id, KINDS)
    return await once(effect, answer=SimulationOut.of)
