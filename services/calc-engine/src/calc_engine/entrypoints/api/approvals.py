"""Routes that approve statements, one or many."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Response

from calc_engine.application.approve_statement import (
    Approval,
    approve_statement,
    approve_statements,
)
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
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1", tags=["statements"])

Approver = Annotated[Caller, require("statements:approve")]
TOGETHER = 25
"""So many items of a bulk approval share a transaction."""


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
            Approval(
                statement_id,
                revision,
                body.digest,
                body.accept_blocked.block() if body.accept_blocked else None,
            ),
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
    """Approve what can be approved; a refused item does not stop the others.

    Items are committed a few at a time.  Repeating the request is safe: what the same person
    approved already counts as approved.
    """
    turn = asyncio.Semaphore(ports.approvals_at_once)

    async def some(items: Sequence[ApproveItemIn]) -> list[Statement | Exception]:
        async def effect(work: CalcWork) -> list[Statement | Exception]:
            results = await approve_statements(
                work,
                [_approval(item) for item in items],
                by=caller.user_id,
                now=now,
                correlation_id=correlation_id,
            )
            fault_point("statement.approval.before_commit")
            return results

        async with turn:
            return await in_work(open_work, caller.tenant_id, effect)

    parts = [body.items[n : n + TOGETHER] for n in range(0, len(body.items), TOGETHER)]
    results = [result for part in await asyncio.gather(*map(some, parts)) for result in part]
    items = [_shown(item, result) for item, result in zip(body.items, results, strict=True)]
    approved = sum(item.problem is None for item in items)
    return ApprovedManyOut(approved=approved, refused=len(items) - approved, items=items)


def _approval(item: ApproveItemIn) -> Approval:
    block = item.accept_blocked.block() if item.accept_blocked else None
    return Approval(item.statement_id, item.revision, item.digest, block)


def _shown(item: ApproveItemIn, result: Statement | Exception) -> ApprovedItemOut:
    if not isinstance(result, Exception):
        return ApprovedItemOut(statement_id=item.statement_id, result="approved", problem=None)
    problem = problem_response(
        PROBLEMS[type(result)], str(result), instance=f"/v1/statements/{item.statement_id}"
    )
    shown = ProblemOut.model_validate(orjson.loads(bytes(problem.body)))
    return ApprovedItemOut(statement_id=item.statement_id, result="refused", problem=shown)
