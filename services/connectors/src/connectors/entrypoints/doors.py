"""What the routes need beside the runtime's ports; `main` puts it together."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request

from connectors.application.format_ports import OpenBatchFile, ReadRecords, RowChunks
from connectors.application.ports import Task
from connectors.domain.field_mapping import OrderMapping
from connectors.domain.outbound_message import OutboundMessage


class ListDue(Protocol):
    """Lists what is due, of every tenant."""

    def __call__(
        self, now: datetime, *, limit: int
    ) -> Awaitable[Sequence[tuple[UUID, Task, UUID]]]:
        """Return tenant, task and subject of what is due, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Readers and writers of foreign formats."""

    read_outbound_message: Callable[[bytes], OutboundMessage]
    write_wsdl: Callable[[OrderMapping, str], str]
    read_records: ReadRecords
    rows: RowChunks
    open_batch_file: OpenBatchFile
    list_due: ListDue


def _doors(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


DoorsOf = Annotated[Doors, Depends(_doors)]
