"""Approving accepted documents as invoices, and hearing what SAP did with them."""

from collections.abc import Mapping
from uuid import UUID

from invoicing.application.document_payload import DocumentLine, IssuedPayload
from invoicing.application.ports import (
    InvoicingWork,
    Occasion,
    Posting,
    Rejection,
    Step,
    TaxData,
)
from invoicing.application.tax_records import TaxItemRecord
from invoicing.domain.posting_rules import PostingRules
from invoicing.domain.pro_forma import Document, DocumentStatus
from premia_common.contracts.fields import MoneyOut
from premia_common.contracts.invoices import (
    InvoiceApproved,
    InvoiceItem,
    InvoicePosted,
    InvoiceTax,
    InvoiceWithholding,
)

KIND_TEXT: Mapping[str, str] = {
    "commission": "Provvigioni",
    "bonus": "Premio",
    "advance": "Anticipo provvigioni",
    "recovery": "Storno provvigioni",
    "refund": "Rimborso",
    "balance": "Saldo precedente",
}
LONGEST_TEXT = 50
"""SAP's item text (SGTXT) takes 50 characters."""


async def approve_invoice(
    work: InvoicingWork,
    *,
    document_id: UUID,
    version: int,
    by: UUID,
    data: TaxData,
    occasion: Occasion,
) -> Document:
    """Approve an accepted document and announce it with everything SAP needs.

    Raises:
        DocumentNotFound: if the tenant has no such document.
        DocumentChanged: if it is not in this version.
        StepNotPossible: if the payee has not accepted it.
        ApproverIsMaker: if the approver sent it.
        PostingRuleMissing: if the principal's posting rules lack a part of it.
    """
    document = await work.documents.get(document_id)
    approved = document.approve(version=version, by=by)
    payload = await work.documents.issued(document_id)
    rules = await work.posting_rules.of(document.principal_id) or data.default_posting_rules
    event = _approved(work.tenant_id, approved, payload, rules, occasion)
    await work.documents.move([(approved, Step(occasion.now, by, made_by=document.sent_by))])
    work.outbox.add(event)
    return approved


async def record_posting(
    work: InvoicingWork, *, document_id: UUID, posting: Posting, occasion: Occasion
) -> None:
    """Keep SAP's number of an invoice and announce it; a second word of it changes nothing.

    Raises:
        DocumentNotFound: if the tenant has no such document.
        StepNotPossible: if the invoice was not approved.
    """
    document = await work.documents.get(document_id)
    if document.status is DocumentStatus.POSTED:
        return
    posted = document.post()
    payload = await work.documents.issued(document_id)
    await work.documents.keep_posting(document_id, posting, occasion.now)
    await work.documents.move([(posted, Step(occasion.now, None))])
    work.outbox.add(
        InvoicePosted(
            event_id=occasion.ids.new(),
            occurred_at=occasion.now,
            tenant_id=work.tenant_id,
            correlation_id=occasion.correlation_id,
            causation_id=occasion.causation_id,
            invoice_id=posted.id,
            number=payload.number,
            payee_id=posted.payee_id,
            principal_id=posted.principal_id,
            statement_id=posted.statement_id,
            statement_revision=posted.statement_revision,
            period=posted.period,
            net=payload.tax.net,
            accounting_document=posting.accounting_document,
            fiscal_year=posting.fiscal_year,
            posting_date=posting.posting_date,
        )
    )


async def record_rejection(
    work: InvoicingWork, *, document_id: UUID, event_id: UUID, rejection: Rejection
) -> None:
    """Keep SAP's refusal of an invoice; the invoice stays approved, and SAP may post it yet.

    A refusal may arrive after the posting that followed it: it is kept, and nothing else changes.

    Raises:
        DocumentNotFound: if the tenant has no such document.
        StepNotPossible: if the invoice was not approved.
    """
    document = await work.documents.get(document_id)
    document.expect_with_sap("a rejection")
    await work.documents.keep_rejection(document_id, event_id, rejection)


def _approved(
    tenant_id: UUID,
    document: Document,
    payload: IssuedPayload,
    rules: PostingRules,
    occasion: Occasion,
) -> InvoiceApproved:
    vat_items = [item for item in payload.tax.items if item.code == "vat"]
    vat_code = rules.vat_code(_vat_key(vat_items[0]))
    return InvoiceApproved(
        event_id=occasion.ids.new(),
        occurred_at=occasion.now,
        tenant_id=tenant_id,
        correlation_id=occasion.correlation_id,
        causation_id=occasion.causation_id,
        invoice_id=document.id,
        number=payload.number,
        payee_id=document.payee_id,
        principal_id=document.principal_id,
        statement_id=document.statement_id,
        statement_revision=document.statement_revision,
        period=document.period,
        net=payload.tax.net,
        content_hash=payload.digest,
        company_code=payload.principal.code,
        supplier_number=payload.payee.supplier_number,
        document_date=payload.document_date,
        posting_date=occasion.today,
        currency=payload.currency,
        taxable=payload.tax.taxable,
        vat=payload.tax.vat,
        withholding=payload.tax.withholding,
        gross=MoneyOut(amount=payload.gross, currency=payload.currency),
        items=tuple(_item(line, rules, vat_code) for line in payload.lines),
        taxes=tuple(
            InvoiceTax(
                tax_code=rules.vat_code(_vat_key(item)),
                rate=item.rate,
                base=item.base,
                amount=item.amount,
            )
            for item in vat_items
        ),
        withholdings=_withholdings(payload, rules),
        approved_at=occasion.now,
    )


def _item(line: DocumentLine, rules: PostingRules, vat_code: str) -> InvoiceItem:
    text = f"{KIND_TEXT[line.kind]} {line.competence} {line.component}".strip()
    return InvoiceItem(
        item_no=line.item_no,
        text=text[:LONGEST_TEXT],
        plan=line.plan,
        component=line.component,
        competence=line.competence,
        gl_account=rules.gl_account(line.kind),
        cost_center=rules.cost_center,
        tax_code=vat_code,
        amount=line.amount,
    )


def _withholdings(payload: IssuedPayload, rules: PostingRules) -> tuple[InvoiceWithholding, ...]:
    found = []
    for item in payload.tax.items:
        if item.code == "withholding" and payload.payee.withholding_reason is not None:
            codes = rules.withholding(payload.payee.withholding_reason)
            found.append(
                InvoiceWithholding(
                    type_code=codes.type_code,
                    tax_code=codes.tax_code,
                    base=item.base,
                    amount=item.amount,
                )
            )
    return tuple(found)


def _vat_key(item: TaxItemRecord) -> str:
    """Return the rate in percent, `22`, or the exemption's code, `N2.2`."""
    return item.legal_code or format((item.rate * 100).normalize(), "f")
