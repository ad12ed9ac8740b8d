"""The feed of approved invoices: lease, acknowledgement and rejection of one entry."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST_DELIVERIES = 5
"""After so many leases without an answer a person must look."""


class FeedStatus(StrEnum):
    """Where an entry stands between us and SAP."""

    READY = "READY"
    LEASED = "LEASED"
    POSTED = "POSTED"
    REJECTED = "REJECTED"
    NEEDS_HUMAN = "NEEDS_HUMAN"


class InvoiceNotInFeed(LookupError):
    """Raised when the feed has no such invoice."""

    def __init__(self, invoice_id: UUID | str) -> None:
        super().__init__(f"the feed has no invoice {invoice_id}")


class LeaseNotHeld(Exception):
    """Raised when an answer names a lease under which the invoice is not given out."""

    def __init__(self, invoice_id: UUID, status: FeedStatus) -> None:
        super().__init__(
            f"invoice {invoice_id} is {status.value} and not held under this lease; "
            "acquire a batch and answer with its LeaseId"
        )


class ContentDiffers(Exception):
    """Raised when SAP answers for another content than the one approved."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(
            f"invoice {invoice_id} has another ContentHash; read it again and compare before "
            "answering"
        )


class OtherCompanyCode(Exception):
    """Raised when SAP answers for another company code than the invoice's."""

    def __init__(self, invoice_id: UUID, expected: str) -> None:
        super().__init__(f"invoice {invoice_id} belongs to company code {expected}")


class PostedTwice(Exception):
    """Raised when SAP names a second accounting document for an invoice that is posted."""

    def __init__(self, invoice_id: UUID, first: "SapDocument", second: "SapDocument") -> None:
        super().__init__(
            f"invoice {invoice_id} is posted as {first.number}/{first.fiscal_year}; "
            f"{second.number}/{second.fiscal_year} is a second posting.  An alarm is recorded: "
            "reverse one of the two in SAP"
        )


@dataclass(frozen=True, slots=True)
class SapDocument:
    """An accounting document of SAP."""

    number: str
    fiscal_year: str
    company_code: str
    posting_date: date

    def is_same(self, other: "SapDocument") -> bool:
        """Say whether both name one document; the key is company code, number and year."""
        return (self.company_code, self.number, self.fiscal_year) == (
            other.company_code,
            other.number,
            other.fiscal_year,
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One approved invoice on its way to SAP."""

    invoice_id: UUID
    change_seq: int
    number: str
    company_code: str
    content_hash: str
    status: FeedStatus = FeedStatus.READY
    lease_id: UUID | None = None
    consumer: str | None = None
    lease_until: datetime | None = None
    delivery_count: int = 0
    maybe_posted: bool = False
    document: SapDocument | None = None

    def is_free(self, now: datetime) -> bool:
        """Say whether it may be given out: ready, or its lease ran out unanswered."""
        if self.status is FeedStatus.READY:
            return True
        return (
            self.status is FeedStatus.LEASED
            and self.lease_until is not None
            and self.lease_until <= now
        )

    def lease(self, *, to: str, lease_id: UUID, now: datetime, seconds: int) -> "Delivery":
        """Return the entry given out; one whose lease ran out says that it may be posted already.

        An entry given out too often without an answer needs a person instead.
        """
        ran_out = self.status is FeedStatus.LEASED
        if ran_out and self.delivery_count >= MOST_DELIVERIES:
            return replace(self, status=FeedStatus.NEEDS_HUMAN, lease_until=None, maybe_posted=True)
        return replace(
            self,
            status=FeedStatus.LEASED,
            lease_id=lease_id,
            consumer=to,
            lease_until=now + timedelta(seconds=seconds),
            delivery_count=self.delivery_count + 1,
            maybe_posted=self.maybe_posted or ran_out,
        )

    def acknowledge(
        self, document: SapDocument, *, content_hash: str, under_known_lease: bool
    ) -> "Delivery":
        """Return the entry as posted; the same document again changes nothing.

        An answer under an earlier, expired lease is believed: the posting did happen.

        Raises:
            PostedTwice: if another document was acknowledged before.
            ContentDiffers: if the hash is not the approved one.
            OtherCompanyCode: if the document is in another company code.
            LeaseNotHeld: if the invoice was never given out under this lease, or was given back.
        """
        if self.document is not None:
            if not self.document.is_same(document):
                raise PostedTwice(self.invoice_id, self.document, document)
            return self
        if content_hash != self.content_hash:
            raise ContentDiffers(self.invoice_id)
        if document.company_code != self.company_code:
            raise OtherCompanyCode(self.invoice_id, self.company_code)
        answerable = (FeedStatus.LEASED, FeedStatus.NEEDS_HUMAN)
        if not under_known_lease or self.status not in answerable:
            raise LeaseNotHeld(self.invoice_id, self.status)
        return replace(self, status=FeedStatus.POSTED, lease_until=None, document=document)

    def reject(self, *, lease_id: UUID, retryable: bool) -> "Delivery":
        """Return the entry as refused by SAP: ready again if a retry can help.

        Raises:
            LeaseNotHeld: if it is not held under this lease.
        """
        if self.status is not FeedStatus.LEASED or self.lease_id != lease_id:
            raise LeaseNotHeld(self.invoice_id, self.status)
        status = FeedStatus.READY if retryable else FeedStatus.REJECTED
        return replace(
            self, status=status, lease_id=None, consumer=None, lease_until=None, maybe_posted=False
        )
