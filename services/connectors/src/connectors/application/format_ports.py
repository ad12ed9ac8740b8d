"""What the use cases need of foreign and shared file formats."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol
from uuid import UUID

from connectors.application.publication import FactRow
from connectors.domain.message import Message, ReadRecord


class ReadRecords(Protocol):
    """Reads a message's bytes into records, as its channel writes them."""

    def __call__(self, message: Message) -> Sequence[ReadRecord]:
        """Return the records in order."""
        ...


class RowChunks(Protocol):
    """Reads a file's rows, some thousand at a time."""

    def __call__(self, tenant_id: UUID, message: Message) -> AsyncIterator[Sequence[ReadRecord]]:
        """Return the rows.

        Raises:
            FileRefused: if the header or the encoding cannot be read.
        """
        ...


class BatchFile(Protocol):
    """A file of facts being written."""

    async def append(self, rows: Sequence[FactRow]) -> None:
        """Write rows."""
        ...

    async def keep(self) -> tuple[str, str]:
        """Close the file and hand it over; return its address and SHA-256."""
        ...

    def discard(self) -> None:
        """Remove what is left of it."""
        ...


class OpenBatchFile(Protocol):
    """Starts files of facts."""

    def __call__(self, tenant_id: UUID, batch_id: UUID) -> BatchFile:
        """Start one."""
        ...
