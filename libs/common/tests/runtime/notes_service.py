"""A service of one table, to prove the runtime on: notes, each announced by an event."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Connection, Table, Text, Uuid, insert, select
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.responses import Response

from premia_common.contracts.envelope import Event
from premia_runtime.auth import Caller
from premia_runtime.consumer import Later, Reaction, ReactionContext
from premia_runtime.database import new_metadata
from premia_runtime.dependencies import (
    CorrelationId,
    IfMatch,
    NewIds,
    Now,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    page_of,
    require,
)
from premia_runtime.migrations import create_plumbing, protect
from premia_runtime.problems import Problem, documented
from premia_runtime.work import Work

DATABASE = "rt"
metadata = new_metadata()
notes = Table(
    "note",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
)
copies = Table(
    "note_copy",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
)


class NoteWritten(Event):
    type: ClassVar[str] = "premia.note.written.v1"
    publisher: ClassVar[str] = "notes"
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    note_id: UUID
    text: str

    @property
    def subject(self) -> str:
        return str(self.note_id)


class NoteRefused(Exception):
    """Raised for a note that says no."""


PROBLEMS = {NoteRefused: Problem(409, "note-refused", "The note says no")}


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str


class NoteOut(BaseModel):
    id: UUID
    text: str


async def write_note(work: Work, *, note_id: UUID, text: str, now, correlation_id) -> NoteOut:
    await work.connection.execute(
        insert(notes).values(tenant_id=work.tenant_id, id=note_id, text=text)
    )
    work.outbox.add(
        NoteWritten(
            event_id=note_id,
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            note_id=note_id,
            text=text,
        )
    )
    if text == "no":
        raise NoteRefused("A note must not say no; write something else.")
    return NoteOut(id=note_id, text=text)


router = APIRouter(prefix="/v1/notes")


@router.post("", status_code=201, operation_id="create_note", responses=documented(409))
async def create_note(
    body: NoteIn,
    once: OnceFor,
    caller: Annotated[Caller, require("plans:write")],
    now: Now,
    ids: NewIds,
    correlation_id: CorrelationId,
) -> Response:
    return await once(
        lambda work: write_note(
            work, note_id=ids.new(), text=body.text, now=now, correlation_id=correlation_id
        ),
        answer=lambda note: note,
        status=201,
        headers=lambda note: {"Location": f"/v1/notes/{note.id}"},
    )


@router.get("", operation_id="list_notes")
async def list_notes(
    caller: Annotated[Caller, require("plans:read")],
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("notes")],
) -> list[NoteOut]:
    async with open_work(caller.tenant_id) as work:
        found = await work.connection.execute(select(notes.c.id, notes.c.text))
        return [NoteOut(id=row.id, text=row.text) for row in found]


@router.get("/boom", operation_id="boom")
async def boom(secret: str = "") -> None:
    raise RuntimeError(f"a bug with {secret}")


@router.put("/{note_id}", operation_id="touch_note")
async def touch_note(note_id: UUID, version: IfMatch) -> dict[str, int]:
    return {"version": version}


async def copy_note(event: NoteWritten, work: Work, context: ReactionContext) -> None:
    if event.text.startswith("later"):
        raise Later("it is not time yet")
    if event.text.startswith("bad"):
        raise ValueError(f"cannot copy {event.text!r}")
    await work.connection.execute(
        insert(copies).values(tenant_id=work.tenant_id, id=event.note_id, text=event.text)
    )


REACTIONS = [Reaction(NoteWritten, copy_note)]


def _migrate(connection: Connection) -> None:
    op = Operations(MigrationContext.configure(connection))
    create_plumbing(op, service=DATABASE)
    metadata.create_all(connection)
    protect(op, "note", service=DATABASE)
    protect(op, "note_copy", service=DATABASE)


async def migrate(owner_url: str) -> None:
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()
