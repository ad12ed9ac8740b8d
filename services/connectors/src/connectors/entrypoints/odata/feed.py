"""The SAP invoice feed: OData V2 over the approved invoices, with leases."""

import json
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from connectors.application.ports import ConnectorsWork
from connectors.application.queries import FeedFilter, ReadingWork, Row
from connectors.application.serve_invoices import (
    Acknowledged,
    SapRefusal,
    acknowledge_invoice,
    acquire_batch,
    reject_invoice,
)
from connectors.domain.feed import InvoiceNotInFeed, SapDocument
from connectors.entrypoints.odata.errors import HEADERS, ODataRoute, documented_odata
from connectors.entrypoints.odata.metadata import PARTS, ROOT, metadata
from connectors.entrypoints.odata.query_options import (
    BadOption,
    FeedOptions,
    Parameters,
    read_expand,
    read_options,
    read_uuid,
)
from connectors.entrypoints.odata.representation import Json, invoice, parts
from premia_runtime.auth import Caller
from premia_runtime.dependencies import CorrelationId, NewIds, Now, RuntimeOf, require
from premia_runtime.faults import fault_point
from premia_runtime.runtime import Runtime
from premia_runtime.work import in_work

router = APIRouter(prefix=ROOT, tags=["sap"], route_class=ODataRoute)

PAGE = 100
LONGEST_LEASE_SECONDS = 86_400

Reader = Annotated[Caller, require("feed:read")]
Answerer = Annotated[Caller, require("feed:acknowledge")]
InvoiceKey = Annotated[str, Path(max_length=60, description="The invoice's id.")]
_JSON: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "OData V2 JSON",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["d"], "properties": {"d": {}}},
                "example": {"d": {"results": []}},
            }
        },
    }
}


def _takes(**described: str) -> dict[str, Any]:
    """Return the query parameters of a route, which reads them as OData writes them."""
    return {
        "parameters": [
            {
                "name": name.replace("option_", "$"),
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": description,
            }
            for name, description in described.items()
        ]
    }


_FILTER = "`ChangeSeq gt 7L`, `Status eq 'READY'`, joined by `and`."
_EXPAND = "`to_Item`, `to_Tax`, `to_Withholding`, joined by commas."
_OPTIONS = _takes(
    option_filter=_FILTER,
    option_top="How many at most.",
    option_orderby="Only `ChangeSeq`.",
    option_inlinecount="`allpages` gives the count.",
    option_expand=_EXPAND,
)
_ACQUIRE = _takes(
    Consumer="Who takes them, text in single quotes.",
    MaxCount="How many at most, 1 to 500; 100 if not given.",
    LeaseSeconds="For how long; 900 if not given.",
)
_ACKNOWLEDGE = _takes(
    InvoiceUuid="The invoice, in single quotes.",
    LeaseId="The lease it was given out under, in single quotes.",
    ContentHash="The invoice's ContentHash, in single quotes.",
    AccountingDocument="SAP's document number, in single quotes.",
    FiscalYear="Its fiscal year, in single quotes.",
    CompanyCode="Its company code, in single quotes.",
    PostingDate="Its posting date: `datetime'2026-03-01T00:00:00'`.",
)
_REJECT = _takes(
    InvoiceUuid="The invoice, in single quotes.",
    LeaseId="The lease it was given out under, in single quotes.",
    MessageClass="SAP's message class, in single quotes.",
    MessageNumber="SAP's message number, in single quotes.",
    Text="SAP's message, in single quotes.",
    Retryable="`true` if it may be given out again.",
)


@router.get(
    "/$metadata",
    operation_id="get_feed_metadata",
    summary="Describe the feed",
    response_class=Response,
    responses={
        200: {
            "description": "EDMX",
            "content": {"application/xml": {"schema": {"type": "string"}}},
        },
        **documented_odata(),
    },
)
async def get_metadata(caller: Reader) -> Response:  # noqa: ARG001 - the token is what counts
    """Return the EDMX description that OData clients start from."""
    return Response(metadata(), media_type="application/xml", headers=HEADERS)


