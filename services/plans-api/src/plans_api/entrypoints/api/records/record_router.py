"""The seven routes that every kind of master data has."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from plans_api.application.change_content import change_content
from plans_api.application.kind import Kind
from plans_api.application.ports import PlansWork
from plans_api.application.record_content import Recorded, record_content, record_contents
from plans_api.domain.record import Content, Record
from plans_api.entrypoints.api.batches import Batch, BatchOut
from plans_api.entrypoints.api.caller import TheAct, uuid_after
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    IfMatch,
    OnceFor,
    PageRequest,
    RuntimeOf,
    etag,
    page_of,
    require,
)
from premia_runtime.problems import documented
from premia_runtime.work import in_work

C = TypeVar("C", bound=Content)
I = TypeVar("I", bound=BaseModel)  # noqa: E741
Matching = Mapping[str, object]
WRITERS = [require("master-data:write")]


class RecordOut(BaseModel):
    """One version of a record, and who made it."""

    id: UUID
    version: int
    made_by: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Which version of which record is replaced, and whose doing it is."""

    record_id: UUID
    expected: IfMatch
    act: TheAct


@dataclass(frozen=True, slots=True)
class Shape(Generic[C, I]):
    """How one kind of master data looks over HTTP."""

    kind: Kind[C]
    path: str
    one: str
    many: str
    body: type[I]
    batch: type[Batch[I]]
    answer: type[RecordOut]
    page: type[BaseModel]
    write: Callable[[Record[C]], RecordOut]
    complete: Callable[[PlansWork, Sequence[I | Exception]], Awaitable[list[C | Exception]]]
    filters: Callable[..., Matching]
    adorn: Callable[[PlansWork, Sequence[Record[C]]], Awaitable[Sequence[RecordOut]]] | None = None
    """Writes records that are read, where more than their content is shown."""

    async def shown(self, work: PlansWork, records: Sequence[Record[C]]) -> Sequence[RecordOut]:
        """Return records as they are read."""
        if self.adorn is not None:
            return await self.adorn(work, records)
        return [self.write(record) for record in records]


def record_router(shape: Shape[C, I]) -> APIRouter:
    """Return the routes of one kind: create, create many, list, read, history, change."""
    router = APIRouter(prefix=shape.path, tags=[shape.many.replace("_", " ")])
    _reading(router, shape)
    _creating(router, shape)
    _changing(router, shape)
    return router


def _titled(shape: Shape[C, I], verb: str, rest: str = "") -> str:
    return f"{verb} {shape.one.replace('_', ' ')}{rest}"


def _creating(router: APIRouter, shape: Shape[C, I]) -> None:
    kind, many = shape.kind, shape.many.replace("_", " ")

    async def create(
        body: I,
        act: TheAct,
        once: OnceFor,
    ) -> Response:
        async def effect(work: PlansWork) -> Recorded[C]:
            (content,) = await shape.complete(work, [body])
            if isinstance(content, Exception):
                raise content
            return await record_content(work, kind=kind, content=content, act=act)

        return await once(
            effect,
            answer=lambda recorded: shape.write(recorded.record),
            headers=lambda recorded: {
                "ETag": etag(recorded.record.version),
                "Location": f"{shape.path}/{recorded.record.id}",
            },
        )

    async def create_many(
        batch: Batch[I],
        act: TheAct,
        once: OnceFor,
    ) -> Response:
        async def effect(work: PlansWork) -> BatchOut:
            contents = await shape.complete(work, batch.asked())
            return BatchOut.of(await record_contents(work, kind=kind, contents=contents, act=act))

        return await once(effect, answer=lambda result: result)

    create.__annotations__["body"] = shape.body
    create_many.__annotations__["batch"] = shape.batch
    router.add_api_route(
        "",
        create,
        methods=["POST"],
        operation_id=f"create_{shape.one}",
        dependencies=WRITERS,
        summary=_titled(shape, "Create a"),
        description="The same content again changes nothing and answers the same; "
        "other content under the same key is refused: change it by PUT.",
        response_model=shape.answer,
        responses=documented(409),
    )
    router.add_api_route(
        ":batch",
        create_many,
        methods=["POST"],
        operation_id=f"create_{shape.many}",
        dependencies=WRITERS,
        summary=f"Create up to 500 {many}",
        description="Each item has its own result; a refused one stands in nobody's way. "
        "Items may refer to each other in any order.",
        response_model=BatchOut,
        responses=documented(409),
    )


