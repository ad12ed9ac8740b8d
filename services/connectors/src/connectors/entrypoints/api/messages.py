"""Messages as they were received: where every explanation ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from connectors.application.ports import ConnectorsWork
from connectors.application.replay_messages import replay_messages
from connectors.domain.message import Message
from connectors.entrypoints.api.intake import RunnerOf
from connectors.entrypoints.api.schemas import (
    MessageOut,
    MessagePartOut,
    ReplayedOut,
    ReplayMessages,
)
from premia_runtime.auth import Caller
from premia_runtime.dependencies import Now, RuntimeOf, require
from premia_runtime.problems import documented
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1/messages", tags=["messages"])

Reader = Annotated[Caller, require("facts:read")]


@router.post(
    "/replay",
    operation_id="replay_messages",
    summary="Read stored messages again",
    status_code=202,
    responses=documented(404),
)
async def replay(
    body: ReplayMessages,
    runtime: RuntimeOf,
    runner: RunnerOf,
    caller: Annotated[Caller, require("quarantine:repair")],
    now: Now,
) -> ReplayedOut:
    """Read the messages received in a half-open span again, with the mapping now in use.

    Where neither record nor mapping changed, nothing new is announced.
    """

    async def effect(work: ConnectorsWork) -> int:
        return await replay_messages(
            work,
            source_code=body.source,
            start=body.start,
            end=body.to,
            dry_run=body.dry_run,
            now=now,
        )

    found = await in_work(runtime.open_work, caller.tenant_id, effect)
    runner.wake()
    return ReplayedOut(messages=found, dry_run=body.dry_run)


@router.get(
    "/{message_id}",
    operation_id="get_message",
    summary="Show a message",
    responses=documented(404),
)
async def get_message(message_id: UUID, runtime: RuntimeOf, caller: Reader) -> MessageOut:
    """Show where a message came from and what became of its records."""
    async with runtime.open_work(caller.tenant_id) as work:
        message: Message = await work.messages.get(message_id)
        source = await work.sources.by_id(message.source_id)
        parts = await work.messages.parts(message_id)
    return MessageOut(
        id=message.id,
        source=source.code,
        channel=message.channel.value,
        media_type=message.media_type,
        sha256=message.sha256,
        bytes=message.size,
        received_at=message.received_at,
        state=message.state.value,
        replay_of=message.replay_of,
        parts=[MessagePartOut(part=p.part, state=p.state.value, code=p.code) for p in parts],
        raw_url=f"/v1/messages/{message.id}/raw",
    )


@router.get(
    "/{message_id}/raw",
    operation_id="get_raw_message",
    summary="Get the bytes of a message",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes as stored; their SHA-256 is the message's.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
        **documented(404),
    },
)
async def get_raw(message_id: UUID, runtime: RuntimeOf, caller: Reader) -> Response:
    """Return exactly the bytes whose SHA-256 the facts name.

    A Salesforce session id was blacked out before they were stored.
    """
    async with runtime.open_work(caller.tenant_id) as work:
        message: Message = await work.messages.get(message_id)
    content = message.content
    if content is None:
        content = await runtime.store.read(caller.tenant_id, message.address or "")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "ETag": f'"{message.sha256}"',
            "Content-Disposition": f'attachment; filename="{message.id}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
