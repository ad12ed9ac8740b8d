"""Routes that load rows which no other service owns, such as opening balances and leaves."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from calc_engine.application.load_records import (
    UnknownTable,
    discard_record,
    load_records,
    repair_record,
)
from calc_engine.application.ports import CalcWork
from calc_engine.domain.proposed_load import ProposedLoad
from calc_engine.domain.record import Loaded, Problem, RejectedRow, Repaired
from calc_engine.entrypoints.api.run_schemas import USER_ID, Reason
from premia_common.contracts.records import RECORDS
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    NewIds,
    Now,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
    require,
)
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/records", tags=["records"])

Reader = Annotated[Caller, require("facts:read")]
Writer = Annotated[Caller, require("facts:write")]
MOST_ROWS = 5_000
_ROW: dict[str, Any] = {"payee": "A1", "valid_from": "2026-03-09", "valid_to": "2026-03-14"}
_REJECTED_ID = "0193a000-0000-7000-8000-0000000000be"

Kind = Annotated[
    str,
    Path(
        max_length=50,
        pattern="^[a-z_]+$",
        examples=["leave"],
        description=f"One of {', '.join(sorted(RECORDS))}.",
    ),
]


class RowsIn(BaseModel):
    """Rows of one table; `GET /v1/records/{kind}/schema` says what each may hold."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"source": "payroll export", "rows": [_ROW]}]},
    )

    source: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$")
    """Where the rows come from; a row may say its own."""
    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


class RowIn(BaseModel):
    """A row as it should have been."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"row": _ROW}]})

    row: dict[str, Any]


class DiscardIn(BaseModel):
    """Why a row is left out for good."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "a test row of the export"}]}
    )

    reason: Reason


class ProblemOut(BaseModel):
    """What is the matter with a field; empty if it is the row as a whole."""

    field: str = Field(examples=["valid_from"])
    value: str = Field(examples=["9 March"])
    message: str

    @classmethod
    def of(cls, item: Problem) -> "ProblemOut":
        """Show it."""
        return cls(field=item.field, value=item.value, message=item.message)


class RejectedOut(BaseModel):
    """A row that was left out, as it came, and why."""

    id: UUID = Field(examples=[_REJECTED_ID])
    kind: str = Field(examples=["leave"])
    number: int = Field(examples=[2])
    """Its place in the load, from 1."""
    row: dict[str, Any]
    problems: list[ProblemOut]
    source: str = Field(examples=["payroll export"])
    loaded_by: UUID | None = Field(examples=[USER_ID])
    loaded_at: datetime
    outcome: str | None = Field(examples=[None])
    """`repaired`, `known` if as it should have been it changes nothing, or `discarded`."""
    proposed_load: UUID | None
    """Of a repaired row that two people decide, the load in which it waits for the second."""

    @classmethod
    def of(cls, item: RejectedRow, load: ProposedLoad | None = None) -> "RejectedOut":
        """Show it."""
        return cls(
            id=item.rejected_id,
            kind=item.kind,
            number=item.number,
            row=dict(item.row),
            problems=[ProblemOut.of(problem) for problem in item.problems],
            source=item.source,
            loaded_by=item.loaded_by,
            loaded_at=item.loaded_at,
            outcome=item.outcome.value if item.outcome else None,
            proposed_load=load.load_id if load else None,
        )


class LoadedOut(BaseModel):
    """What became of the rows: the good ones are kept, the others wait for repair."""

    recorded: int = Field(examples=[1])
    unchanged: int = Field(examples=[0])
    """They say what was known already."""
    proposed: int = Field(examples=[0])
    """Opening balances, loans and what was paid before, which another person must approve."""
    proposed_load: UUID | None = Field(examples=[None])
    """Under which `/v1/records/proposed/{load_id}` they wait."""
    rejected: list[RejectedOut]

    @classmethod
    def of(cls, loaded: Loaded) -> "LoadedOut":
        """Show it."""
        load = loaded.proposed
        return cls(
            recorded=loaded.recorded,
            unchanged=loaded.unchanged,
            proposed=len(load.rows) if load else 0,
            proposed_load=load.load_id if load else None,
            rejected=[RejectedOut.of(row) for row in loaded.rejected],
        )