@router.get(
    "/ApprovedInvoices",
    operation_id="list_feed_invoices",
    openapi_extra=_OPTIONS,
    summary="List approved invoices",
    response_class=Response,
    responses={**_JSON, **documented_odata()},
)
async def list_invoices(request: Request, runtime: RuntimeOf, caller: Reader) -> Response:
    """List invoices by ChangeSeq, which follows the order of approval: a cursor for readers."""
    options = read_options(request.query_params)
    limit = PAGE if options.top is None else min(options.top, PAGE)
    async with runtime.open_work(caller.tenant_id) as work:
        rows = await work.queries.feed(options.wanted, limit=limit + 1)
        count = await work.queries.feed_count(options.wanted) if options.count else None
    root = _root(runtime)
    shown = rows[:limit]
    body: Json = {"results": [invoice(row, root=root, expand=options.expand) for row in shown]}
    if count is not None:
        body["__count"] = str(count)
    if shown and len(rows) > limit and (options.top is None or options.top > limit):
        body["__next"] = _next_page(root, options, limit, shown[-1]["change_seq"])
    return _answer(body)


@router.get(
    "/ApprovedInvoices/$count",
    operation_id="count_feed_invoices",
    openapi_extra=_takes(option_filter=_FILTER),
    summary="Count approved invoices",
    response_class=Response,
    responses={
        200: {"description": "A number", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **documented_odata(),
    },
)
async def count_invoices(request: Request, runtime: RuntimeOf, caller: Reader) -> Response:
    """Count the invoices that match."""
    options = read_options(request.query_params)
    async with runtime.open_work(caller.tenant_id) as work:
        count = await work.queries.feed_count(options.wanted)
    return Response(str(count), media_type="text/plain", headers=HEADERS)


@router.get(
    "/ApprovedInvoices('{invoice_uuid}')",
    operation_id="get_feed_invoice",
    openapi_extra=_takes(option_expand=_EXPAND),
    summary="Show an approved invoice",
    response_class=Response,
    responses={**_JSON, **documented_odata(404)},
)
async def get_invoice(
    invoice_uuid: InvoiceKey, request: Request, runtime: RuntimeOf, caller: Reader
) -> Response:
    """Show one invoice with its standing."""
    names = read_expand(request.query_params)
    async with runtime.open_work(caller.tenant_id) as work:
        row = await _entry(work, read_uuid(invoice_uuid))
    return _answer(invoice(row, root=_root(runtime), expand=names))


@router.get(
    "/ApprovedInvoices('{invoice_uuid}')/{navigation}",
    operation_id="get_feed_invoice_parts",
    summary="Show an invoice's items, taxes or withholdings",
    response_class=Response,
    responses={**_JSON, **documented_odata(404)},
)
async def get_parts(
    invoice_uuid: InvoiceKey,
    navigation: Annotated[str, Path(max_length=40, description="As in `$expand`.")],
    runtime: RuntimeOf,
    caller: Reader,
) -> Response:
    """Show what an invoice consists of."""
    if navigation not in PARTS:
        raise InvoiceNotInFeed(f"part {navigation!r}; there are {', '.join(PARTS)}")
    async with runtime.open_work(caller.tenant_id) as work:
        row = await _entry(work, read_uuid(invoice_uuid))
    return _answer({"results": parts(row, navigation, root=_root(runtime))})


@router.post(
    "/AcquireBatch",
    operation_id="acquire_batch",
    openapi_extra=_ACQUIRE,
    summary="Take invoices under a lease",
    response_class=Response,
    responses={**_JSON, **documented_odata()},
)
async def acquire(
    request: Request, runtime: RuntimeOf, caller: Answerer, ids: NewIds, now: Now
) -> Response:
    """Take up to MaxCount invoices for LeaseSeconds (900 if not given).

    The same Consumer with an open lease gets the same batch again.  An invoice whose lease ran
    out comes again with `MaybePosted` true: look for its InvoiceNumber before posting.
    """
    given = Parameters(request.query_params)
    name = given.text("Consumer", longest=60)
    most = given.number("MaxCount", least=1, most=500, default=100)
    seconds = given.number("LeaseSeconds", least=1, most=LONGEST_LEASE_SECONDS, default=900)
    lease_id = ids.new()

    async def effect(work: ReadingWork) -> list[Row]:
        taken = await acquire_batch(
            work, consumer=name, most=most, seconds=seconds, lease_id=lease_id, now=now
        )
        return list(await work.queries.feed_entries([entry.invoice_id for entry in taken]))

    rows = await in_work(runtime.open_work, caller.tenant_id, effect)
    fault_point("feed.leased.before_answer")
    root = _root(runtime)
    return _answer({"results": [invoice(row, root=root, expand=()) for row in rows]})


@router.post(
    "/Acknowledge",
    operation_id="acknowledge_invoice",
    openapi_extra=_ACKNOWLEDGE,
    summary="Say that an invoice is posted",
    response_class=Response,
    responses={**_JSON, **documented_odata(404, 409)},
)
async def acknowledge(
    *,
    request: Request,
    runtime: RuntimeOf,
    caller: Answerer,
    correlation_id: CorrelationId,
    now: Now,
) -> Response:
    """Say with which accounting document an invoice was posted.

    The same document again gives the same answer.  Another document for a posted invoice is
    refused with 409 and recorded as an alarm: SAP posted twice.
    """
    given = Parameters(request.query_params)
    invoice_id = given.invoice_id()
    lease = _lease(given)
    document = SapDocument(
        number=given.text("AccountingDocument", longest=20),
        fiscal_year=given.text("FiscalYear", longest=4),
        company_code=given.text("CompanyCode", longest=10),
        posting_date=given.day("PostingDate"),
    )
    hash_ = given.text("ContentHash", longest=64)

    async def effect(work: ConnectorsWork) -> Acknowledged:
        outcome = await acknowledge_invoice(
            work,
            invoice_id=invoice_id,
            lease_id=lease,
            content_hash=hash_,
            document=document,
            now=now,
            correlation_id=correlation_id,
        )
        fault_point("feed.acknowledged.before_commit")
        return outcome

    outcome = await in_work(runtime.open_work, caller.tenant_id, effect)
    if outcome.alarm is not None:
        raise outcome.alarm
    return await _answer_entry(runtime, caller.tenant_id, invoice_id)


@router.post(
    "/Reject",
    operation_id="reject_invoice",
    openapi_extra=_REJECT,
    summary="Say that an invoice cannot be posted",
    response_class=Response,
    responses={**_JSON, **documented_odata(404, 409)},
)
async def reject(
    *,
    request: Request,
    runtime: RuntimeOf,
    caller: Answerer,
    correlation_id: CorrelationId,
    now: Now,
) -> Response:
    """Say why SAP could not post: ready again if Retryable, else rejected for good."""
    given = Parameters(request.query_params)
    invoice_id = given.invoice_id()
    lease = _lease(given)
    refusal = SapRefusal(
        message_class=given.text("MessageClass", longest=20),
        message_number=given.text("MessageNumber", longest=10),
        text=given.text("Text", longest=255),
        retryable=given.flag("Retryable"),
    )

    async def effect(work: ConnectorsWork) -> None:
        await reject_invoice(
            work,
            invoice_id=invoice_id,
            lease_id=lease,
            refusal=refusal,
            now=now,
            correlation_id=correlation_id,
        )

    await in_work(runtime.open_work, caller.tenant_id, effect)
    return await _answer_entry(runtime, caller.tenant_id, invoice_id)


def _lease(given: Parameters) -> UUID:
    try:
        return UUID(given.text("LeaseId", longest=36))
    except ValueError as error:
        raise BadOption("LeaseId is the id that AcquireBatch gave") from error


async def _entry(work: ReadingWork, invoice_id: UUID) -> Row:
    found = await work.queries.feed_entries([invoice_id])
    if not found:
        raise InvoiceNotInFeed(invoice_id)
    return found[0]


async def _answer_entry(runtime: Runtime[Any], tenant_id: UUID, invoice_id: UUID) -> Response:
    async with runtime.open_work(tenant_id) as work:
        row = await _entry(work, invoice_id)
    return _answer(invoice(row, root=_root(runtime), expand=()))


def _root(runtime: Runtime[Any]) -> str:
    return f"{runtime.settings.public_base_url.rstrip('/')}{ROOT}"


def _next_page(root: str, options: FeedOptions, shown: int, last: int) -> str:
    wanted: FeedFilter = options.wanted
    condition = f"ChangeSeq gt {last}L"
    if wanted.status is not None:
        condition += f" and Status eq '{wanted.status}'"
    query = {"$filter": condition, "$orderby": "ChangeSeq"}
    if options.top is not None:
        query["$top"] = str(options.top - shown)
    if options.expand:
        query["$expand"] = ",".join(options.expand)
    return f"{root}/ApprovedInvoices?{urlencode(query, safe='$', quote_via=quote)}"


def _answer(body: Any) -> Response:
    return Response(json.dumps({"d": body}), media_type="application/json", headers=HEADERS)
