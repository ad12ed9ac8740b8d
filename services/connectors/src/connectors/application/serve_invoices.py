"""Give approved invoices to SAP under a lease, and take its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connectors.application.ports import ConnectorsWork
from connectors.domain.feed import Delivery, FeedStatus, PostedTwice, SapDocument
from premia_common.contracts.invoices import InvoiceApproved
from premia_common.contracts.orders import SapDocumentPosted, SapDocumentRejected
from premia_common.identifiers import derive_id


async def offer_invoice(work: ConnectorsWork, invoice: InvoiceApproved) -> None:
    """Take an approved invoice into the feed; one that is there already changes nothing."""
    await work.feed.add(invoice)


async def acquire_batch(
    work: ConnectorsWork,
    *,
    consumer: str,
    most: int,
    seconds: int,
    lease_id: UUID,
    now: datetime,
) -> Sequence[Delivery]:
    """Give a consumer invoices under a lease, oldest first.

    A consumer that still holds an unanswered lease gets the same batch again, so a lost answer
    does no harm.  An invoice whose lease ran out comes with `maybe_posted`.
    """
    await work.feed.lock_consumer(consumer)
    held = await work.feed.open_lease(consumer, now)
    if held:
        return held
    given = []
    for before in await work.feed.free(most, now):
        after = before.lease(to=consumer, lease_id=lease_id, now=now, seconds=seconds)
        reason = "leased" if after.status is FeedStatus.LEASED else "too many deliveries"
        await work.feed.save(before, after, at=now, reason=reason)
        if after.status is FeedStatus.LEASED:
            given.append(after)
    return given


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The outcome of an acknowledgement: the entry, and the alarm if it is a second posting."""

    delivery: Delivery
    alarm: PostedTwice | None = None


async def acknowledge_invoice(
    work: ConnectorsWork,
    *,
    invoice_id: UUID,
    lease_id: UUID,
    content_hash: str,
    document: SapDocument,
    now: datetime,
    correlation_id: UUID,
) -> Acknowledged:
    """Take SAP's word that an invoice is posted; the same document again changes nothing.

    Another document for a posted invoice is not raised but returned as an alarm, so that its
    record commits.

    Raises:
        InvoiceNotInFeed: if the tenant's feed has no such invoice.
        ContentDiffers: if the hash is not the approved one.
        OtherCompanyCode: if the document is in another company code.
        LeaseNotHeld: if it was never given out under this lease, or was given back.
    """
    before = await work.feed.get(invoice_id)
    try:
        after = before.acknowledge(
            document,
            content_hash=content_hash,
            under_known_lease=await work.feed.leased_under(invoice_id, lease_id),
        )
    except PostedTwice as alarm:
        await work.feed.raise_alarm(before, document, consumer=before.consumer, at=now)
        return Acknowledged(before, alarm)
    if after is before:
        return Acknowledged(before)
    await work.feed.save(before, after, at=now, reason="acknowledged")
    work.outbox.add(
        SapDocumentPosted(
            event_id=derive_id("sap-posted", str(work.tenant_id), str(invoice_id)),
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            invoice_id=invoice_id,
            invoice_number=before.number,
            consumer=before.consumer or "",
            accounting_document=document.number,
            fiscal_year=document.fiscal_year,
            company_code=document.company_code,
            posting_date=document.posting_date,
        )
    )
    return Acknowledged(after)


@dataclass(frozen=True, slots=True)
class SapRefusal:
    """Why SAP could not post."""

    message_class: str
    message_number: str
    text: str
    retryable: bool


async def reject_invoice(
    work: ConnectorsWork,
    *,
    invoice_id: UUID,
    lease_id: UUID,
    refusal: SapRefusal,
    now: datetime,
    correlation_id: UUID,
) -> Delivery:
    """Take SAP's word that an invoice cannot be posted: ready again if a retry can help.

    The same rejection again changes nothing.

    Raises:
        InvoiceNotInFeed: if the tenant's feed has no such invoice.
        LeaseNotHeld: if it is not held under this lease.
    """
    before = await work.feed.get(invoice_id)
    if await work.feed.rejected_under(invoice_id, lease_id):
        return before
    after = before.reject(lease_id=lease_id, retryable=refusal.retryable)
    reason = f"rejected: {refusal.message_class} {refusal.message_number} {refusal.text}"
    await work.feed.save(before, after, at=now, reason=reason)
    work.outbox.add(
        SapDocumentRejected(
            event_id=derive_id("sap-rejected", str(work.tenant_id), str(invoice_id), str(lease_id)),
            occurred_at=now,
            tenant_id=work.tenant_id,
            correlation_id=correlation_id,
            invoice_id=invoice_id,
            invoice_number=before.number,
            consumer=before.consumer or "",
            message_class=refusal.message_class,
            message_number=refusal.message_number,
            text=refusal.text,
            retryable=refusal.retryable,
        )
    )
    return after
