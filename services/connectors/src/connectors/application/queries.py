"""What lists and screens read; the answers are rows, by column name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from connectors.application.ports import ConnectorsWork, QuarantineEntry

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders a list shows."""

    source: str | None = None
    state: str | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which invoices of the feed are asked for."""

    after_seq: int = 0
    status: str | None = None


class Queries(Protocol):
    """Reads of one tenant; nothing here changes anything."""

    async def orders(
        self, wanted: OrderFilter, *, after: list[Any] | None, limit: int
    ) -> Sequence[Row]:
        """Return orders by the instant of their last change."""
        ...

    async def order(self, source_id: UUID, record_id: str) -> Row | None:
        """Return an order, if the source told of it."""
        ...

    async def observations(self, source_id: UUID, record_id: str) -> Sequence[Row]:
        """Return the states that an order was seen in, by day."""
        ...

    async def quarantined(
        self, *, status: str, source_id: UUID | None, after: list[Any] | None, limit: int
    ) -> Sequence[QuarantineEntry]:
        """Return quarantine entries, oldest first."""
        ...

    async def drift(self, source_id: UUID) -> Sequence[Row]:
        """Return the fields that a source sends and no mapping speaks of."""
        ...

    async def mapping_document(self, source_id: UUID, version: int) -> dict[str, Any] | None:
        """Return a mapping version as it was given."""
        ...

    async def feed(self, wanted: FeedFilter, *, limit: int) -> Sequence[Row]:
        """Return invoices of the feed with their standing, by number."""
        ...

    async def feed_count(self, wanted: FeedFilter) -> int:
        """Return how many invoices of the feed match."""
        ...

    async def feed_entries(self, invoice_ids: Sequence[UUID]) -> Sequence[Row]:
        """Return these invoices of the feed, by number."""
        ...

    async def alarms(self) -> Sequence[Row]:
        """Return second postings that SAP told of, newest first."""
        ...


class ReadingWork(ConnectorsWork, Protocol):
    """One tenant's open transaction, with what lists read."""

    @property
    def queries(self) -> Queries:
        """Reads."""
        ...
