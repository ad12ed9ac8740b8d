"""A plan's rates and parameters as Excel and CSV sheets."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from plans_api.application.edit_sheet import (
    SheetTaken,
    parameters_of,
    table_of,
    take_parameters,
    take_table,
)
from plans_api.application.ports import PlansWork
from plans_api.domain.plan import PlanVersion
from plans_api.domain.sheet import Grid
from plans_api.entrypoints.api.caller import TheAct, view_of
from plans_api.entrypoints.api.plans.paths import Number
from plans_api.entrypoints.api.plans.sheet_answers import SheetTakenOut
from premia_runtime.auth import Caller
from premia_runtime.dependencies import IfMatch, RuntimeOf, etag, require
from premia_runtime.problems import documented
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1/plans", tags=["plans"])
WRITERS = [require("plans:write")]
Reader = Annotated[Caller, require("plans:read")]
Extension = Literal["csv", "xlsx"]
TableName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,80}$", examples=["commission_rate"])]
TABLE = "/{plan_id}/versions/{number}/tables/{table}.{extension}"
PARAMETERS = "/{plan_id}/versions/{number}/parameters.{extension}"
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sheet.",
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "territory,gives\nnord,3 %\n"},
            MEDIA_TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
UPLOAD = {"requestBody": {"required": True, "content": FILE[200]["content"]}}


class SheetFormat(Protocol):
    """Writes sheets as files of one kind, and reads them back."""

    def write(self, grid: Grid) -> bytes:
        """Return the file."""
        ...

    def read(self, content: bytes) -> Grid:
        """Return the cells of a file.

        Raises:
            FileNotASheet: if it is none of this kind.
        """
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """Which draft a sheet changes, from which state on, and whose doing it is."""

    plan_id: UUID
    number: Number
    extension: Extension
    expected: IfMatch
    act: TheAct


@dataclass(frozen=True, slots=True)
class Shown:
    """Which version's sheet is asked for, and as what."""

    plan_id: UUID
    number: Number
    extension: Extension


TheDraft = Annotated[Draft, Depends(Draft)]
TheVersion = Annotated[Shown, Depends(Shown)]


@router.get(
    TABLE,
    operation_id="get_plan_table_sheet",
    summary="Read a table as a sheet",
    response_class=Response,
    responses={**documented(404, 409), **FILE},
)
async def read_table(
    shown: TheVersion, table: TableName, request: Request, runtime: RuntimeOf, caller: Reader
) -> Response:
    """Give the rows of a table as Excel or CSV; put the edited file back to change the draft."""
    async with runtime.open_work(caller.tenant_id) as work:
        _, version = await view_of(caller).version(work, shown.plan_id, shown.number)
        sheet = await table_of(work, version, table)
    return _file(request, shown.extension, sheet.grid(), version, table)


@router.put(
    TABLE,
    operation_id="put_plan_table_sheet",
    summary="Replace a table's rows by those of a sheet",
    dependencies=WRITERS,
    responses=documented(404, 409, 412, 428),
    openapi_extra=UPLOAD,
)
async def write_table(
    draft: TheDraft, table: TableName, request: Request, response: Response, runtime: RuntimeOf
) -> SheetTakenOut:
    """Take the rows of an Excel or CSV sheet into a draft; the document's comments are kept.

    A cell that cannot be taken exactly, such as a formula, is named with its row and column, and
    nothing is changed.
    """
    grid = _formats(request)[draft.extension].read(await request.body())

    async def effect(work: PlansWork) -> SheetTaken:
        return await take_table(
            work,
            plan_id=draft.plan_id,
            number=draft.number,
            expected=draft.expected,
            table=table,
            grid=grid,
            act=draft.act,
        )

    taken: SheetTaken = await in_work(runtime.open_work, draft.act.tenant_id, effect)
    response.headers["ETag"] = etag(taken.version.version)
    return SheetTakenOut.of(taken)


@router.get(
    PARAMETERS,
    operation_id="get_plan_parameter_sheet",
    summary="Read a version's single numbers as a sheet",
    response_class=Response,
    responses={**documented(404), **FILE},
)
async def read_parameters(
    shown: TheVersion, request: Request, runtime: RuntimeOf, caller: Reader
) -> Response:
    """Give every amount, percentage and number outside tables and examples, by its place."""
    async with runtime.open_work(caller.tenant_id) as work:
        _, version = await view_of(caller).version(work, shown.plan_id, shown.number)
        sheet = await parameters_of(work, version)
    return _file(request, shown.extension, sheet.grid(), version, "parameters")


@router.put(
    PARAMETERS,
    operation_id="put_plan_parameter_sheet",
    summary="Replace single numbers by those of a sheet",
    dependencies=WRITERS,
    responses=documented(404, 409, 412, 428),
    openapi_extra=UPLOAD,
)
async def write_parameters(
    draft: TheDraft, request: Request, response: Response, runtime: RuntimeOf
) -> SheetTakenOut:
    """Take the values of an Excel or CSV sheet into a draft; a place left out stays as it is."""
    grid = _formats(request)[draft.extension].read(await request.body())

    async def effect(work: PlansWork) -> SheetTaken:
        return await take_parameters(
            work,
            plan_id=draft.plan_id,
            number=draft.number,
            expected=draft.expected,
            grid=grid,
            act=draft.act,
        )

    taken: SheetTaken = await in_work(runtime.open_work, draft.act.tenant_id, effect)
    response.headers["ETag"] = etag(taken.version.version)
    return SheetTakenOut.of(taken)


def _formats(request: Request) -> dict[str, SheetFormat]:
    formats: dict[str, SheetFormat] = request.app.state.sheets
    return formats


def _file(
    request: Request, extension: Extension, grid: Grid, version: PlanVersion, name: str
) -> Response:
    return Response(
        _formats(request)[extension].write(grid),
        media_type=MEDIA_TYPES[extension],
        headers={
            "ETag": etag(version.version),
            "Content-Disposition": f'attachment; filename="{name}-v{version.number}.{extension}"',
        },
    )