def _changing(router: APIRouter, shape: Shape[C, I]) -> None:
    kind = shape.kind

    async def change(
        asked: Annotated[Change, Depends(Change)],
        body: I,
        response: Response,
        runtime: RuntimeOf,
    ) -> RecordOut:
        async def effect(work: Any) -> Record[C]:
            (content,) = await shape.complete(work, [body])
            if isinstance(content, Exception):
                raise content
            return await change_content(
                work,
                kind=kind,
                record_id=asked.record_id,
                expected=asked.expected,
                content=content,
                act=asked.act,
            )

        record = await in_work(runtime.open_work, asked.act.tenant_id, effect)
        response.headers["ETag"] = etag(record.version)
        return shape.write(record)

    change.__annotations__["body"] = shape.body
    router.add_api_route(
        "/{record_id}",
        change,
        methods=["PUT"],
        operation_id=f"change_{shape.one}",
        dependencies=WRITERS,
        summary=_titled(shape, "Replace a", "'s content by its next version"),
        description="Needs the ETag that was read as If-Match. The key never changes; "
        "earlier versions stay readable.",
        response_model=shape.answer,
        responses=documented(404, 409, 412, 428),
    )


def _reading(router: APIRouter, shape: Shape[C, I]) -> None:
    kind, many = shape.kind, shape.many.replace("_", " ")

    async def listing(
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("master-data:read")],
        page: Annotated[PageRequest, page_of(shape.many)],
        matching: Matching,
    ) -> BaseModel:
        wanted = {name: value for name, value in matching.items() if value is not None}
        async with runtime.open_work(caller.tenant_id) as work:
            records = await kind.records(work).page(
                after=uuid_after(page.after), limit=page.limit + 1, matching=wanted
            )
            shown = records[: page.limit]
            items = await shape.shown(work, shown)
        more = len(records) > page.limit
        cursor = runtime.cursors.write(shape.many, shown[-1].id) if more else None
        return shape.page.model_validate({"items": items, "next_cursor": cursor})

    async def read(
        record_id: UUID,
        response: Response,
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("master-data:read")],
    ) -> RecordOut:
        async with runtime.open_work(caller.tenant_id) as work:
            record = await kind.records(work).get(record_id)
            (answer,) = await shape.shown(work, [record])
        response.headers["ETag"] = etag(record.version)
        return answer

    async def history(
        record_id: UUID,
        runtime: RuntimeOf,
        caller: Annotated[Caller, require("master-data:read")],
    ) -> BaseModel:
        async with runtime.open_work(caller.tenant_id) as work:
            records = await kind.records(work).history(record_id)
            items = await shape.shown(work, records)
        return shape.page.model_validate({"items": items, "next_cursor": None})

    listing.__annotations__["matching"] = Annotated[Matching, Depends(shape.filters)]
    router.add_api_route(
        "",
        listing,
        operation_id=f"list_{shape.many}",
        summary=f"List {many}",
        description="Current versions by id, a page at a time.",
        response_model=shape.page,
        responses=documented(),
    )
    router.add_api_route(
        "/{record_id}",
        read,
        operation_id=f"get_{shape.one}",
        summary=_titled(shape, "Read a"),
        description="The current version; its ETag is what a change needs as If-Match.",
        response_model=shape.answer,
        responses=documented(404),
    )
    router.add_api_route(
        "/{record_id}/history",
        history,
        operation_id=f"list_{shape.one}_versions",
        summary=_titled(shape, "List all versions of a"),
        description="The oldest first; nothing is ever overwritten.",
        response_model=shape.page,
        responses=documented(404),
    )
