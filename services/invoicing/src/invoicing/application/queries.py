"""What screens list and show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from invoicing.application.document_payload import PreparedPayload
from invoicing.application.ports import Posting, Rejection, RenderedFile
from invoicing.application.tax_records import TaxRecord
from invoicing.domain.fiscal_profile import FiscalProfile
from invoicing.domain.posting_rules import PostingRules
from invoicing.domain.pro_forma import Document


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list: its head, dates and totals."""

    document: Document
    currency: str
    taxable: Decimal
    vat: Decimal
    withholding: Decimal
    net: Decimal
    document_date: date | None
    due_on: date | None
    pdf_sha256: str | None


@dataclass(frozen=True, slots=True)
class DocumentStep:
    """One transition of a document."""

    version: int
    from_status: str | None
    to_status: str
    at: datetime
    by: UUID | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with everything it says and how it came to its status."""

    row: DocumentRow
    payload: PreparedPayload
    digest: str
    history: tuple[DocumentStep, ...]
    posting: Posting | None
    rejection: Rejection | None
    """SAP's last refusal; None once SAP has posted the invoice."""
    file: RenderedFile | None


@dataclass(frozen=True, slots=True)
class TaxAnswerView:
    """An answer that was given to a statement revision."""

    statement_id: UUID
    revision: int
    answer_no: int
    statement_digest: str
    payee_id: UUID
    status: Literal["ok", "blocked"]
    reasons: tuple[str, ...]
    record: TaxRecord
    assumed_payment_on: date
    regime: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows; None leaves a property open."""

    payee_id: UUID | None = None
    principal_id: UUID | None = None
    period: str | None = None
    statuses: tuple[str, ...] = ()


class Queries(Protocol):
    """Reads of one tenant's documents and tax answers."""

    async def documents(
        self, which: DocumentFilter, *, after: tuple[str, UUID] | None, limit: int
    ) -> Sequence[DocumentRow]:
        """Return documents by period and id, newest period first, beginning after one."""
        ...

    async def document(self, document_id: UUID) -> DocumentView | None:
        """Return one document with everything about it."""
        ...

    async def tax_answers(self, statement_id: UUID) -> Sequence[TaxAnswerView]:
        """Return every answer to a statement, revision by revision, the last one last."""
        ...

    async def fiscal_profiles(
        self, *, payee_id: UUID | None, after: UUID | None, limit: int
    ) -> Sequence[FiscalProfile]:
        """Return fiscal profiles in their newest revision by id, beginning after one."""
        ...

    async def fiscal_profile(self, profile_id: UUID) -> FiscalProfile | None:
        """Return a fiscal profile in its newest revision."""
        ...

    async def posting_rules(self, principal_id: UUID) -> PostingRules | None:
        """Return a principal's own posting rules in their newest version."""
        ...


class ReadingWork(Protocol):
    """One tenant's open transaction, for reads."""

    @property
    def queries(self) -> Queries:
        """Reads."""
        ...
