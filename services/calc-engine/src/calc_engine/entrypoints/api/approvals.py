"""Routes that approve statements, one or many."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Response

from calc_engine.application.approve_statement import approve_statement
from calc_engine.application.ports import CalcWork
from calc_engine.domain.statement import Statement
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.problems import PROBLEMS
from calc_engine.entrypoints.api.statement_schemas import (
    ApprovedItemOut,
    ApprovedManyOut,
    ApproveIn,
    ApproveItemIn,
    ApproveManyIn,
    StatementOut,
)
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    CorrelationId,
    IfMatch,
    Now,
    OnceFor,
    OpenWorkOf,
    require,
)
from premia_runtime.dependencies import etag as etag_of
from premia_runtime.faults import fault_point
from premia_runtime.problems import ProblemOut, documented, problem_response
from premia_runtime.work import OpenWork, in_work

router = APIRouter(prefix="/v1", tags=["statements"])

Approver = Annotated[Caller, require("statements:approve")]


def _headers(statement: Statement) -> dict[str, str]:
    return {"ETag": etag_of(statement.revision)}


@router.post(
    "/statements/{statement_id}/approve",
    operation_id="approve_statement",
    summary="Approve the revision you have read",
    response_model=StatementOut,
    responses=documented(404, 409, 412, 428),
)
async def approve(
    *,
    statement_id: UUID,
    body: ApproveIn,
    revision: IfMatch,
    caller: Approver,
    now: Now,
    correlation_id: CorrelationId,
    once: OnceFor,
) -> Response:
    """Approve a statement in review, so that it can be invoiced.

    `If-Match` names the revision, the body its digest.  The maker and the submitter are refused.
    """

    async def effect(work: CalcWork) -> Statement:
        approved = await approve_statement(
            work,
            statement_id=statement_id,
            revision=revision,
            digest=body.digest,
            accept_blocked=body.accept_blocked.block() if body.accept_blocked else None,
            by=caller.user_id,
            now=now,
            correlation_id=correlation_id,
        )
        fault_point("statement.approval.before_commit")
        return approved

    return await once(effect, answer=StatementOut.of, headers=_headers)


@router.post(
    "/statements:approve",
    operation_id="approve_statements",
    summary="Approve up to 500 revisions, each with its own result",
    responses=documented(),
)
async def approve_many(
    *,
    body: ApproveManyIn,
    caller: Approver,
    now: Now,
    correlation_id: CorrelationId,
    open_work: OpenWorkOf,
    ports: CalcPorts,
) -> ApprovedManyOut:
    """Approve each item in a transaction of its own; a refused one does not stop the others.

    Repeating the request is safe: what the same person approved already counts as approved.
    """
    turn = asyncio.Semaphore(ports.approvals_at_once)

    async def one(item: ApproveItemIn) -> ApprovedItemOut:
        async with turn:
            return await _approve_item(
                item, caller=caller, now=now, correlation_id=correlation_id, open_work=open_work
            )

    items = await asyncio.gather(*(one(item) for item in body.items))
    approved = sum(item.problem is None for item in items)
    return ApprovedManyOut(approved=approved, refused=len(items) - approved, items=list(items))


async def _approve_item(
    item: ApproveItemIn,
    *,
    caller: Caller,
    now: Now,
    correlation_id: UUID,
    open_work: OpenWork[Any],
) -> ApprovedItemOut:
    async def effect(work: CalcWork) -> None:
        await approve_statement(
            work,
            statement_id=item.statement_id,
            revision=item.revision,
            digest=item.digest,
            accept_blocked=item.accept_blocked.block() if item.accept_blocked else None,
            by=caller.user_id,
            now=now,
            correlation_id=correlation_id,
        )
        fault_point("statement.approval.before_commit")

    try:
        await in_work(open_work, caller.tenant_id, effect)
    except tuple(PROBLEMS) as error:
        problem = problem_response(
            PROBLEMS[type(error)], str(error), instance=f"/v1/statements/{item.statement_id}"
        )
        shown = ProblemOut.model_validate(orjson.loads(bytes(problem.body)))
        return ApprovedItemOut(statement_id=item.statement_id, result="refused", problem=shown)
    return ApprovedItemOut(statement_id=item.statement_id, result="approved", problem=None)
