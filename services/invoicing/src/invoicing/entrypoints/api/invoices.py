"""Invoices: accepted documents that a second person approves."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from invoicing.application.approve_invoice import approve_invoice
from invoicing.application.ports import InvoicingWork, Occasion, TaxData
from invoicing.domain.pro_forma import Document, DocumentNotFound
from invoicing.entrypoints.api.dependencies import (
    DocumentReader,
    InvoiceApprover,
    OccasionOf,
    PortsOf,
)
from invoicing.entrypoints.api.document_lists import (
    filter_for,
    page_of_documents,
    state_of,
    tag_of,
    visible_document,
)
from invoicing.entrypoints.api.document_schemas import (
    DocumentPageOut,
    DocumentResultOut,
    DocumentResultsOut,
    DocumentStateOut,
    DocumentVersionIn,
    DocumentVersionsIn,
    DocumentViewOut,
)
from invoicing.entrypoints.api.problems import PROBLEMS, ItemProblemOut
from premia_common.contracts.fields import MonthText
from premia_runtime.dependencies import (
    IfMatch,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    page_of,
)
from premia_runtime.problems import documented

router = APIRouter(tags=["invoices"])
_ERRORS = tuple(PROBLEMS)
InvoiceStatus = Literal["accepted", "approved", "posted"]
INVOICE_STATUSES: tuple[InvoiceStatus, ...] = ("accepted", "approved", "posted")
"""An accepted document waits for approval; the others are invoices."""


@router.get(
    "/v1/invoices",
    operation_id="list_invoices",
    summary="List invoices",
    responses=documented(),
)
async def list_invoices(
    *,
    caller: DocumentReader,
    open_work: OpenWorkOf,
    runtime: RuntimeOf,
    page: Annotated[PageRequest, page_of("invoices")],
    payee_id: UUID | None = None,
    principal_id: UUID | None = None,
    period: MonthText | None = None,
    status: Annotated[InvoiceStatus | None, Query()] = None,
) -> DocumentPageOut:
    """List accepted documents and approved invoices, newest period first."""
    which = filter_for(
        caller, payee_id=payee_id, principal_id=principal_id, period=period,
        statuses=(status,) if status else INVOICE_STATUSES,
    )  # fmt: skip
    async with open_work(caller.tenant_id) as work:
        return await page_of_documents(work, which, page, runtime.cursors, "invoices")


@router.get(
    "/v1/invoices/{document_id}",
    operation_id="get_invoice",
    summary="Show an invoice",
    responses=documented(404),
)
async def get_invoice(
    document_id: UUID, caller: DocumentReader, open_work: OpenWorkOf, response: Response
) -> DocumentViewOut:
    """Show an invoice, or an accepted document that waits; it has the pro-forma's id."""
    async with open_work(caller.tenant_id) as work:
        view = await visible_document(work, document_id, caller)
    if view.row.document.status.value not in INVOICE_STATUSES:
        raise DocumentNotFound(document_id)
    response.headers.update(tag_of(view.row.document))
    return DocumentViewOut.view(view)


@router.post(
    "/v1/invoices/{document_id}/approve",
    operation_id="approve_invoice",
    summary="Approve an invoice",
    response_model=DocumentStateOut,
    responses=documented(404, 409, 412, 428),
)
async def post_invoice_approval(
    *,
    document_id: UUID,
    version: IfMatch,
    caller: InvoiceApprover,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Approve an accepted document, as somebody other than its sender; SAP may pull it then."""

    async def effect(work: InvoicingWork) -> Document:
        return await approve_invoice(
            work, document_id=document_id, version=version, by=caller.user_id, data=ports.data,
            occasion=occasion,
        )  # fmt: skip

    return await once(effect, answer=state_of, headers=tag_of)


@router.post(
    "/v1/invoices:approve",
    operation_id="approve_invoices",
    summary="Approve up to 500 invoices",
    response_model=DocumentResultsOut,
    responses=documented(409),
)
async def approve_invoices(
    body: DocumentVersionsIn,
    caller: InvoiceApprover,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Approve each invoice on its own; one that is refused does not hold up the others."""

    async def effect(work: InvoicingWork) -> DocumentResultsOut:
        # In the order of ids, so that two batches never wait for each other's rows in a circle.
        ordered = sorted(enumerate(body.items), key=lambda pair: pair[1].id)
        done = [
            await _approve(work, index, item, by=caller.user_id, data=ports.data, occasion=occasion)
            for index, item in ordered
        ]
        return DocumentResultsOut(items=sorted(done, key=lambda result: result.index))

    return await once(effect, answer=lambda results: results)


async def _approve(
    work: InvoicingWork,
    index: int,
    item: DocumentVersionIn,
    *,
    by: UUID,
    data: TaxData,
    occasion: Occasion,
) -> DocumentResultOut:
    try:
        approved = await approve_invoice(
            work, document_id=item.id, version=item.version, by=by, data=data, occasion=occasion
        )
    except _ERRORS as error:
        return DocumentResultOut(
            index=index, id=item.id, result="refused", status=None, version=None, number=None,
            problem=ItemProblemOut.of(error),
        )  # fmt: skip
    return DocumentResultOut(
        index=index, id=item.id, result="approved", status=approved.status.value,
        version=approved.version, number=approved.number, problem=None,
    )  # fmt: skip