class RejectedPageOut(BaseModel):
    """A page of rows that wait for repair."""

    items: list[RejectedOut]
    next_cursor: str | None


@router.get(
    "/rejected",
    operation_id="list_rejected_rows",
    summary="Rows that wait for repair",
    responses=documented(),
)
async def list_rejected(
    *,
    caller: Reader,
    runtime: RuntimeOf,
    open_work: OpenWorkOf,
    page: Annotated[PageRequest, page_of("rejected-rows")],
    kind: Annotated[str | None, Query(max_length=50, pattern="^[a-z_]+$")] = None,
) -> RejectedPageOut:
    """List the rows that could not be used and that nobody repaired or discarded."""
    after = UUID(page.after[0]) if page.after else None
    async with open_work(caller.tenant_id) as work:
        found = await work.records.waiting(kind=kind, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        cursor = runtime.cursors.write("rejected-rows", shown[-1].rejected_id)
    return RejectedPageOut(items=[RejectedOut.of(row) for row in shown], next_cursor=cursor)


@router.post(
    "/rejected/{rejected_id}/repair",
    operation_id="repair_row",
    summary="Load a rejected row as it should have been",
    response_model=RejectedOut,
    responses=documented(404, 409),
)
async def repair(
    *, rejected_id: UUID, body: RowIn, caller: Writer, now: Now, ids: NewIds, once: OnceFor
) -> Response:
    """Record the row in the place of the rejected one.

    An opening balance, a loan or what was paid before waits for a second person then.
    """

    async def effect(work: CalcWork) -> Repaired:
        return await repair_record(work, rejected_id, body.row, by=caller.user_id, now=now, ids=ids)

    def shown(repaired: Repaired) -> RejectedOut:
        return RejectedOut.of(repaired.row, repaired.load)

    return await once(effect, answer=shown, status=200)


@router.post(
    "/rejected/{rejected_id}/discard",
    operation_id="discard_row",
    summary="Leave a rejected row out for good",
    response_model=RejectedOut,
    responses=documented(404, 409),
)
async def discard(
    *, rejected_id: UUID, body: DiscardIn, caller: Writer, now: Now, once: OnceFor
) -> Response:
    """Say why the row is not needed."""

    async def effect(work: CalcWork) -> RejectedRow:
        return await discard_record(
            work, rejected_id, reason=body.reason, by=caller.user_id, now=now
        )

    return await once(effect, answer=RejectedOut.of, status=200)


@router.post(
    "/{kind}",
    operation_id="load_rows",
    summary="Load rows of a table",
    response_model=LoadedOut,
    responses=documented(404, 409),
)
async def load(
    *, kind: Kind, body: RowsIn, caller: Writer, now: Now, ids: NewIds, once: OnceFor
) -> Response:
    """Keep every good row as a fact, known from now on; a row that is no good stops none of them.

    A row about what was loaded before is its next version, or nothing if it says the same; one
    with `withdrawn: true` takes it back.  Opening balances, loans and what was paid before
    (`paid_before`) have no effect before another person approved them.
    """

    async def effect(work: CalcWork) -> Loaded:
        return await load_records(
            work, kind, body.rows, source=body.source, by=caller.user_id, now=now, ids=ids
        )

    return await once(effect, answer=LoadedOut.of, status=200)


@router.get(
    "/{kind}/schema",
    operation_id="get_rows_schema",
    summary="What a row of a table may hold",
    responses={
        **documented(404),
        200: {
            "description": "The JSON Schema of a row",
            "content": {"application/json": {"example": {"title": "LeaveRecord"}}},
        },
    },
)
async def show_schema(*, kind: Kind, caller: Reader) -> dict[str, Any]:  # noqa: ARG001 - needs a reader
    """Show the JSON Schema of one row; a row without a `source` has that of its request."""
    model = RECORDS.get(kind)
    if model is None:
        raise UnknownTable(kind)
    schema = model.model_json_schema()
    return {**schema, "required": [name for name in schema["required"] if name != "source"]}
