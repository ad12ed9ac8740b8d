"""The route that shows the drafts of a payee's statements between runs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from calc_engine.application.read_draft_statements import (
    DraftStatementsNotFound,
    read_draft_statements,
)
from calc_engine.entrypoints.api.draft_statement_schemas import DraftStatementsOut
from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.visibility import last_day, visible_payees
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import OpenWorkOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/draft-statements", tags=["statements"])

Reader = Annotated[Caller, require("statements:read")]


def _period(period: Annotated[BusinessMonth, Query(examples=["2026-03"])]) -> Month:
    return Month.parse(period)


@router.get(
    "/{payee_id}",
    operation_id="get_draft_statements",
    summary="Drafts of a payee's statements",
    responses=documented(404),
)
async def get_draft_statements(
    *,
    payee_id: Annotated[UUID, Path()],
    period: Annotated[Month, Depends(_period)],
    caller: Reader,
    open_work: OpenWorkOf,
) -> DraftStatementsOut:
    """Show the drafts of a payee's statements of an open period, with every fact so far.

    They go on from the period's last run and are renewed as facts arrive; the next run proposes
    the same, terms of payment such as draws and reserves included.
    """
    async with open_work(caller.tenant_id) as work:
        visible = await visible_payees(work, caller, last_day(period))
        if visible is not None and payee_id not in visible:
            raise DraftStatementsNotFound(period)
        found = await read_draft_statements(work, period=period, payee_id=payee_id)
    return DraftStatementsOut.of(payee_id, found)
