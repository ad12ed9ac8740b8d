"""What lists and screens of documents have in common."""

from dataclasses import replace
from uuid import UUID

from invoicing.application.queries import DocumentFilter, DocumentView, ReadingWork
from invoicing.domain.pro_forma import Document, DocumentNotFound
from invoicing.entrypoints.api.dependencies import visible_payee
from invoicing.entrypoints.api.document_schemas import (
    DocumentOut,
    DocumentPageOut,
    DocumentStateOut,
)
from premia_runtime.auth import Caller
from premia_runtime.cursor import Cursors
from premia_runtime.dependencies import PageRequest, etag

SEEN_BY_PAYEES = ("sent", "accepted", "disputed", "approved", "posted")
"""A payee sees a document once it was sent."""


def filter_for(
    caller: Caller,
    *,
    payee_id: UUID | None,
    principal_id: UUID | None,
    period: str | None,
    statuses: tuple[str, ...],
) -> DocumentFilter:
    """Return the filter of a list, narrowed to what the caller may see."""
    own = visible_payee(caller)
    if own is None:
        return DocumentFilter(payee_id, principal_id, period, statuses)
    visible = tuple(status for status in statuses or SEEN_BY_PAYEES if status in SEEN_BY_PAYEES)
    nobody = own if payee_id in (None, own) else UUID(int=0)
    return DocumentFilter(nobody, principal_id, period, visible or ("none",))


async def page_of_documents(
    work: ReadingWork, which: DocumentFilter, page: PageRequest, cursors: Cursors, kind: str
) -> DocumentPageOut:
    """Return a page, newest period first, with the cursor of the next one."""
    after = (str(page.after[0]), UUID(page.after[1])) if page.after else None
    found = await work.queries.documents(which, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    cursor = None
    if len(found) > page.limit:
        last = shown[-1].document
        cursor = cursors.write(kind, last.period, last.id)
    return DocumentPageOut(items=[DocumentOut.of(row) for row in shown], next_cursor=cursor)


async def visible_document(work: ReadingWork, document_id: UUID, caller: Caller) -> DocumentView:
    """Return a document that the caller may see; what SAP objected to is not for the payee.

    Raises:
        DocumentNotFound: if there is none, or it is another payee's or not sent yet.
    """
    view = await work.queries.document(document_id)
    own = visible_payee(caller)
    if view is None:
        raise DocumentNotFound(document_id)
    document = view.row.document
    if own is None:
        return view
    if document.payee_id != own or document.status.value not in SEEN_BY_PAYEES:
        raise DocumentNotFound(document_id)
    return replace(view, rejection=None)


def state_of(document: Document) -> DocumentStateOut:
    """Write where a document stands."""
    return DocumentStateOut(
        id=document.id,
        status=document.status.value,
        version=document.version,
        number=document.number,
    )


def tag_of(document: Document) -> dict[str, str]:
    """Return the header with a document's version."""
    return {"ETag": etag(document.version)}
