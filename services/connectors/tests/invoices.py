"""Approved invoices for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4  # noqa: TID251 - a test draws what it likes

from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.invoices import (
    InvoiceApproved,
    InvoiceItem,
    InvoiceTax,
    InvoiceWithholding,
)
from premia_common.money import Money


def euro(amount: str) -> MoneyOut:
    return MoneyOut.of(Money(amount, "EUR"))


def approved_invoice(
    tenant_id: UUID, number: str, *, invoice_id: UUID | None = None
) -> InvoiceApproved:
    """Return an invoice of 1,000.00 with VAT of 220.00 and 230.00 withheld."""
    return InvoiceApproved(
        event_id=uuid4(),
        occurred_at=datetime(2026, 3, 10, 11, 0, tzinfo=UTC),
        tenant_id=tenant_id,
        correlation_id=uuid4(),
        invoice_id=invoice_id or uuid4(),
        number=number,
        payee_id=uuid4(),
        principal_id=uuid4(),
        statement_id=uuid4(),
        statement_revision=1,
        period="2026-02",
        net=euro("990.00"),
        content_hash="ab" * 32,
        company_code="1000",
        supplier_number="0000700042",
        document_date=date(2026, 3, 9),
        posting_date=date(2026, 3, 10),
        currency="EUR",
        taxable=euro("1000.00"),
        vat=euro("220.00"),
        withholding=euro("230.00"),
        gross=euro("1220.00"),
        items=(
            InvoiceItem(
                item_no=1,
                text="Provvigioni febbraio 2026",
                plan="agency-energy-2026",
                component="base",
                competence="2026-02",
                gl_account="0000620100",
                cost_center="SALES-IT",
                tax_code="V1",
                amount=euro("1000.00"),
            ),
        ),
        taxes=(
            InvoiceTax(
                tax_code="V1", rate=Decimal("0.22"), base=euro("1000.00"), amount=euro("220.00")
            ),
        ),
        withholdings=(
            InvoiceWithholding(
                type_code="RA", tax_code="01", base=euro("1000.00"), amount=euro("230.00")
            ),
        ),
        approved_at=datetime(2026, 3, 10, 11, 0, tzinfo=UTC),
    )
