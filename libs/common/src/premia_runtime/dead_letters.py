"""Events that could not be worked on: list, look, replay."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Select, select, tuple_

from premia_runtime.auth import Caller
from premia_runtime.consumer import Consumer
from premia_runtime.dependencies import PageRequest, RuntimeOf, page_of, require
from premia_runtime.plumbing import RUNTIME
from premia_runtime.problems import NotFound, RequestProblem, documented
from premia_runtime.runtime import Runtime

_letters = RUNTIME.dead_letter


class ReplayFailed(RequestProblem):
    """Raised when a dead letter fails again; it stays where it is."""

    status = 409


class DeadLetterOut(BaseModel):
    """An event that could not be worked on."""

    id: UUID
    consumer: str = Field(examples=["calc-engine"])
    event_id: UUID | None
    type: str = Field(examples=["premia.order.recorded.v1"])
    error: str = Field(examples=["ValueError: the amount is missing"])
    attempts: int
    first_at: datetime
    last_at: datetime
    state: str = Field(examples=["open"])


class DeadLetterBodyOut(DeadLetterOut):
    """The same with the message as it came."""

    body: str = Field(examples=['{"specversion":"1.0"}'])


class DeadLetterPageOut(BaseModel):
    """A page of dead letters, newest first."""

    items: list[DeadLetterOut]
    next_cursor: str | None


def _selected(tenant_id: UUID) -> Select[Any]:
    return select(_letters).where(_letters.c.tenant_id == tenant_id)


async def _page(
    runtime: Runtime[Any], tenant_id: UUID, page: PageRequest, state: str
) -> DeadLetterPageOut:
    query = _selected(tenant_id).where(_letters.c.state == state)
    if page.after:
        key = (datetime.fromisoformat(page.after[0]), UUID(page.after[1]))
        query = query.where(tuple_(_letters.c.last_at, _letters.c.id) < key)
    query = query.order_by(_letters.c.last_at.desc(), _letters.c.id.desc())
    async with runtime.open_work(tenant_id) as work:
        found = await work.connection.execute(query.limit(page.limit + 1))
        rows = found.mappings().all()
    items = [DeadLetterOut.model_validate(dict(row)) for row in rows[: page.limit]]
    last = items[-1] if len(rows) > page.limit else None
    cursor = runtime.cursors.write("dead-letters", last.last_at, last.id) if last else None
    return DeadLetterPageOut(items=items, next_cursor=cursor)


async def _one(runtime: Runtime[Any], tenant_id: UUID, dead_letter_id: UUID) -> DeadLetterBodyOut:
    async with runtime.open_work(tenant_id) as work:
        found = await work.connection.execute(
            _selected(tenant_id).where(_letters.c.id == dead_letter_id)
        )
        row = found.mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no dead letter {dead_letter_id} here.")
    shown = {**row, "body": bytes(row["body"]).decode(errors="replace")}
    return DeadLetterBodyOut.model_validate(shown)


async def _replay(
    consumer: Consumer[Any] | None, caller: Caller, letter: DeadLetterBodyOut
) -> None:
    if consumer is None:
        raise ReplayFailed("This service reads no events.")
    try:
        await consumer.replay(caller.tenant_id, letter.id, letter.body.encode(), caller.user_id)
    except Exception as error:
        raise ReplayFailed(
            f"It failed again and stays open: {type(error).__name__}: {error}"[:500],
            slug="replay-failed",
        ) from error


def dead_letter_router(consumer: Consumer[Any] | None, *, service: str) -> APIRouter:
    """Return the routes of a service's dead letters; `consumer` works on a replayed one."""
    router = APIRouter(prefix="/v1/dead-letters", tags=["operations"])
    name = service.replace("-", "_")

    @router.get(
        "",
        operation_id=f"list_{name}_dead_letters",
        summary="List events that could not be worked on",
        responses=documented(),
    )
    async def list_dead_letters(
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("operations:read")],
        page: Annotated[PageRequest, page_of("dead-letters")],
        state: Annotated[str, Query(pattern="^(open|replayed)$")] = "open",
    ) -> DeadLetterPageOut:
        """List this tenant's events that could not be worked on, newest first."""
        return await _page(runtime, caller.tenant_id, page, state)

    @router.get(
        "/{dead_letter_id}",
        operation_id=f"get_{name}_dead_letter",
        summary="Look at one, with its message",
        responses=documented(404),
    )
    async def get_dead_letter(
        dead_letter_id: UUID,
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("operations:read")],
    ) -> DeadLetterBodyOut:
        """Show one dead letter with the message as it came."""
        return await _one(runtime, caller.tenant_id, dead_letter_id)

    @router.post(
        "/{dead_letter_id}/replay",
        operation_id=f"replay_{name}_dead_letter",
        summary="Work on one again",
        responses=documented(404, 409),
    )
    async def replay_dead_letter(
        dead_letter_id: UUID,
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("operations:write")],
    ) -> DeadLetterOut:
        """Work on a dead letter again; it is closed in the transaction of its effect.

        Replaying a closed one changes nothing.
        """
        letter = await _one(runtime, caller.tenant_id, dead_letter_id)
        if letter.state == "open":
            await _replay(consumer, caller, letter)
        return await _one(runtime, caller.tenant_id, dead_letter_id)

    return router
