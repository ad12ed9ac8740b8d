"""Pro-formas: listed, sent by finance, read and answered by their payee."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from invoicing.application.answer_pro_forma import accept_pro_forma, dispute_pro_forma
from invoicing.application.ports import InvoicingWork
from invoicing.application.send_pro_forma import DocumentVersion, number_pro_formas
from invoicing.domain.pro_forma import Document, NotYetRendered
from invoicing.entrypoints.api.dependencies import (
    DocumentAcceptor,
    DocumentReader,
    DocumentSender,
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
    DisputeIn,
    DocumentPageOut,
    DocumentResultOut,
    DocumentResultsOut,
    DocumentStateOut,
    DocumentVersionsIn,
    DocumentViewOut,
    Status,
)
from invoicing.entrypoints.api.problems import ItemProblemOut
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

router = APIRouter(tags=["pro-formas"])


@router.get(
    "/v1/pro-formas",
    operation_id="list_pro_formas",
    summary="List pro-formas",
    responses=documented(),
)
async def list_pro_formas(
    *,
    caller: DocumentReader,
    open_work: OpenWorkOf,
    runtime: RuntimeOf,
    page: Annotated[PageRequest, page_of("pro-formas")],
    payee_id: UUID | None = None,
    principal_id: UUID | None = None,
    period: MonthText | None = None,
    status: Annotated[Status | None, Query()] = None,
) -> DocumentPageOut:
    """List documents of every status, newest period first; a payee sees those sent to it."""
    which = filter_for(
        caller, payee_id=payee_id, principal_id=principal_id, period=period,
        statuses=(status,) if status else (),
    )  # fmt: skip
    async with open_work(caller.tenant_id) as work:
        return await page_of_documents(work, which, page, runtime.cursors, "pro-formas")


@router.post(
    "/v1/pro-formas:send",
    operation_id="send_pro_formas",
    summary="Send up to 500 pro-formas",
    response_model=DocumentResultsOut,
    responses=documented(409),
)
async def send_pro_formas(
    body: DocumentVersionsIn,
    caller: DocumentSender,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Number each document and write its PDF; answers once every one of them is sent.

    A document that is refused does not hold up the others.  After a lost answer repeat the
    request with its key: numbers are given once, and rendering goes on where it stopped.
    """
    wanted = [DocumentVersion(item.id, item.version) for item in body.items]

    async def effect(work: InvoicingWork) -> DocumentResultsOut:
        outcomes = await number_pro_formas(
            work, wanted, by=caller.user_id, data=ports.data, occasion=occasion
        )
        results = [
            _result(index, item.id, outcome)
            for index, (item, outcome) in enumerate(zip(body.items, outcomes, strict=True))
        ]
        return DocumentResultsOut(items=results)

    answer = await once(effect, answer=lambda results: results)
    sent = DocumentResultsOut.model_validate_json(bytes(answer.body)).items
    await ports.sending.finish(
        caller.tenant_id, [item.id for item in sent if item.result == "sent"], occasion=occasion
    )
    return answer


def _result(index: int, document_id: UUID, outcome: Document | Exception) -> DocumentResultOut:
    if isinstance(outcome, Exception):
        return DocumentResultOut(
            index=index, id=document_id, result="refused", status=None, version=None, number=None,
            problem=ItemProblemOut.of(outcome),
        )  # fmt: skip
    # The answer leaves only after the document is sent, so it says what is true by then.
    sent = outcome.send()
    return DocumentResultOut(
        index=index, id=sent.id, result="sent", status=sent.status.value, version=sent.version,
        number=sent.number, problem=None,
    )  # fmt: skip


