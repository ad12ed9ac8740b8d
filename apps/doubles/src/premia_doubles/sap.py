"""SAP as a reader: pulls approved invoices with an OData client and books them once each."""

import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyodata
import requests
from pyodata.exceptions import HttpError

_PASSING = frozenset({502, 503, 504})
SERVICE = "/odata/v2/ICM_INVOICE_SRV/"


class PostedTwice(Exception):
    """Raised when an invoice that is in the books would be booked again."""


class FeedRefused(Exception):
    """Raised when the feed answers with an error."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One accounting document in SAP's books."""

    document: str
    company_code: str
    fiscal_year: str
    supplier: str
    reference: str
    gross: Decimal
    withholding: Decimal
    posted_on: date
    lease_id: str


@dataclass
class Books:
    """SAP's ledger, as far as supplier invoices go.  It survives the reader."""

    postings: dict[tuple[str, str, str], Posting] = field(default_factory=dict)
    """By company code, supplier and our reference: SAP's own check for duplicates."""
    next_number: int = 5_105_600_001

    def post(self, invoice: Any, posted_on: date) -> Posting:
        """Book an invoice, or return its posting if it is in the books already.

        Raises:
            PostedTwice: if it is in the books, and the feed gave it out anew without saying that
                it may be there.
        """
        key = (invoice.CompanyCode, invoice.SupplierNumber, invoice.InvoiceNumber)
        known = self.postings.get(key)
        if known is not None:
            if not invoice.MaybePosted and known.lease_id != invoice.LeaseId:
                raise PostedTwice(f"{invoice.InvoiceNumber} is booked as {known.document}")
            return known
        posting = Posting(
            document=str(self.next_number),
            company_code=invoice.CompanyCode,
            fiscal_year=str(posted_on.year),
            supplier=invoice.SupplierNumber,
            reference=invoice.InvoiceNumber,
            gross=Decimal(invoice.GrossAmount),
            withholding=Decimal(invoice.WithholdingAmount),
            posted_on=posted_on,
            lease_id=invoice.LeaseId,
        )
        self.next_number += 1
        self.postings[key] = posting
        return posting

    @property
    def total(self) -> Decimal:
        """What all booked invoices add up to, before withholding."""
        return sum((posting.gross for posting in self.postings.values()), Decimal(0))


class SapReader:
    """Acquires, books and acknowledges, as a scheduled job in SAP would."""

    def __init__(
        self,
        base_url: str,
        token: str,
        books: Books,
        *,
        consumer: str = "SAP-PRD-100",
        patience_seconds: float = 0,
    ) -> None:
        """Open the feed: its metadata is read here.

        A call that gets no answer is repeated until `patience_seconds` are over.
        """
        session = requests.Session()
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        self._patience_seconds = patience_seconds
        address = f"{base_url.rstrip('/')}{SERVICE}"
        self._client = self._answer(lambda: pyodata.Client(address, session))
        self._books = books
        self._consumer = consumer

    def acquire(self, limit: int = 100) -> list[Any]:
        """Return a leased batch; asked again before it is acknowledged, the same one.

        Raises:
            FeedRefused: if the feed answers with an error.
        """
        call = self._client.functions.AcquireBatch
        call = call.parameter("Consumer", self._consumer).parameter("MaxCount", limit)
        return list(self._answer(call.execute))

    def acknowledge(self, invoice: Any, posting: Posting) -> None:
        """Tell the feed under which document an invoice is booked; may be told again.

        Raises:
            FeedRefused: if the feed answers with an error.
        """
        call = self._client.functions.Acknowledge
        for name, value in (
            ("InvoiceUuid", invoice.InvoiceUuid),
            ("LeaseId", invoice.LeaseId),
            ("ContentHash", invoice.ContentHash),
            ("AccountingDocument", posting.document),
            ("FiscalYear", posting.fiscal_year),
            ("CompanyCode", posting.company_code),
            ("PostingDate", datetime.combine(posting.posted_on, time(), tzinfo=UTC)),
        ):
            call = call.parameter(name, value)
        self._answer(call.execute)

    def pull(self, posted_on: date) -> Iterator[Posting]:
        """Book and acknowledge batch after batch until the feed has no more."""
        while batch := self.acquire():
            for invoice in batch:
                posting = self._books.post(invoice, posted_on)
                self.acknowledge(invoice, posting)
                yield posting

    def _answer(self, ask: Callable[[], Any]) -> Any:
        deadline = clock.monotonic() + self._patience_seconds
        while True:
            try:
                return ask()
            except requests.ConnectionError as error:
                if clock.monotonic() > deadline:
                    raise FeedRefused(f"the invoice feed does not answer: {error}") from error
                clock.sleep(0.2)
            except HttpError as error:
                answer = error.response
                passing = answer is not None and answer.status_code in _PASSING
                if passing and clock.monotonic() < deadline:
                    clock.sleep(0.2)
                    continue
                text = answer.text if answer is not None else str(error)
                raise FeedRefused(f"the invoice feed refused: {text[:300]}") from error
