"""Routes that read statements."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from calc_engine.application.tell_payees import unpaid_told
from calc_engine.domain.stated_in import shown as as_read
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.month_path import PeriodQuery
from calc_engine.entrypoints.api.statement_schemas import (
    AccountOut,
    AccountsOut,
    LineOut,
    LinesOut,
    StatementOut,
    StatementPageOut,
    UnpaidLineOut,
    UnpaidLinesOut,
)
from calc_engine.entrypoints.api.visibility import visible_by_month, visible_statement
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.dependencies import etag as etag_of
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/statements", tags=["statements"])

Reader = Annotated[Caller, require("statements:read")]


@router.get("", operation_id="list_statements", summary="List statements", responses=documented())
async def list_statements(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    period: PeriodQuery,
    page: Annotated[PageRequest, page_of("statements")],
    payee_id: Annotated[UUID | None, Query()] = None,
    status: Annotated[Literal["draft", "in_review", "approved"] | None, Query()] = None,
) -> StatementPageOut:
    """List the statements the caller may see, latest period first."""
    async with open_work(caller.tenant_id) as work:
        months = [period] if period else [item.month for item in await work.periods.listed()]
        found = await work.queries.statements(
            period=period,
            payee_id=payee_id,
            status=status,
            visible=await visible_by_month(work, caller, months),
            after=(str(page.after[0]), UUID(page.after[1])) if page.after else None,
            limit=page.limit + 1,
        )
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write("statements", str(last.period), last.statement_id)
    return StatementPageOut(items=[StatementOut.of(item) for item in shown], next_cursor=cursor)


@router.get(
    "/{statement_id}",
    operation_id="get_statement",
    summary="Look at a statement",
    responses=documented(404),
)
async def get_statement(
    *, statement_id: UUID, caller: Reader, open_work: OpenWorkOf, response: Response
) -> StatementOut:
    """Show a statement's current revision; its `ETag` is what an approval names."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
    response.headers["ETag"] = etag_of(statement.revision)
    return StatementOut.of(statement)


@router.get(
    "/{statement_id}/lines",
    operation_id="list_statement_lines",
    summary="The lines of a statement",
    responses=documented(404),
)
async def list_lines(
    *,
    statement_id: UUID,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("statement-lines")],
) -> LinesOut:
    """List the current revision's lines by plan, component and id."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
        lines = await work.statements.lines(statement_id, statement.revision)
    if page.after:
        plan, component, line_id = page.after
        after = (str(plan), str(component), UUID(line_id).int)
        lines = [line for line in lines if (line.plan, line.component, line.line_id.int) > after]
    shown = lines[: page.limit]
    cursor = None
    if len(lines) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write("statement-lines", last.plan, last.component, last.line_id)
    currency = as_read(statement).currency
    return LinesOut(
        statement_id=statement_id,
        revision=statement.revision,
        items=[LineOut.of(line, currency) for line in shown],
        next_cursor=cursor,
    )


@router.get(
    "/{statement_id}/accounts",
    operation_id="list_statement_accounts",
    summary="Where draws, loans and reserves stand",
    responses=documented(404),
)
async def list_accounts(
    *, statement_id: UUID, caller: Reader, open_work: OpenWorkOf
) -> AccountsOut:
    """List what the current revision does to accounts; nothing without terms of payment."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
        found = (await work.statements.accounts([statement])).get(statement_id, ())
    return AccountsOut(
        statement_id=statement_id,
        revision=statement.revision,
        items=[
            AccountOut.of(number, item, statement.currency)
            for number, item in enumerate(found, start=1)
        ],
    )


@router.get(
    "/{statement_id}/unpaid-lines",
    operation_id="list_unpaid_lines",
    summary="What is held or not paid, and why",
    responses=documented(404),
)
async def list_unpaid(
    *, statement_id: UUID, caller: Reader, ports: CalcPorts, open_work: OpenWorkOf
) -> UnpaidLinesOut:
    """List what the statement's run held back from the payee or did not pay, with the reasons."""
    async with open_work(caller.tenant_id) as work:
        statement = await visible_statement(work, caller, statement_id)
    lines = await ports.unpaid_lines.of_payee(
        caller.tenant_id, statement.lines_address, statement.payee_id
    )
    async with open_work(caller.tenant_id) as work:
        told = await unpaid_told(work, lines)
    return UnpaidLinesOut(
        statement_id=statement_id,
        revision=statement.revision,
        items=[UnpaidLineOut.of(line) for line in told],
    )
