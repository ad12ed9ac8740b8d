"""Salesforce Outbound Messages: SOAP notifications, acknowledged once they are stored."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from connectors.application.errors import SourceNotFound, WrongOrganisation
from connectors.application.json_records import record_digest
from connectors.application.receive_message import message_of
from connectors.domain.message import Channel, RecordForm
from connectors.domain.outbound_message import Notification, OutboundMessage
from connectors.domain.source import Source
from connectors.entrypoints.api.intake import RunnerOf, keep_and_look, require_media_type
from connectors.entrypoints.api.source_tokens import tenant_of_token, token_digest
from connectors.entrypoints.doors import DoorsOf
from premia_runtime.dependencies import Now, RuntimeOf
from premia_runtime.logging import get_logger, shown
from premia_runtime.problems import NotFound, documented

router = APIRouter(prefix="/v1/hooks/salesforce/outbound", tags=["salesforce"])

_log = get_logger(__name__)
_ACK = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>{ack}</Ack>'
    "</notificationsResponse></soapenv:Body></soapenv:Envelope>"
)
_XML = {"content": {"text/xml": {"schema": {"type": "string"}}}}
_ENVELOPE = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
 <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
  <OrganizationId>00D5g000004XyZAEA0</OrganizationId>
  <Notification><Id>04l5g00000QxYzAAAV</Id>
   <sObject xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
    <sf:Id>8015g000000abcDAAQ</sf:Id><sf:Status>Activated</sf:Status>
   </sObject></Notification>
 </notifications></soapenv:Body>
</soapenv:Envelope>"""
_XML_BODY = {"content": {"text/xml": {"schema": {"type": "string"}, "example": _ENVELOPE}}}

Token = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{32}[A-Za-z0-9_-]{43}$",
        description="The source's token, shown once when the source was set up.",
    ),
]


@router.post(
    "/{source_token}",
    operation_id="receive_outbound_message",
    summary="Receive an Outbound Message",
    response_class=Response,
    responses={
        200: {
            "description": "Ack true: stored.  Ack false: send it again.",
            "content": {
                "text/xml": {"schema": {"type": "string"}, "example": _ACK.format(ack="true")}
            },
        },
        **documented(404, 415),
    },
    openapi_extra={"requestBody": {"required": True, **_XML_BODY}},
)
async def receive(
    *,
    source_token: Token,
    request: Request,
    runtime: RuntimeOf,
    doors: DoorsOf,
    runner: RunnerOf,
    now: Now,
) -> Response:
    """Store 1 to 100 notifications and acknowledge them.

    One that cannot be mapped is acknowledged and kept in quarantine, since Salesforce would only
    send the same again.  Ack is false only while nothing can be stored.
    """
    require_media_type(request, "text/xml", "application/xml")
    tenant_id = tenant_of_token(source_token)
    body = await request.body()
    try:
        source = await _source(runtime, tenant_id, source_token)
        envelope = await asyncio.to_thread(doors.read_outbound_message, body)
        if not source.is_organisation(envelope.organization_id):
            _log.warning("outbound message of another organisation", source=source.code)
            raise WrongOrganisation
        message = message_of(
            tenant_id,
            source,
            channel=Channel.OUTBOUND_MESSAGE,
            form=RecordForm.ORDER,
            media_type="text/xml",
            content=envelope.content,
            records=len(envelope.notifications),
            now=now,
        )
        await keep_and_look(runtime, runner, tenant_id, message, _parts(envelope))
    except (SQLAlchemyError, OSError) as error:
        _log.error("outbound message not stored", **shown(error))
        return _answer("false")
    return _answer("true")


@router.get(
    "/{source_token}",
    operation_id="get_outbound_message_wsdl",
    summary="Get the WSDL of the Outbound Message, as `?wsdl` asks for it",
    response_class=Response,
    responses={200: {"description": "WSDL 1.1", **_XML}, **documented(404)},
)
async def wsdl(
    source_token: Token,
    runtime: RuntimeOf,
    doors: DoorsOf,
) -> Response:
    """Return the WSDL with the fields that the source's mapping reads."""
    tenant_id = tenant_of_token(source_token)
    source = await _source(runtime, tenant_id, source_token)
    async with runtime.open_work(tenant_id) as work:
        mapping = await work.sources.mapping(source)
    base = runtime.settings.public_base_url.rstrip("/")
    location = f"{base}{router.prefix}/{source_token}"
    if mapping is None:
        raise SourceNotFound("there is no such endpoint")
    return Response(doors.write_wsdl(mapping, location), media_type="text/xml")


async def _source(runtime: RuntimeOf, tenant_id: UUID, token: str) -> Source:
    async with runtime.open_work(tenant_id) as work:
        try:
            source: Source = await work.sources.by_token(token_digest(token))
        except SourceNotFound:
            raise NotFound("There is no such endpoint.", slug="source-not-found") from None
    return source


def _parts(envelope: OutboundMessage) -> list[tuple[str, str]]:
    return [(item.part, _dedupe_key(item)) for item in envelope.notifications]


def _dedupe_key(item: Notification) -> str:
    # A retry may carry newer values under the same notification id, so the content counts too.
    return f"om:{item.notification_id or 'none'}:{record_digest(item.record)}"


def _answer(ack: str) -> Response:
    return Response(_ACK.format(ack=ack), media_type="text/xml")
