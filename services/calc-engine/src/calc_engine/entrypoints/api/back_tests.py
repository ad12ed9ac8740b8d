"""Routes of back-tests: a draft plan on history."""

import asyncio
import csv
import io
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from calc_engine.application.read_draft import read_draft
from calc_engine.domain.run import RunStatus
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.entrypoints.api.answer_schemas import (
    BackTestOut,
    BackTestPageOut,
    PayeeResultOut,
    PayeeResultPageOut,
)
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.pages import part_of
from calc_engine.entrypoints.api.question_schemas import BackTestIn
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

router = APIRouter(prefix="/v1/back-tests", tags=["back-tests"])

Reader = Annotated[Caller, require("simulations:read")]
Writer = Annotated[Caller, require("simulations:write")]
KINDS = (SimulationKind.BACK_TEST,)
CSV = "text/csv"
COLUMNS = (
    "payee_id",
    "currency",
    "before",
    "after",
    "difference",
    "worst_month",
    "worst_difference",
)


def _at(simulation: Simulation) -> dict[str, str]:
    return {"Location": f"/v1/back-tests/{simulation.simulation_id}"}


@router.post(
    "",
    operation_id="start_back_test",
    summary="Test a draft plan on history",
    status_code=202,
    response_model=BackTestOut,
    responses=documented(409),
)
async def start(
    *, body: BackTestIn, caller: Writer, now: Now, ids: NewIds, ports: CalcPorts, once: OnceFor
) -> Response:
    """Calculate up to 24 months with a draft plan and with the plans in force; post nothing.

    The draft is taken as in force in all these months and whenever a plan it replaces was, and as
    accepted by everybody who is assigned to one of those plans.
    """
    question: Mapping[str, Any] = {
        "since": body.since,
        "until": body.until,
        "document": await asyncio.to_thread(read_draft, body.document),
        "replaces": body.replaces,
    }

    effect = asking(
        SimulationKind.BACK_TEST, question, by=caller.user_id, now=now, ids=ids, ports=ports
    )
    return await once(effect, answer=BackTestOut.of, status=202, headers=_at)


@router.get("", operation_id="list_back_tests", summary="List back-tests", responses=documented())
async def list_back_tests(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("back-tests")],
) -> BackTestPageOut:
    """List back-tests, latest first, without their results."""
    shown, cursor = await listed(
        open_work, caller, KINDS, page, lambda *at: runtime.cursors.write("back-tests", *at)
    )
    return BackTestPageOut(items=[BackTestOut.of(item) for item in shown], next_cursor=cursor)


@router.get(
    "/{simulation_id}",
    operation_id="get_back_test",
    summary="Look at a back-test and its sums",
    responses=documented(404),
)
async def get_back_test(
    *,
    simulation_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    now: Now,
    wait_seconds: WaitSeconds = 0,
) -> BackTestOut:
    """Show how far a back-test is; then winners and losers, and cost by every view."""
    found = await waited_for(open_work, caller, simulation_id, KINDS, wait_seconds)
    if found.status is not RunStatus.COMPLETED:
        return BackTestOut.of(found)
    return BackTestOut.of(found, await answer_of(ports, caller, found, now))


@router.get(
    "/{simulation_id}/payees",
    operation_id="list_back_test_payees",
    summary="Winners and losers",
    responses=documented(404, 409),
)
async def list_payees(
    *,
    simulation_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    now: Now,
    page: Annotated[PageRequest, page_of("back-test-payees")],
    first: Annotated[
        Literal["losers", "winners"], Query(description="Who comes first; pages keep to it.")
    ] = "losers",
) -> PayeeResultPageOut:
    """List payees with what they win or lose over all months, and their worst month."""
    found = await waited_for(open_work, caller, simulation_id, KINDS)
    rows = (await answer_of(ports, caller, found, now))["payees"]
    if first == "winners":
        rows = rows[::-1]
    shown, end = part_of(rows, page)
    return PayeeResultPageOut(
        items=[PayeeResultOut.model_validate(row) for row in shown],
        next_cursor=runtime.cursors.write("back-test-payees", end) if end else None,
    )


@router.get(
    "/{simulation_id}/payees.csv",
    operation_id="download_back_test_payees",
    summary="Winners and losers as CSV",
    response_class=Response,
    responses={
        **documented(404, 409),
        200: {
            "description": "One line a payee and currency, who loses most first",
            "content": {
                CSV: {
                    "schema": {"type": "string"},
                    "example": ",".join(COLUMNS) + "\n",
                }
            },
        },
    },
)
async def download_payees(
    *, simulation_id: UUID, caller: Reader, open_work: OpenWorkOf, ports: CalcPorts, now: Now
) -> Response:
    """Download every payee of a back-test; amounts have a point, columns a comma."""
    found = await waited_for(open_work, caller, simulation_id, KINDS)
    content = await answer_of(ports, caller, found, now)
    return Response(
        _csv(content["payees"]),
        media_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="back-test-{simulation_id}.csv"'},
    )


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row["payee_id"] or "",
                row["after"]["currency"],
                row["before"]["amount"],
                row["after"]["amount"],
                row["difference"]["amount"],
                row["worst_month"],
                row["worst_difference"]["amount"],
            ]
        )
    return text.getvalue()


@router.post(
    "/{simulation_id}/cancel",
    operation_id="cancel_back_test",
    summary="End a back-test without a result",
    response_model=BackTestOut,
    responses=documented(404, 409),
)
async def cancel(simulation_id: UUID, _: Writer, once: OnceFor) -> Response:
    """Cancel a queued or running back-test."""
    effect = cancelling(simulation_id, KINDS)
    return await once(effect, answer=BackTestOut.of)
