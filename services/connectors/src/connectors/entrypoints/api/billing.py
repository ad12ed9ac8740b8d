"""Billing systems and KPI sources: CloudEvents 1.0 in structured JSON, one or a batch."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.exceptions import RequestValidationError

from connectors.application.json_records import read_json, record_digest
from connectors.application.receive_message import message_of
from connectors.domain.message import Channel, RecordForm
from connectors.entrypoints.api.intake import (
    RunnerOf,
    keep_and_look,
    outcome_of,
    require_media_type,
)
from connectors.entrypoints.api.schemas import Code, IntakeOut
from premia_runtime.auth import Caller
from premia_runtime.dependencies import Now, RuntimeOf, require
from premia_runtime.problems import documented

router = APIRouter(prefix="/v1/ingest/billing", tags=["billing"])

MOST_EVENTS = 500
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "sequence": {"type": "string"},
        "data": {"type": "object"},
    },
    "examples": [
        {
            "specversion": "1.0",
            "id": "01J9ZB6R1M5Q8K2V7X3Y4Z5A6B",
            "source": "urn:billing:prd",
            "type": "premia.billing.invoice.paid.v1",
            "subject": "invoice/VK-2026-118822",
            "time": "2026-02-20T14:03:11Z",
            "data": {
                "order_ref": {"system": "salesforce", "id": "8015g000000abcDAAQ"},
                "contract_ref": "IT001E12345678",
                "currency": "EUR",
                "paid_total": "122.00",
                "paid_on": "2026-02-20",
                "is_first_for_contract": True,
                "version": 3,
            },
        }
    ],
}


@router.post(
    "/{source}",
    operation_id="ingest_billing_events",
    summary="Receive up to 500 billing events or measurements",
    status_code=202,
    responses=documented(404, 415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                SINGLE: {"schema": _EVENT},
                BATCH: {
                    "schema": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_EVENTS,
                        "items": _EVENT,
                        "examples": [_EVENT["examples"]],
                    }
                },
            },
        }
    },
)
async def receive(
    *,
    source: Annotated[Code, Path(examples=["billing"])],
    request: Request,
    runtime: RuntimeOf,
    runner: RunnerOf,
    caller: Annotated[Caller, require("intake:write")],
    now: Now,
) -> IntakeOut:
    """Store the events, and answer what became of each.

    Types: `premia.billing.<signal>.v1` and `premia.kpi.measured.v1`.  An event that cannot be
    read is quarantined by itself; the same id with the same content again is a duplicate.
    """
    media_type = require_media_type(request, SINGLE, BATCH)
    body = await request.body()
    events = _events(read_json(body), batch=media_type == BATCH)
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
    message = message_of(
        caller.tenant_id,
        known,
        channel=Channel.CLOUDEVENTS,
        form=RecordForm.BILLING_EVENT,
        media_type=media_type,
        content=body,
        records=len(events),
        now=now,
    )
    parts = [
        (str(number), f"ce:{record_digest(event)}") for number, event in enumerate(events, start=1)
    ]
    await keep_and_look(runtime, runner, caller.tenant_id, message, parts)
    return await outcome_of(runtime, caller.tenant_id, message)


def _events(value: object, *, batch: bool) -> list[object]:
    events = value if isinstance(value, list) else [value]
    if batch is not isinstance(value, list):
        raise _invalid(
            "a batch is a JSON array of events" if batch else "a single event is a JSON object"
        )
    if not 1 <= len(events) <= MOST_EVENTS:
        raise _invalid(f"a batch holds 1 to {MOST_EVENTS} events, this one {len(events)}")
    return events


def _invalid(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "value_error", "loc": ("body",), "msg": message}])
