"""What the use cases need of the invoice feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from connectors.domain.feed import Delivery, SapDocument
from premia_common.contracts.invoices import InvoiceApproved


class Feed(Protocol):
    """Approved invoices on their way to SAP."""

    async def add(self, invoice: InvoiceApproved) -> bool:
        """Take an invoice into the feed; its number there follows the order of commits."""
        ...

    async def get(self, invoice_id: UUID) -> Delivery:
        """Return an entry, locked until the transaction ends.

        Raises:
            InvoiceNotInFeed: if the tenant has none of this id.
        """
        ...

    async def lock_consumer(self, consumer: str) -> None:
        """Let one call of a consumer at a time acquire."""
        ...

    async def open_lease(self, consumer: str, now: datetime) -> Sequence[Delivery]:
        """Return what the consumer holds under a lease that still runs."""
        ...

    async def free(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """Return entries that may be given out, oldest first, locked; those locked are skipped."""
        ...

    async def save(self, before: Delivery, after: Delivery, *, at: datetime, reason: str) -> None:
        """Keep an entry's new state with its transition."""
        ...

    async def leased_under(self, invoice_id: UUID, lease_id: UUID) -> bool:
        """Say whether an invoice was ever given out under a lease."""
        ...

    async def rejected_under(self, invoice_id: UUID, lease_id: UUID) -> bool:
        """Say whether an invoice was refused under a lease."""
        ...

    async def raise_alarm(
        self, delivery: Delivery, second: SapDocument, *, consumer: str | None, at: datetime
    ) -> None:
        """Record that SAP named a second document, once per document."""
        ...
