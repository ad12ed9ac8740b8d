"""Routes that explain an amount."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from calc_engine.application.explain_statement import (
    Explanation,
    explain_account,
    explain_line,
    explain_statement,
)
from calc_engine.domain.explanation import told, tree, with_codes
from calc_engine.domain.statement import Statement
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.explanation_schemas import ExplanationOut, StepOut
from calc_engine.entrypoints.api.visibility import visible_statement
from premia_runtime.auth import Caller
from premia_runtime.dependencies import OpenWorkOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/statements", tags=["explanations"])

Reader = Annotated[Caller, require("statements:read")]
Words = Annotated[
    Literal["it", "en"] | None, Query(description="Tell it in sentences too, in this language.")
]
DEEPEST = 40


def _out(
    statement: Statement,
    found: Explanation,
    *,
    line_id: UUID | None,
    words: Literal["it", "en"] | None,
    depth: int,
) -> Response:
    nodes = with_codes(found.nodes, found.codes) if words else {}
    shown = ExplanationOut.model_construct(
        statement_id=statement.statement_id,
        revision=statement.revision,
        line_id=line_id,
        words=told(nodes[found.root], nodes, words) if words else [],
        tree=StepOut.of(tree(found.root, found.nodes, found.messages, found.codes, depth=depth)),
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@router.get(
    "/{statement_id}/explain",
    operation_id="explain_statement",
    summary="Why this total",
    response_model=ExplanationOut,
    responses=documented(404),
)
async def explain_total(
    *,
    statement_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    words: Words = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Levels of the tree.")] = 3,
) -> Response:
    """Explain a statement's total: components, lines and, as deep as asked, what they rest on."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
        found = await explain_statement(work, statement, lineage=ports.lineage)
    return _out(statement, found, line_id=None, words=words, depth=depth)


@router.get(
    "/{statement_id}/lines/{line_id}/explain",
    operation_id="explain_line",
    summary="Why this cent",
    response_model=ExplanationOut,
    responses=documented(404),
)
async def explain_one(
    *,
    statement_id: UUID,
    line_id: UUID,
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    words: Words = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Levels of the tree.")] = DEEPEST,
) -> Response:
    """Explain one line down to the rate row, the target or the source message it rests on."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
        found = await explain_line(work, statement, line_id, lineage=ports.lineage)
    return _out(statement, found, line_id=line_id, words=words, depth=depth)


@router.get(
    "/{statement_id}/accounts/{number}/explain",
    operation_id="explain_account",
    summary="Why an account stands there",
    response_model=ExplanationOut,
    responses=documented(404),
)
async def explain_balance(
    *,
    statement_id: UUID,
    number: Annotated[int, Path(ge=1, le=1_000)],
    caller: Reader,
    open_work: OpenWorkOf,
    ports: CalcPorts,
    words: Words = None,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Levels of the tree.")] = DEEPEST,
) -> Response:
    """Explain where a draw, loan or reserve, or what is carried, stands after the statement."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
        found = await explain_account(work, statement, number, lineage=ports.lineage)
    return _out(statement, found, line_id=None, words=words, depth=depth)
