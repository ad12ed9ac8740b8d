"""Salesforce records as JSON, as a Flow or Apex sends them."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request

from connectors.application.errors import WrongOrganisation, WrongSourceKind
from connectors.application.json_records import record_digest
from connectors.application.receive_message import message_of
from connectors.domain.message import Channel, RecordForm
from connectors.domain.source import SourceKind
from connectors.entrypoints.api.exact_json import documented_body, read_exact
from connectors.entrypoints.api.intake import (
    RunnerOf,
    keep_and_look,
    outcome_of,
    require_media_type,
)
from connectors.entrypoints.api.schemas import Code, DeliveryKey, IntakeOut, SalesforceJson
from premia_runtime.auth import Caller
from premia_runtime.dependencies import Now, RuntimeOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/hooks/salesforce/json", tags=["salesforce"])


@router.post(
    "/{source}",
    operation_id="receive_salesforce_records",
    summary="Receive up to 200 Salesforce records",
    status_code=202,
    responses=documented(404, 409, 415),
    openapi_extra=documented_body(SalesforceJson),
)
async def receive(
    *,
    source: Annotated[Code, Path(examples=["salesforce"])],
    request: Request,
    runtime: RuntimeOf,
    runner: RunnerOf,
    caller: Annotated[Caller, require("intake:write")],
    now: Now,
    idempotency_key: Annotated[
        DeliveryKey | None,
        Header(alias="Idempotency-Key", description="Stands for `event_id` where there is none."),
    ] = None,
) -> IntakeOut:
    """Store the records, and answer what became of each.

    A record that cannot be mapped is quarantined by itself.  The same `event_id` with the same
    body gives the same answer; with another body 409.
    """
    require_media_type(request, "application/json")
    body = await request.body()
    given = read_exact(SalesforceJson, body)
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
    if known.kind is not SourceKind.SALESFORCE:
        raise WrongSourceKind(source, known.kind.value)
    if not known.is_organisation(given.org_id):
        raise WrongOrganisation
    key = given.event_id or idempotency_key
    message = message_of(
        caller.tenant_id,
        known,
        channel=Channel.JSON,
        form=RecordForm.ORDER,
        media_type="application/json",
        content=body,
        records=len(given.records),
        now=now,
        delivery_key=f"json:{key}" if key else None,
    )
    parts = [
        (str(number), f"json:{record_digest(record)}")
        for number, record in enumerate(given.records, start=1)
    ]
    await keep_and_look(runtime, runner, caller.tenant_id, message, parts)
    return await outcome_of(runtime, caller.tenant_id, message)
