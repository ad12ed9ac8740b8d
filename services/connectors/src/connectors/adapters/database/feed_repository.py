"""Approved invoices on their way to SAP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.adapters.database import tables
from connectors.domain.feed import Delivery, FeedStatus, InvoiceNotInFeed, SapDocument
from premia_common.contracts.envelope import ENVELOPE_FIELDS
from premia_common.contracts.invoices import InvoiceApproved
from premia_common.identifiers import derive_id

_invoice = tables.sap_invoice.c
_delivery = tables.sap_delivery.c
_transition = tables.sap_transition.c


class FeedRepository:
    """The invoice feed of one tenant."""

    def __init__(self, connection: AsyncConnection, tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id

    async def add(self, invoice: InvoiceApproved) -> bool:
        """Take an invoice into the feed.

        The lock is held until the commit, so numbers follow the order of commits and a reader
        that goes on after the last number it saw misses none.
        """
        await self._lock("feed")
        last = await self._connection.scalar(
            select(func.coalesce(func.max(_invoice.change_seq), 0)).where(
                _invoice.tenant_id == self._tenant_id
            )
        )
        change_seq = int(last or 0) + 1
        kept = await self._connection.execute(
            insert(tables.sap_invoice)
            .values(
                tenant_id=self._tenant_id,
                invoice_id=invoice.invoice_id,
                change_seq=change_seq,
                number=invoice.number,
                company_code=invoice.company_code,
                content_hash=invoice.content_hash,
                approved_at=invoice.approved_at,
                document=invoice.model_dump(mode="json", exclude=set(ENVELOPE_FIELDS)),
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "invoice_id"])
        )
        if kept.rowcount == 0:
            return False
        await self._connection.execute(
            insert(tables.sap_delivery).values(
                tenant_id=self._tenant_id,
                invoice_id=invoice.invoice_id,
                change_seq=change_seq,
                status=FeedStatus.READY.value,
                delivery_count=0,
                maybe_posted=False,
            )
        )
        return True

    async def get(self, invoice_id: UUID) -> Delivery:
        """Return an entry, locked until the transaction ends."""
        found = await self._connection.execute(
            self._entries()
            .where(_delivery.invoice_id == invoice_id)
            .with_for_update(of=tables.sap_delivery)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise InvoiceNotInFeed(invoice_id)
        return to_delivery(row)

    async def lock_consumer(self, consumer: str) -> None:
        """Let one call of a consumer at a time acquire."""
        await self._lock(f"consumer/{consumer}")

    async def _lock(self, name: str) -> None:
        key = derive_id("sap-feed", str(self._tenant_id), name).int >> 65
        await self._connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})

    async def open_lease(self, consumer: str, now: datetime) -> Sequence[Delivery]:
        """Return what the consumer holds under a lease that still runs."""
        found = await self._connection.execute(
            self._entries()
            .where(_delivery.status == FeedStatus.LEASED.value)
            .where(_delivery.consumer == consumer)
            .where(_delivery.lease_until > now)
            .order_by(_delivery.change_seq)
        )
        return [to_delivery(row) for row in found.mappings()]

    async def free(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """Return entries that may be given out, oldest first, locked; those locked are skipped."""
        ran_out = (_delivery.status == FeedStatus.LEASED.value) & (_delivery.lease_until <= now)
        found = await self._connection.execute(
            self._entries()
            .where(or_(_delivery.status == FeedStatus.READY.value, ran_out))
            .order_by(_delivery.change_seq)
            .limit(limit)
            .with_for_update(of=tables.sap_delivery, skip_locked=True)
        )
        return [to_delivery(row) for row in found.mappings()]

    async def save(self, before: Delivery, after: Delivery, *, at: datetime, reason: str) -> None:
        """Keep an entry's new state with its transition."""
        document = after.document
        await self._connection.execute(
            update(tables.sap_delivery)
            .where(_delivery.tenant_id == self._tenant_id)
            .where(_delivery.invoice_id == after.invoice_id)
            .values(
                status=after.status.value,
                lease_id=after.lease_id,
                consumer=after.consumer,
                lease_until=after.lease_until,
                delivery_count=after.delivery_count,
                maybe_posted=after.maybe_posted,
                accounting_document=document and document.number,
                fiscal_year=document and document.fiscal_year,
                document_company_code=document and document.company_code,
                posting_date=document and document.posting_date,
            )
        )
        last = (
            select(func.coalesce(func.max(_transition.number), 0))
            .where(_transition.tenant_id == self._tenant_id)
            .where(_transition.invoice_id == after.invoice_id)
            .scalar_subquery()
        )
        await self._connection.execute(
            insert(tables.sap_transition).values(
                tenant_id=self._tenant_id,
                invoice_id=after.invoice_id,
                number=last + 1,
                from_status=before.status.value,
                to_status=after.status.value,
                lease_id=after.lease_id or before.lease_id,
                consumer=after.consumer or before.consumer,
                reason=reason[:500],
                at=at,
            )
        )

    async def leased_under(self, invoice_id: UUID, lease_id: UUID) -> bool:
        """Say whether an invoice was ever given out under a lease."""
        return await self._passed(invoice_id, lease_id, _transition.to_status == "LEASED")

    async def rejected_under(self, invoice_id: UUID, lease_id: UUID) -> bool:
        """Say whether an invoice was refused under a lease."""
        return await self._passed(invoice_id, lease_id, _transition.reason.like("rejected:%"))

    async def _passed(self, invoice_id: UUID, lease_id: UUID, condition: Any) -> bool:
        found = await self._connection.scalar(
            select(func.count())
            .select_from(tables.sap_transition)
            .where(_transition.tenant_id == self._tenant_id)
            .where(_transition.invoice_id == invoice_id)
            .where(_transition.lease_id == lease_id)
            .where(condition)
        )
        return bool(found)

    async def raise_alarm(
        self, delivery: Delivery, second: SapDocument, *, consumer: str | None, at: datetime
    ) -> None:
        """Record that SAP named a second document, once per document."""
        first = delivery.document
        await self._connection.execute(
            insert(tables.sap_alarm)
            .values(
                tenant_id=self._tenant_id,
                invoice_id=delivery.invoice_id,
                second_document=second.number,
                second_fiscal_year=second.fiscal_year,
                second_company_code=second.company_code,
                first_document=first.number if first else "",
                first_fiscal_year=first.fiscal_year if first else "",
                consumer=consumer,
                at=at,
            )
            .on_conflict_do_nothing()
        )

    def _entries(self) -> Select[Any]:
        return (
            select(
                tables.sap_delivery, _invoice.number, _invoice.company_code, _invoice.content_hash
            )
            .join(
                tables.sap_invoice,
                (_invoice.tenant_id == _delivery.tenant_id)
                & (_invoice.invoice_id == _delivery.invoice_id),
            )
            .where(_delivery.tenant_id == self._tenant_id)
        )


def to_delivery(row: RowMapping) -> Delivery:
    """Return a row as the entry it holds."""
    document = None
    if row["accounting_document"] is not None:
        document = SapDocument(
            row["accounting_document"],
            row["fiscal_year"],
            row["document_company_code"],
            row["posting_date"],
        )
    return Delivery(
        invoice_id=row["invoice_id"],
        change_seq=row["change_seq"],
        number=row["number"],
        company_code=row["company_code"],
        content_hash=row["content_hash"],
        status=FeedStatus(row["status"]),
        lease_id=row["lease_id"],
        consumer=row["consumer"],
        lease_until=row["lease_until"],
        delivery_count=row["delivery_count"],
        maybe_posted=row["maybe_posted"],
        document=document,
    )