@router.post(
    "/v1/pro-formas/{document_id}/send",
    operation_id="send_pro_forma",
    summary="Send a pro-forma",
    response_model=DocumentStateOut,
    responses=documented(404, 409, 412, 428),
)
async def send_pro_forma(
    *,
    document_id: UUID,
    version: IfMatch,
    caller: DocumentSender,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Number the document and write its PDF; answers once it is sent."""

    async def effect(work: InvoicingWork) -> Document:
        [outcome] = await number_pro_formas(
            work, [DocumentVersion(document_id, version)], by=caller.user_id, data=ports.data,
            occasion=occasion,
        )  # fmt: skip
        if isinstance(outcome, Exception):
            raise outcome
        return outcome.send()

    answer = await once(effect, answer=state_of, headers=tag_of)
    await ports.sending.finish(caller.tenant_id, [document_id], occasion=occasion)
    return answer


@router.get(
    "/v1/pro-formas/{document_id}",
    operation_id="get_pro_forma",
    summary="Show a pro-forma",
    responses=documented(404),
)
async def get_pro_forma(
    document_id: UUID, caller: DocumentReader, open_work: OpenWorkOf, response: Response
) -> DocumentViewOut:
    """Show a document with its lines, tax items and history."""
    async with open_work(caller.tenant_id) as work:
        view = await visible_document(work, document_id, caller)
    response.headers.update(tag_of(view.row.document))
    return DocumentViewOut.view(view)


@router.get(
    "/v1/pro-formas/{document_id}/pdf",
    operation_id="get_pro_forma_pdf",
    summary="Download a pro-forma as PDF",
    response_class=Response,
    responses={
        **documented(404, 409),
        200: {"description": "The PDF.", "content": {"application/pdf": {}}},
        304: {"description": "You have it already."},
    },
)
async def get_pro_forma_pdf(
    document_id: UUID,
    caller: DocumentReader,
    open_work: OpenWorkOf,
    runtime: RuntimeOf,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Return the document as it was sent; its entity tag is the SHA-256 of the bytes."""
    async with open_work(caller.tenant_id) as work:
        view = await visible_document(work, document_id, caller)
    if view.file is None:
        raise NotYetRendered(document_id)
    headers = {"ETag": f'"{view.file.sha256}"'}
    if if_none_match is not None and view.file.sha256 in if_none_match:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{view.row.document.number}.pdf"'
    content = await runtime.store.read(caller.tenant_id, view.file.address)
    return Response(content, media_type="application/pdf", headers=headers)


@router.post(
    "/v1/pro-formas/{document_id}/accept",
    operation_id="accept_pro_forma",
    summary="Accept one's own pro-forma",
    response_model=DocumentStateOut,
    responses=documented(404, 409, 412, 428),
)
async def post_pro_forma_acceptance(
    document_id: UUID,
    version: IfMatch,
    caller: DocumentAcceptor,
    once: OnceFor,
    occasion: OccasionOf,
) -> Response:
    """Accept the document, as its payee and nobody else."""

    async def effect(work: InvoicingWork) -> Document:
        return await accept_pro_forma(
            work, document_id=document_id, version=version, payee_id=caller.payee_id,
            by=caller.user_id, occasion=occasion,
        )  # fmt: skip

    return await once(effect, answer=state_of, headers=tag_of)


@router.post(
    "/v1/pro-formas/{document_id}/dispute",
    operation_id="dispute_pro_forma",
    summary="Object to one's own pro-forma",
    response_model=DocumentStateOut,
    responses=documented(404, 409, 412, 428),
)
async def post_pro_forma_dispute(
    *,
    document_id: UUID,
    body: DisputeIn,
    version: IfMatch,
    caller: DocumentAcceptor,
    once: OnceFor,
    occasion: OccasionOf,
) -> Response:
    """Object to the document, as its payee; it is not invoiced until the payee accepts it."""

    async def effect(work: InvoicingWork) -> Document:
        return await dispute_pro_forma(
            work, document_id=document_id, version=version, payee_id=caller.payee_id,
            by=caller.user_id, reason=body.reason, occasion=occasion,
        )  # fmt: skip

    return await once(effect, answer=state_of, headers=tag_of)
