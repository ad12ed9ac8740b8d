"""What all inbound routes do once a message is read: keep it, answer, look into it."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from connectors.application.ports import ConnectorsWork, Task
from connectors.application.receive_message import receive_message
from connectors.domain.message import Message, PartState
from connectors.entrypoints.api.schemas import IntakeOut, QuarantinedOut
from connectors.entrypoints.task_runner import TaskRunner
from premia_runtime.faults import fault_point
from premia_runtime.problems import RequestProblem
from premia_runtime.runtime import Runtime
from premia_runtime.work import in_work


def _runner(request: Request) -> TaskRunner:
    runner: TaskRunner = request.app.state.task_runner
    return runner


LOOK_SECONDS = 10
"""How long a request looks into its message; a long file of the source may be in the way."""

RunnerOf = Annotated[TaskRunner, Depends(_runner)]


class MediaTypeNotTaken(RequestProblem):
    """Raised when a body is of a media type or compression that the route does not take."""

    status = 415


def require_media_type(request: Request, *allowed: str) -> str:
    """Return the media type of a request.

    Raises:
        MediaTypeNotTaken: if it is another than those allowed, or the body is compressed.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in allowed:
        raise MediaTypeNotTaken(f"Send the body as {' or '.join(allowed)}, not {given[:80]!r}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeNotTaken("Send the body uncompressed.")
    return given


async def keep_and_look(
    runtime: Runtime[Any],
    runner: TaskRunner,
    tenant_id: UUID,
    message: Message,
    parts: Sequence[tuple[str, str]],
) -> None:
    """Commit the message, then look into it.  When this returns the sender may be told.

    What cannot be looked into now is done later: the message itself is safe.

    Raises:
        DeliveryKeyReused: if its delivery key came before with other bytes.
    """

    async def effect(work: ConnectorsWork) -> bool:
        return await receive_message(work, message, parts)

    if await in_work(runtime.open_work, tenant_id, effect):
        fault_point("intake.committed.before_ack")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            await runner.attempt(tenant_id, Task.INTERPRET, message.id, wait=True)


async def outcome_of(runtime: Runtime[Any], tenant_id: UUID, message: Message) -> IntakeOut:
    """Return what became of a message's records; the same for every repetition of the request."""
    async with runtime.open_work(tenant_id) as work:
        parts = await work.messages.parts(message.id)
    states = [part.state for part in parts]
    fresh = (PartState.PUBLISHED, PartState.STALE)
    return IntakeOut(
        message_id=message.id,
        accepted=sum(state in fresh for state in states),
        stale=states.count(PartState.STALE),
        duplicates=message.records - len(parts) + states.count(PartState.DUPLICATE),
        pending=states.count(PartState.RECEIVED),
        quarantined=[
            QuarantinedOut(index=int(part.part) - 1, code=part.code or "")
            for part in parts
            if part.state is PartState.QUARANTINED
        ],
    )
