"""Routes that look at ledgers, standings and facts."""

from datetime import date
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query

from calc_engine.domain.ledger import balances
from calc_engine.entrypoints.api.dependencies import CalcPorts
from calc_engine.entrypoints.api.lookup_schemas import (
    EntryOut,
    FactOut,
    FactPageOut,
    LedgerOut,
    PostingOut,
    StandingOut,
    StandingsOut,
)
from calc_engine.entrypoints.api.month_path import BusinessMonth
from calc_engine.entrypoints.api.run_schemas import NO_NUL, end_of_day
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
            EntryOut(account=account.value, name=name, amount=MoneyOut.of(amount))
            for (account, name, _), amount in sorted(
                sums.items(), key=lambda item: (item[0][2], item[0][0].value, item[0][1])
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
    ports: CalcPorts,
    page: Annotated[PageRequest, page_of("facts")],
    key: Annotated[str | None, Query(max_length=300, pattern=NO_NUL)] = None,
    version: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
    known_on: Annotated[
        date | None, Query(description="Only those known by the end of this day.")
    ] = None,
) -> FactPageOut:
    """List the facts of a kind by key and version; `sha256` is the digest of the canonical body."""
    after = (str(page.after[0]), str(page.after[1])) if page.after else None
    known_at = end_of_day(known_on, ports.time_zone) if known_on else None
    async with open_work(caller.tenant_id) as work:
        found = await work.queries.facts(
            kind, key=key, after=after, limit=page.limit + 1, known_at=known_at
        )
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
