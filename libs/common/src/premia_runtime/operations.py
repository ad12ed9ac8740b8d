"""What operators ask of a service's place in the topic: backlog, gaps, sending again."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from premia_runtime.auth import Caller
from premia_runtime.database import Database
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.plumbing import RUNTIME
from premia_runtime.problems import documented
from premia_runtime.relay import OutboxRelay


class GapOut(BaseModel):
    """Events of one type that this service should have read and has not."""

    consumer: str = Field(examples=["calc-engine"])
    source: str = Field(examples=["/premia/connectors"])
    type: str = Field(examples=["premia.order.recorded.v1"])
    highest: int
    missing: int


class TopicStateOut(BaseModel):
    """Where this service stands in the topic."""

    published: int
    """Highest number given to an event of this service."""
    unsent: int
    """Committed events that the topic has not acknowledged yet."""
    gaps: list[GapOut]


class RepublishIn(BaseModel):
    """From which number on to send again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from_sequence": 1}]}
    )

    from_sequence: int = Field(ge=1, le=2**62)


class RepublishOut(BaseModel):
    """How many events are sent again, with the ids they had."""

    events: int


async def topic_state(database: Database) -> TopicStateOut:
    """Return a service's backlog and the gaps in what it read; `database` is the system role's."""
    outbox, inbox = RUNTIME.outbox.c, RUNTIME.inbox.c
    async with database.system() as connection:
        counts = await connection.execute(
            select(
                func.coalesce(func.max(outbox.sequence), 0),
                func.count().filter(outbox.sent_at.is_(None)),
            )
        )
        published, unsent = counts.one()
        read = await connection.execute(
            select(
                inbox.consumer,
                inbox.source,
                inbox.type,
                func.max(inbox.typesequence).label("highest"),
                func.count().label("count"),
            )
            .where(inbox.typesequence.is_not(None))
            .group_by(inbox.consumer, inbox.source, inbox.type)
            .order_by(inbox.source, inbox.type)
        )
        gaps = [
            GapOut(
                consumer=row.consumer,
                source=row.source,
                type=row.type,
                highest=row.highest,
                missing=row.highest - row[4],
            )
            for row in read
            if row.highest > row[4]
        ]
    return TopicStateOut(published=published, unsent=unsent, gaps=gaps)


async def missing_events(database: Database, consumer: str) -> int:
    """Return how many events a consumer should have read before the newest of their type.

    `database` is the system role's.
    """
    state = await topic_state(database)
    return sum(gap.missing for gap in state.gaps if gap.consumer == consumer)


def operations_router(relay: OutboxRelay, *, service: str) -> APIRouter:
    """Return the routes that operators use on a service's outbox and inbox."""
    router = APIRouter(prefix="/v1/operations", tags=["operations"])
    name = service.replace("-", "_")

    @router.get(
        "/topic",
        operation_id=f"get_{name}_topic_state",
        summary="Show backlog and gaps",
        responses=documented(),
    )
    async def get_topic_state(
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("operations:read")],  # noqa: ARG001 - it guards
    ) -> TopicStateOut:
        """Show how many events wait to be sent, and which were sent and never arrived here."""
        return await topic_state(runtime.system_database)

    @router.post(
        "/topic/republish",
        operation_id=f"republish_{name}_events",
        summary="Send events again",
        responses=documented(),
    )
    async def republish(
        body: RepublishIn, caller: Annotated[Caller, require("operations:write")]
    ) -> RepublishOut:
        """Send this tenant's events again from a number on, with the ids they had.

        Readers that have seen one already do nothing.
        """
        marked = await relay.republish(from_sequence=body.from_sequence, tenant_id=caller.tenant_id)
        return RepublishOut(events=marked)

    return router
