"""Reading CSV files some thousand rows at a time."""

import asyncio
import csv
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from connectors.domain.message import FileRefused, Message, ReadRecord
from connectors.domain.refusal import Refusal, RefusalCode
from premia_runtime.store import Store

CHUNK_ROWS = 4_000
_LONGEST_FIELD = 1 << 20


class CsvRows:
    """Reads the CSV files of one store: UTF-8, comma, a header row."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self, tenant_id: UUID, message: Message
    ) -> AsyncIterator[Sequence[ReadRecord]]:
        """Return the rows in chunks; reading happens beside the event loop."""
        path = self._store.local_path(tenant_id, message.address or "")
        chunks = read_chunks(path)
        while chunk := await asyncio.to_thread(next, chunks, None):
            yield chunk


def read_chunks(path: Path, *, size: int = CHUNK_ROWS) -> Iterator[list[ReadRecord]]:
    """Yield a file's rows as records; the first row after the header is number 1.

    Raises:
        FileRefused: if the file is not UTF-8, or its header is missing or names a column twice.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = _header(next(rows, []))
            # A line without anything on it is no row, and no control total counts it.
            numbered = enumerate(filter(None, rows), start=1)
            while chunk := [
                _record(str(number), row, header)
                for number, row in itertools.islice(numbered, size)
            ]:
                yield chunk
        except UnicodeDecodeError as error:
            raise FileRefused("ENCODING", "the file is not UTF-8; save it as UTF-8") from error
        except csv.Error as error:
            raise FileRefused("CSV", f"line {rows.line_num} is not CSV: {error}") from error


def _header(names: list[str]) -> list[str]:
    found = [name.strip() for name in names]
    if not any(found):
        raise FileRefused("HEADER", "the file has no header row")
    twice = sorted({name for name in found if found.count(name) > 1 or not name})
    if twice:
        raise FileRefused("HEADER", f"columns must have a name each, once: {', '.join(twice)!r}")
    return found


def _record(part: str, row: list[str], header: list[str]) -> ReadRecord:
    if len(row) != len(header):
        refusal = Refusal(
            RefusalCode.ROW_SHAPE, f"row {part} has {len(row)} columns instead of {len(header)}"
        )
        return ReadRecord(part, dict(zip(header, row, strict=False)), refusal)
    return ReadRecord(part, dict(zip(header, row, strict=True)))
