"""Bodies of the document routes: pro-formas, and the invoices they become."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from invoicing.application.document_payload import (
    DocumentLine,
    PayeeOnDocument,
    PrincipalOnDocument,
)
from invoicing.application.queries import DocumentRow, DocumentView
from invoicing.application.tax_records import TaxItemRecord
from invoicing.entrypoints.api.problems import ItemProblemOut
from invoicing.entrypoints.api.profile_schemas import In
from premia_common.contracts.fields import MoneyOut
from premia_common.money import Money

Status = Literal["prepared", "sent", "accepted", "disputed", "approved", "posted"]


def _eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


_ID = "0193a000-0000-8000-8000-000000000401"
_ROW_EXAMPLE: dict[str, Any] = {
    "id": _ID,
    "payee_id": "0193a000-0000-7000-8000-000000000101",
    "principal_id": "0193a000-0000-7000-8000-000000000501",
    "statement_id": "0193a000-0000-8000-8000-000000000601",
    "statement_revision": 2,
    "period": "2026-03",
    "status": "sent",
    "version": 3,
    "number": "PF-2026-000017",
    "document_date": "2026-04-10",
    "due_on": "2026-05-10",
    "taxable": _eur("5000.00"),
    "vat": _eur("1100.00"),
    "withholding": _eur("575.00"),
    "gross": _eur("6100.00"),
    "net": _eur("5525.00"),
    "pdf_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


class DocumentOut(BaseModel):
    """A document's head, dates and totals: net = taxable + vat - withholding."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROW_EXAMPLE]})

    id: UUID
    payee_id: UUID
    principal_id: UUID
    statement_id: UUID
    statement_revision: int
    period: str
    status: Status
    version: int
    number: str | None
    document_date: date | None
    due_on: date | None
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    gross: MoneyOut
    net: MoneyOut
    pdf_sha256: str | None

    @classmethod
    def of(cls, row: DocumentRow) -> "DocumentOut":
        """Write a row of a list."""
        return cls.model_validate(row_fields(row))


def row_fields(row: DocumentRow) -> dict[str, Any]:
    """Return the fields that a list and a single document share."""
    document = row.document

    def money(amount: Decimal) -> MoneyOut:
        return MoneyOut.of(Money(amount, row.currency))

    return {
        "id": document.id,
        "payee_id": document.payee_id,
        "principal_id": document.principal_id,
        "statement_id": document.statement_id,
        "statement_revision": document.statement_revision,
        "period": document.period,
        "status": document.status.value,
        "version": document.version,
        "number": document.number,
        "document_date": row.document_date,
        "due_on": row.due_on,
        "taxable": money(row.taxable),
        "vat": money(row.vat),
        "withholding": money(row.withholding),
        "gross": money(row.taxable + row.vat),
        "net": money(row.net),
        "pdf_sha256": row.pdf_sha256,
    }


class DocumentPageOut(BaseModel):
    """A page of documents."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_ROW_EXAMPLE], "next_cursor": None}]}
    )

    items: list[DocumentOut]
    next_cursor: str | None


class DocumentStepOut(BaseModel):
    """One transition of a document; `by` is null where the service itself moved it."""

    version: int
    from_status: str | None
    to_status: str
    at: datetime
    by: UUID | None
    reason: str | None


class PostingOut(BaseModel):
    """SAP's own number of the invoice."""

    accounting_document: str
    fiscal_year: str
    posting_date: date


class RejectionOut(BaseModel):
    """Why SAP did not post the invoice, in SAP's words."""

    message_class: str = Field(examples=["F5"])
    message_number: str = Field(examples=["117"])
    text: str = Field(examples=["Account 100234 is blocked for posting"])
    retryable: bool
    """Whether SAP will be given the invoice again."""
    rejected_at: datetime


class DocumentViewOut(DocumentOut):
    """A document with everything it says, and how it came to its status."""

    digest: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    """SHA-256 of the canonical content; the approved invoice carries it as content hash."""
    principal: PrincipalOnDocument
    payee: PayeeOnDocument
    lines: list[DocumentLine]
    tax_items: list[TaxItemRecord]
    history: list[DocumentStepOut]
    posting: PostingOut | None
    rejection: RejectionOut | None
    """SAP's last refusal; null once SAP has posted the invoice, and for the payee."""

    @classmethod
    def view(cls, view: DocumentView) -> "DocumentViewOut":
        """Write a whole document."""
        payload, posting, rejection = view.payload, view.posting, view.rejection
        return cls.model_validate(
            {
                **row_fields(view.row),
                "digest": view.digest,
                "principal": payload.principal,
                "payee": payload.payee,
                "lines": list(payload.lines),
                "tax_items": list(payload.tax.items),
                "history": [
                    DocumentStepOut(
                        version=step.version,
                        from_status=step.from_status,
                        to_status=step.to_status,
                        at=step.at,
                        by=step.by,
                        reason=step.reason,
                    )
                    for step in view.history
                ],
                "posting": posting
                and PostingOut(
                    accounting_document=posting.accounting_document,
                    fiscal_year=posting.fiscal_year,
                    posting_date=posting.posting_date,
                ),
                "rejection": rejection
                and RejectionOut(
                    message_class=rejection.message_class,
                    message_number=rejection.message_number,
                    text=rejection.text,
                    retryable=rejection.retryable,
                    rejected_at=rejection.rejected_at,
                ),
            }
        )


class DocumentVersionIn(In):
    """A document in the version the caller saw."""

    id: UUID
    version: Annotated[int, Field(ge=1)]


class DocumentVersionsIn(In):
    """Up to 500 documents."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": _ID, "version": 1}]}]}
    )

    items: Annotated[list[DocumentVersionIn], Field(min_length=1, max_length=500)]


class DisputeIn(In):
    """Why the payee objects."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Manca il contratto 4711 di marzo."}]}
    )

    reason: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]*$"
        ),
    ]


class DocumentStateOut(BaseModel):
    """Where a document stands after a step."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": _ID, "status": "accepted", "version": 4, "number": "PF-2026-000017"}
            ]
        }
    )

    id: UUID
    status: Status
    version: int
    number: str | None


class DocumentResultOut(BaseModel):
    """What became of one document of a batch, at the same place as in the request."""

    index: int
    id: UUID
    result: Literal["sent", "approved", "refused"]
    status: Status | None
    version: int | None
    number: str | None
    problem: ItemProblemOut | None


class DocumentResultsOut(BaseModel):
    """One result per item, in the order of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "index": 0,
                            "id": _ID,
                            "result": "sent",
                            "status": "sent",
                            "version": 3,
                            "number": "PF-2026-000017",
                            "problem": None,
                        }
                    ]
                }
            ]
        }
    )

    items: list[DocumentResultOut]
