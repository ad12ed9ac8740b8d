"""Files of many rows: stored while they arrive, read afterwards."""

import contextlib
import hashlib
import tempfile
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from connectors.application.errors import WrongSourceKind
from connectors.application.ports import ConnectorsWork, FileJob
from connectors.application.receive_file import file_message, receive_file
from connectors.domain.message import MessageState, RecordForm
from connectors.domain.source import SourceKind
from connectors.entrypoints.api.intake import RunnerOf, require_media_type
from connectors.entrypoints.api.schemas import Code, FileOut, FileProblemOut
from premia_common.contracts.fields import DecimalText
from premia_runtime.auth import Caller
from premia_runtime.dependencies import CurrentCaller, Now, RuntimeOf, require
from premia_runtime.faults import fault_point
from premia_runtime.problems import documented
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1", tags=["files"])

LARGEST_FILE = 512 * 1024 * 1024
FileKind = Literal["orders", "billing-signals", "measurements"]
FORMS: dict[str, RecordForm] = {
    "orders": RecordForm.ORDER,
    "billing-signals": RecordForm.SIGNAL_ROW,
    "measurements": RecordForm.MEASUREMENT_ROW,
}
_KINDS = {form: kind for kind, form in FORMS.items()}
_STATES: dict[MessageState, Literal["waiting", "done", "refused", "failed"]] = {
    MessageState.RECEIVED: "waiting",
    MessageState.INTERPRETED: "done",
    MessageState.REFUSED: "refused",
    MessageState.FAILED: "failed",
}


@router.post(
    "/sources/{source}/files",
    operation_id="upload_file",
    summary="Hand in a CSV file",
    status_code=202,
    responses=documented(404, 409, 415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "signal_id,signal,order_id,on\nS-1,invoice.paid,801,2026-02-20\n",
                }
            },
        }
    },
)
async def upload(
    *,
    source: Annotated[Code, Path(examples=["salesforce"])],
    request: Request,
    response: Response,
    runtime: RuntimeOf,
    runner: RunnerOf,
    caller: Annotated[Caller, require("intake:write")],
    now: Now,
    kind: Annotated[FileKind, Query(description="What its rows are.")],
    name: Annotated[
        str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$", description="The file's name.")
    ],
    rows: Annotated[
        int | None, Query(ge=0, le=100_000_000, description="How many rows it must have.")
    ] = None,
    sum: Annotated[
        DecimalText | None, Query(description="What its amounts must add up to.")
    ] = None,
) -> FileOut:
    """Store a UTF-8 CSV file with a header row; `Location` says where to ask what became of it.

    Orders have Salesforce's field names as columns; billing signals `signal_id, signal, version,
    order_id, order_system, contract, on, first_for_contract, amount, currency, cause,
    imputable_to`; measurements `measurement_id, name, payee, payee_system, month, value, version`.
    The same content again changes nothing; other content under the same name is refused.
    """
    require_media_type(request, "text/csv")
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
    if kind == "orders" and known.kind is not SourceKind.SALESFORCE:
        raise WrongSourceKind(source, known.kind.value)
    path, sha256 = await _spool(request)
    try:
        stored = await runtime.store.put(caller.tenant_id, f"inbound/{sha256}.csv", path)
    finally:
        path.unlink(missing_ok=True)
    message = file_message(
        caller.tenant_id,
        known,
        form=FORMS[kind],
        sha256=sha256,
        size=stored.size,
        address=stored.address,
        now=now,
    )

    async def effect(work: ConnectorsWork) -> FileJob:
        return await receive_file(
            work, known, message, name=name, declared_rows=rows, declared_sum=sum
        )

    job = await in_work(runtime.open_work, caller.tenant_id, effect)
    fault_point("intake.committed.before_ack")
    runner.wake()
    response.headers["Location"] = f"/v1/files/{job.message.id}"
    return _file_out(job)


@router.get(
    "/files/{file_id}",
    operation_id="get_file",
    summary="Ask what became of a file",
    responses=documented(404),
)
async def get_file(file_id: UUID, runtime: RuntimeOf, caller: CurrentCaller) -> FileOut:
    """Show a file, its control totals and what became of its rows."""
    if "intake:write" not in caller.permissions:
        caller.require("sources:read")
    async with runtime.open_work(caller.tenant_id) as work:
        job: FileJob = await work.files.get(file_id)
    return _file_out(job)


async def _spool(request: Request) -> tuple[FilePath, str]:
    hasher = hashlib.sha256()
    with contextlib.ExitStack() as unfinished:
        file = tempfile.NamedTemporaryFile(prefix="premia-intake-", delete=False)  # noqa: SIM115
        path = FilePath(file.name)
        unfinished.callback(path.unlink)
        with file:
            async for chunk in request.stream():
                hasher.update(chunk)
                file.write(chunk)
        unfinished.pop_all()
    return path, hasher.hexdigest()


def _file_out(job: FileJob) -> FileOut:
    message, totals = job.message, job.totals
    counts: dict[str, Any] = dict.fromkeys(
        ("rows", "accepted", "stale", "duplicates", "quarantined", "amount")
    )
    if totals is not None:
        counts = {
            "rows": totals.rows,
            "accepted": totals.accepted,
            "stale": totals.stale,
            "duplicates": totals.duplicates,
            "quarantined": totals.quarantined,
            "amount": Decimal(totals.amount),
        }
    return FileOut(
        id=message.id,
        source=job.source,
        kind=_KINDS[message.form],
        name=job.name,
        sha256=message.sha256,
        bytes=message.size,
        received_at=message.received_at,
        state=_STATES[message.state],
        declared_rows=job.declared_rows,
        declared_sum=job.declared_sum,
        problem=FileProblemOut(code=job.problem[0], detail=job.problem[1]) if job.problem else None,
        finished_at=job.finished_at,
        **counts,
    )
