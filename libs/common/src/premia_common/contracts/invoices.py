"""What invoicing publishes: tax items, pro-forma documents, approved invoices."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from premia_common.contracts.envelope import Event
from premia_common.contracts.fields import (
    DecimalText,
    Instant,
    MoneyOut,
    MonthText,
    Part,
    Sha256,
)

PUBLISHER = "invoicing"


class _InvoicingEvent(Event):
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"


class TaxItem(Part):
    """One tax amount with the rule that gave it."""

    code: str
    """vat, withholding, stamp, …"""
    rule: str
    """Regime, version and component id of the rule."""
    base: MoneyOut
    rate: DecimalText
    """A ratio: 0.22 is 22 %."""
    amount: MoneyOut
    effect: Literal["added", "deducted", "information"]
    """What it does to the payee's net."""


class TaxItemsCalculated(_InvoicingEvent):
    """The answer to one statement revision: its tax items, or why there are none."""

    type: ClassVar[str] = "premia.tax_items.calculated.v1"
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "snapshot"

    statement_id: UUID
    revision: int
    statement_digest: Sha256
    status: Literal["ok", "blocked"]
    reasons: tuple[str, ...]
    items: tuple[TaxItem, ...]
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    net: MoneyOut
    assumed_payment_on: date | None = None
    """A draft assumes the due date as payment date."""

    @property
    def subject(self) -> str:
        return str(self.statement_id)


class _DocumentEvent(_InvoicingEvent):
    invoice_id: UUID
    number: str
    payee_id: UUID
    principal_id: UUID
    statement_id: UUID
    statement_revision: int
    period: MonthText
    net: MoneyOut

    @property
    def subject(self) -> str:
        return str(self.invoice_id)


class ProFormaSent(_DocumentEvent):
    """A numbered pro-forma went to the payee."""

    type: ClassVar[str] = "premia.pro_forma.sent.v1"

    pdf_sha256: Sha256


class ProFormaAccepted(_DocumentEvent):
    """The payee accepted its pro-forma."""

    type: ClassVar[str] = "premia.pro_forma.accepted.v1"

    accepted_at: Instant


class ProFormaDisputed(_DocumentEvent):
    """The payee objects to its pro-forma; it waits until it is accepted after all."""

    type: ClassVar[str] = "premia.pro_forma.disputed.v1"

    reason: str


class InvoiceItem(Part):
    """One line of an approved invoice."""

    item_no: int
    text: str
    plan: str
    component: str
    competence: MonthText
    gl_account: str
    cost_center: str
    tax_code: str
    amount: MoneyOut


class InvoiceTax(Part):
    """The VAT of one rate."""

    tax_code: str
    rate: DecimalText
    base: MoneyOut
    amount: MoneyOut


class InvoiceWithholding(Part):
    """What is withheld under one code."""

    type_code: str
    tax_code: str
    base: MoneyOut
    amount: MoneyOut


class InvoiceApproved(_DocumentEvent):
    """A second person approved the invoice: it never changes, and SAP may pull it."""

    type: ClassVar[str] = "premia.invoice.approved.v1"

    content_hash: Sha256
    company_code: str
    supplier_number: str
    document_date: date
    posting_date: date
    currency: str
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    gross: MoneyOut
    items: tuple[InvoiceItem, ...]
    taxes: tuple[InvoiceTax, ...]
    withholdings: tuple[InvoiceWithholding, ...]
    approved_at: Instant


class InvoicePosted(_DocumentEvent):
    """SAP has the invoice in its books."""

    type: ClassVar[str] = "premia.invoice.posted.v1"

    accounting_document: str
    fiscal_year: str
    posting_date: date
