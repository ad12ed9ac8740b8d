"""Records that could not be read: look, repair, replay."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from connectors.application.ports import ConnectorsWork, QuarantineEntry
from connectors.application.queries import ReadingWork
from connectors.application.replay_quarantine import replay_quarantine
from connectors.domain.message import PartOutcome, PartState
from connectors.entrypoints.api.exact_json import documented_body, read_exact
from connectors.entrypoints.api.intake import require_media_type
from connectors.entrypoints.api.schemas import (
    Code,
    QuarantineEntryOut,
    QuarantineOut,
    ReplayOutcomeOut,
    ReplayQuarantine,
)
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    CorrelationId,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1/quarantine", tags=["quarantine"])

Reader = Annotated[Caller, require("quarantine:read")]
_LIST = "quarantine"


@router.get(
    "",
    operation_id="list_quarantine",
    summary="List records that could not be read",
    responses=documented(404),
)
async def list_quarantine(
    runtime: RuntimeOf,
    caller: Reader,
    page: Annotated[PageRequest, page_of(_LIST)],
    source: Annotated[Code | None, Query()] = None,
    status: Annotated[Literal["open", "released"], Query()] = "open",
) -> QuarantineOut:
    """List entries, oldest first, each with its reason and what to do."""
    async with runtime.open_work(caller.tenant_id) as work:
        known = None if source is None else await work.sources.get(source)
        entries = await work.queries.quarantined(
            status=status,
            source_id=None if known is None else known.id,
            after=page.after,
            limit=page.limit + 1,
        )
        codes = {found.id: found.code for found in await work.sources.every()}
    shown = entries[: page.limit]
    cursor = None
    if len(entries) > page.limit:
        last = shown[-1]
        cursor = runtime.cursors.write(_LIST, last.first_at.isoformat(), str(last.id))
    return QuarantineOut(
        items=[_entry_out(entry, codes[entry.source_id]) for entry in shown], next_cursor=cursor
    )


@router.get(
    "/{entry_id}",
    operation_id="get_quarantine_entry",
    summary="Show a record that could not be read",
    responses=documented(404),
)
async def get_entry(entry_id: UUID, runtime: RuntimeOf, caller: Reader) -> QuarantineEntryOut:
    """Show an entry with its record."""
    async with runtime.open_work(caller.tenant_id) as work:
        return await _shown(work, entry_id)


@router.post(
    "/{entry_id}/replay",
    operation_id="replay_quarantine_entry",
    summary="Try a record again",
    responses=documented(404, 409, 415),
    openapi_extra=documented_body(ReplayQuarantine),
)
async def replay(
    entry_id: UUID,
    request: Request,
    runtime: RuntimeOf,
    caller: Annotated[Caller, require("quarantine:repair")],
    correlation_id: CorrelationId,
) -> ReplayOutcomeOut:
    """Try a record again as it is, or repaired.  One still refused stays, with the reason."""
    require_media_type(request, "application/json")
    body = read_exact(ReplayQuarantine, await request.body())

    async def effect(work: ConnectorsWork) -> PartOutcome:
        return await replay_quarantine(
            work,
            entry_id=entry_id,
            repaired=body.record,
            by=caller.user_id,
            clock_now=runtime.clock.now,
            correlation_id=correlation_id,
        )

    outcome = await in_work(runtime.open_work, caller.tenant_id, effect)
    return ReplayOutcomeOut(
        released=outcome.state is not PartState.QUARANTINED,
        state=outcome.state.value,
        code=outcome.code,
    )


async def _shown(work: ReadingWork, entry_id: UUID) -> QuarantineEntryOut:
    entry = await work.quarantine.get(entry_id)
    source = await work.sources.by_id(entry.source_id)
    return _entry_out(entry, source.code)


def _entry_out(entry: QuarantineEntry, source: str) -> QuarantineEntryOut:
    return QuarantineEntryOut(
        id=entry.id,
        source=source,
        message_id=entry.message_id,
        part=entry.part,
        code=entry.code,
        detail=entry.detail,
        field=entry.field,
        value=entry.value,
        status=entry.status,
        attempts=entry.attempts,
        first_at=entry.first_at,
        last_at=entry.last_at,
        record=dict(entry.record),
    )
