"""SAP's books: an invoice is booked once, however often it is delivered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from premia_doubles.sap import Books, PostedTwice

DAY = date(2026, 2, 28)


@dataclass
class Invoice:
    InvoiceNumber: str = "PF-2026-000001"
    CompanyCode: str = "1000"
    SupplierNumber: str = "100014"
    GrossAmount: str = "1220.10"
    WithholdingAmount: str = "115.00"
    MaybePosted: bool = False
    LeaseId: str = "lease-1"


def test_an_invoice_is_booked_under_the_next_number() -> None:
    books = Books()

    first = books.post(Invoice(), DAY)
    second = books.post(Invoice(InvoiceNumber="PF-2026-000002"), DAY)

    assert (first.document, second.document) == ("5105600001", "5105600002")
    assert (first.fiscal_year, first.gross) == ("2026", Decimal("1220.10"))
    assert books.total == Decimal("2440.20")


def test_an_invoice_that_may_be_booked_is_looked_up_instead() -> None:
    books = Books()
    first = books.post(Invoice(), DAY)

    assert books.post(Invoice(MaybePosted=True, LeaseId="lease-2"), DAY) == first
    assert books.post(Invoice(), DAY) == first  # the same lease, asked for again
    assert books.total == Decimal("1220.10")


def test_the_same_invoice_delivered_as_new_is_an_alarm() -> None:
    books = Books()
    books.post(Invoice(), DAY)

    with pytest.raises(PostedTwice, match="is booked as 5105600001"):
        books.post(Invoice(LeaseId="lease-2"), DAY)
