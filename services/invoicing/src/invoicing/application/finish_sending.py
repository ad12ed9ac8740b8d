"""Rendering numbered documents and sending them: repeatable after any interruption."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from invoicing.application.document_payload import IssuedPayload
from invoicing.application.ports import InvoicingWork, Occasion, RenderedFile
from invoicing.application.send_pro_forma import finish_sending
from invoicing.domain.pro_forma import DocumentStatus

CHUNK = 20
"""Documents per transaction: a crash repeats the rendering of these at most."""


class DocumentRenderer(Protocol):
    """Writes a document as PDF; the same payload always gives the same bytes."""

    async def render(self, payloads: Sequence[IssuedPayload]) -> list[bytes]:
        """Return the PDF of each payload."""
        ...


class OpenInvoicingWork(Protocol):
    """Opens a tenant's transaction."""

    def __call__(self, tenant_id: UUID) -> AbstractAsyncContextManager[InvoicingWork]:
        """Open it."""
        ...


KeepFile = Callable[[UUID, bytes], Awaitable[RenderedFile]]
"""Stores a tenant's PDF, durably, and says where it lies."""


class Sending:
    """Turns numbered documents into sent ones, outside the transaction of their numbers."""

    def __init__(
        self, open_work: OpenInvoicingWork, renderer: DocumentRenderer, keep: KeepFile
    ) -> None:
        self._open_work = open_work
        self._renderer = renderer
        self._keep = keep
        self._busy: set[UUID] = set()

    async def finish(
        self, tenant_id: UUID, document_ids: Sequence[UUID], *, occasion: Occasion
    ) -> None:
        """Render and send those of the documents that are numbered and not sent yet.

        Safe to repeat and to run twice at once: the file is stored under its digest, and the
        document is moved under its row's lock.
        """
        ordered = sorted(set(document_ids))
        self._busy.update(ordered)
        try:
            for start in range(0, len(ordered), CHUNK):
                await self._finish_chunk(tenant_id, ordered[start : start + CHUNK], occasion)
        finally:
            self._busy.difference_update(ordered)

    async def take_up(
        self, tenant_id: UUID, document_ids: Sequence[UUID], *, occasion: Occasion
    ) -> Mapping[UUID, Exception]:
        """Finish what an earlier process left, except what this one is working on.

        Returns:
            The documents that could not be finished and why; they do not hold up the others.
        """
        failed: dict[UUID, Exception] = {}
        for document_id in document_ids:
            if document_id not in self._busy:
                try:
                    await self.finish(tenant_id, [document_id], occasion=occasion)
                except Exception as error:  # noqa: BLE001 - told to the caller, document by document
                    failed[document_id] = error
        return failed

    async def _finish_chunk(
        self, tenant_id: UUID, document_ids: Sequence[UUID], occasion: Occasion
    ) -> None:
        async with self._open_work(tenant_id) as work:
            documents = await work.documents.get_many(document_ids)
            numbered = [
                document.id
                for document in documents.values()
                if document.status is DocumentStatus.PREPARED and document.number is not None
            ]
            waiting = await work.documents.issued_many(numbered)
        if not waiting:
            return
        rendered = await self._renderer.render(list(waiting.values()))
        files = {
            document_id: await self._keep(tenant_id, content)
            for document_id, content in zip(waiting, rendered, strict=True)
        }
        async with self._open_work(tenant_id) as work:
            await finish_sending(work, files, occasion=occasion)
