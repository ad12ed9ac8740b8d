"""Pro-formas as PDF/A-3a and PDF/UA-1, by typst."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import typst

from invoicing.application.document_payload import IssuedPayload

_NOT_IN_THE_FONT = re.compile("[^\u0020-\u052f\u1e00-\u1fff\u2010-\u202f\u20a0-\u20bf\u2212]")
TEMPLATES = Path(__file__).parents[1] / "templates"


class DocumentNotRendered(Exception):
    """Raised when a document could not be written as PDF."""


class TypstRenderer:
    """Renders in one thread with one compiler, which keeps what it has read.

    The compiler runs outside Python's lock, so requests are answered meanwhile.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typst")
        self._compiler: typst.Compiler | None = None

    async def render(self, payloads: Sequence[IssuedPayload]) -> list[bytes]:
        """Return the PDF of each payload, in their order.

        Raises:
            DocumentNotRendered: if the template gives no PDF.
        """
        loop = asyncio.get_running_loop()
        return [
            await loop.run_in_executor(self._thread, self._pdf, inputs_of(payload))
            for payload in payloads
        ]

    async def close(self) -> None:
        """Stop the thread; what it has not begun is not rendered."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _pdf(self, inputs: dict[str, str]) -> bytes:
        if self._compiler is None:
            self._compiler = typst.Compiler(
                str(TEMPLATES / "pro_forma.typ"), root=str(TEMPLATES), ignore_system_fonts=True
            )
        try:
            content = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"]
            )
        except typst.TypstError as error:
            raise DocumentNotRendered(f"the template refuses the document: {error}") from error
        if not isinstance(content, bytes):
            raise DocumentNotRendered("the template gave more than one file")
        return content


def inputs_of(payload: IssuedPayload) -> dict[str, str]:
    """Return what the template is given: the stored payload, its digest and its total.

    A letter that the font lacks would make the whole document impossible, and its number is
    taken: it is printed as a question mark.
    """
    return {
        "payload": _NOT_IN_THE_FONT.sub("?", payload.content().decode()),
        "digest": payload.digest,
        "gross": format(payload.gross, "f"),
    }
