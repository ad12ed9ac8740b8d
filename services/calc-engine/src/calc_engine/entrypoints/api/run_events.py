"""The stream of what is told of a run: server-sent events that a client resumes by number."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from calc_engine.domain.progress import RunEvent
from calc_engine.domain.run import RunStatus
from calc_engine.entrypoints.api.run_schemas import RunEventOut
from premia_runtime.auth import Caller
from premia_runtime.dependencies import OpenWorkOf, require
from premia_runtime.problems import BadRequest, documented
from premia_runtime.work import OpenWork

router = APIRouter(prefix="/v1/runs", tags=["runs"])

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 300.0
"""A stream ends after this time at the latest; the client asks again from where it was."""
SIGN_OF_LIFE_SECONDS = 15.0

_EVENT = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "description": "One event of the stream; its data is a RunEventOut.",
            "required": ["id", "event", "data"],
            "properties": {
                "id": {"type": "string"},
                "event": {"enum": ["progress", "ended"]},
                "data": {"type": "string", "contentMediaType": "application/json"},
            },
        },
        "example": {
            "id": "4",
            "event": "progress",
            "data": '{"run_id":"0193a000-0000-7000-8000-0000000000f1","at":"2026-04-01T08:00:02Z",'
            '"status":"running","progress_percent":30,'
            '"progress":{"stage":"calculating agency-energy-2026","done":0,"of":2}}',
        },
    }
}


@router.get(
    "/{run_id}/events",
    operation_id="follow_run",
    summary="Follow a run as server-sent events",
    response_class=StreamingResponse,
    responses={**documented(404), 200: {"description": "Its events", "content": _EVENT}},
)
async def follow(
    *,
    run_id: UUID,
    caller: Annotated[Caller, require("runs:read")],
    open_work: OpenWorkOf,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            max_length=12,
            description="The `id` of the last event you saw; what came after it is sent.",
        ),
    ] = None,
) -> Response:
    """Stream every stage of a run from its first or from the one after `Last-Event-ID`.

    `event` is `progress`, and `ended` for the last one, after which the stream ends.
    """
    after = _number(last_event_id)
    async with open_work(caller.tenant_id) as work:
        await work.runs.get(run_id)
    return StreamingResponse(
        _events(open_work, caller.tenant_id, run_id, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _number(last_event_id: str | None) -> int:
    text = (last_event_id or "0").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadRequest(f"Last-Event-ID is the number of an event, like 4; got {text}.")
    return int(text)


async def _events(
    open_work: OpenWork[Any], tenant_id: UUID, run_id: UUID, after: int
) -> AsyncIterator[str]:
    quiet = 0.0
    for _ in range(int(LONGEST_SECONDS / LOOK_SECONDS)):
        async with open_work(tenant_id) as work:
            found = await work.queries.run_events(run_id, after=after)
        for event in found:
            after, quiet = event.number, 0.0
            yield _written(run_id, event)
        if found and RunStatus(found[-1].status).has_ended:
            return
        await asyncio.sleep(LOOK_SECONDS)
        quiet += LOOK_SECONDS
        if quiet >= SIGN_OF_LIFE_SECONDS:
            quiet = 0.0
            yield ": the run goes on\n\n"


def _written(run_id: UUID, event: RunEvent) -> str:
    name = "ended" if RunStatus(event.status).has_ended else "progress"
    data = RunEventOut.of(run_id, event).model_dump_json()
    return f"id: {event.number}\nevent: {name}\ndata: {data}\n\n"
