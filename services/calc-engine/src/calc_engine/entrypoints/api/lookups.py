"""Routes that look at exceptions, ledgers, standings and facts."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query

from calc_engine.domain.ledger import balances
from calc_engine.entrypoints.api.lookup_schemas import (
    EntryOut,
    ExceptionOut,
    ExceptionPageOut,
    FactOut,
    FactPageOut,
    LedgerOut,
    PostingOut,
    StandingOut,
    StandingsOut,
)
from calc_engine.entrypoints.api.month_path import BusinessMonth, PeriodQuery
from calc_engine.entrypoints.api.run_schemas import NO_NUL
from calc_engine.entrypoints.api.visibility import last_day, visible_payees
from premia_common.contracts.fields import MoneyOut
from premia_common.periods import Month
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    Now,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import NotFound, documented

router = APIRouter(prefix="/v1", tags=["look-ups"])


@router.get(
    "/exceptions",
    operation_id="list_exceptions",
    summary="What a person must look at",
    responses=documented(404),
)
async def list_exceptions(
    *,
    caller: Annotated[Caller, require("runs:read")],
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    period: PeriodQuery,
    page: Annotated[PageRequest, page_of("exceptions")],
    code: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
) -> ExceptionPageOut:
    """List the exceptions of a period's latest run; one cures itself when the next run finds it so.

    Facts that came twice with different content are on the first page.  Without `period` the
    latest period counts.
    """
    after = int(page.after[0]) if page.after else 0
    async with open_work(caller.tenant_id) as work:
        known = await work.periods.listed()
        month = period or (known[0].month if known else None)
        run = await work.runs.latest_of(month) if month else None
        found = (
            await work.queries.exceptions(run.run_id, code=code, after=after, limit=page.limit + 1)
            if run
            else ()
        )
        conflicts = await work.queries.conflicts(page.limit) if not page.after else ()
    shown = found[: page.limit]
    items = [*(item for item in conflicts if code in {None, item.code}), *shown]
    cursor = None
    if len(found) > page.limit:
        cursor = runtime.cursors.write("exceptions", shown[-1].number)
    return ExceptionPageOut(
        run_id=run.run_id if run else None,
        items=[ExceptionOut.of(item) for item in items],
        next_cursor=cursor,
    )


@router.get(
    "/ledger/{payee_id}",
    operation_id="get_ledger",
    summary="A payee's ledger",
    responses=documented(404),
)
async def get_ledger(
    *,
    payee_id: UUID,
    caller: Annotated[Caller, require("ledger:read")],
    open_work: OpenWorkOf,
    now: Now,
) -> LedgerOut:
    """Show balances and postings; every posting adds up to zero."""
    async with open_work(caller.tenant_id) as work:
        visible = await visible_payees(work, caller, now.date())
        if visible is not None and payee_id not in visible:
            raise NotFound(f"There is no ledger of payee {payee_id}.")
        postings = await work.ledger.postings_of(payee_id)
    if not postings and not await _is_payee(open_work, caller, payee_id):
        raise NotFound(f"There is no ledger of payee {payee_id}.")
    sums = balances(entry for posting in postings for entry in posting.entries)
    return LedgerOut(
        payee_id=payee_id,
        balances=[
            EntryOut(account=account.value, amount=MoneyOut.of(amount))
            for (account, _), amount in sorted(
                sums.items(), key=lambda item: (item[0][1], item[0][0].value)
            )
        ],
        postings=[PostingOut.of(posting) for posting in postings],
    )


async def _is_payee(open_work: OpenWorkOf, caller: Caller, payee_id: UUID) -> bool:
    async with open_work(caller.tenant_id) as work:
        return bool(await work.queries.facts("payee", key=str(payee_id), after=None, limit=1))


@router.get(
    "/standing/{payee_id}",
    operation_id="get_standing",
    summary="Where a payee stands in a month",
    responses=documented(404),
)
async def get_standing(
    *,
    payee_id: UUID,
    caller: Annotated[Caller, require("statements:read")],
    open_work: OpenWorkOf,
    month: Annotated[BusinessMonth, Query(examples=["2026-03"])],
) -> StandingsOut:
    """Show measures, targets and attainments of a month, as the latest run found them."""
    wanted = Month.parse(month)
    async with open_work(caller.tenant_id) as work:
        visible = await visible_payees(work, caller, last_day(wanted))
        if visible is not None and payee_id not in visible:
            raise NotFound(f"There is no payee {payee_id}.")
        known = [period.month for period in await work.periods.listed()]
        runs = [await work.runs.latest_of(item) for item in known]
        run = next((item for item in runs if item is not None), None)
        cells = await work.queries.standing(run.run_id, payee_id, wanted) if run else ()
    return StandingsOut(
        payee_id=payee_id,
        run_id=run.run_id if run else None,
        items=[
            StandingOut(
                measure=cell.measure,
                month=cell.month,
                value=cell.value,
                target=cell.target,
                attainment_ratio=cell.ratio,
                attainment_percent=cell.percent,
            )
            for cell in cells
        ],
    )


@router.get(
    "/facts/{kind}",
    operation_id="list_facts",
    summary="Facts as received",
    responses=documented(404),
)
async def list_facts(
    *,
    kind: Annotated[str, Path(max_length=50, pattern="^[a-z_]+$", examples=["target"])],
    caller: Annotated[Caller, require("facts:read")],
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("facts")],
    key: Annotated[str | None, Query(max_length=300, pattern=NO_NUL)] = None,
    version: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
) -> FactPageOut:
    """List the facts of a kind by key and version; `sha256` is the digest of the canonical body."""
    after = (str(page.after[0]), str(page.after[1])) if page.after else None
    async with open_work(caller.tenant_id) as work:
        found = await work.queries.facts(kind, key=key, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        cursor = runtime.cursors.write("facts", shown[-1].key, shown[-1].version)
    return FactPageOut(
        items=[
            FactOut(
                kind=item.kind,
                key=item.key,
                version=item.version,
                known_at=item.known_at,
                recorded_at=item.recorded_at,
                event_id=item.event_id,
                sha256=item.digest,
                body=orjson.loads(item.body),
            )
            for item in shown
            if version in {None, item.version}
        ],
        next_cursor=cursor,
    )
