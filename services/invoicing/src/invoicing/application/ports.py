"""What the use cases need from outside, in the words of the domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from invoicing.application.document_payload import IssuedPayload, PreparedPayload
from invoicing.application.tax_records import TaxRecord
from invoicing.domain.fiscal_profile import ApprovedProfile, FiscalProfile
from invoicing.domain.numbering import DocumentNumber
from invoicing.domain.party import Mandate, Payee, Principal
from invoicing.domain.posting_rules import PostingRules
from invoicing.domain.pro_forma import Document
from invoicing.domain.statement import StatementRevision
from invoicing.domain.tax_answer import TaxAnswer
from invoicing.domain.tax_regime import TaxRegime
from premia_common.contracts.envelope import Event


class Ids(Protocol):
    """Draws identifiers."""

    def new(self) -> UUID:
        """Return an identifier never returned before."""
        ...


class Outbox(Protocol):
    """Takes the events that this transaction announces."""

    def add(self, event: Event) -> None:
        """Announce an event if, and only if, the transaction commits."""
        ...


class PartyRepository(Protocol):
    """Principals, payees and mandates as snapshots: an older one is kept and not applied."""

    async def record(self, snapshot: Principal | Payee | Mandate) -> None:
        """Keep a snapshot; a version that is here already changes nothing."""
        ...

    async def principal(self, principal_id: UUID) -> Principal | None:
        """Return a principal in its newest version."""
        ...

    async def payee(self, payee_id: UUID) -> Payee | None:
        """Return a payee in its newest version."""
        ...


class StatementRepository(Protocol):
    """Statement revisions and approvals as they were announced."""

    async def record(self, statement: StatementRevision, at: datetime) -> None:
        """Keep a revision; the same one again changes nothing.

        Raises:
            StatementRevisionDiffers: if the revision is here with another digest.
        """
        ...

    async def approve(self, statement: StatementRevision, by: UUID, at: datetime) -> bool:
        """Keep an approval; say whether it is new.

        Raises:
            StatementAlreadyInvoiced: if another revision was approved before.
        """
        ...

    async def blocked(self, payee_id: UUID) -> Sequence[StatementRevision]:
        """Return the payee's current revisions whose last answer is blocked."""
        ...

    async def waiting(
        self, *, payee_id: UUID | None = None, principal_id: UUID | None = None
    ) -> Sequence[StatementRevision]:
        """Return approved revisions with something payable that have no document yet."""
        ...


class TaxAnswerRepository(Protocol):
    """Answers to statement revisions, insert-only."""

    async def add(
        self, answer: TaxAnswer, record: TaxRecord, *, payee_id: UUID, at: datetime
    ) -> None:
        """Keep an answer after those given before."""
        ...

    async def given(self, statement_id: UUID, revision: int) -> int:
        """Return how many answers a revision was given."""
        ...


class FiscalProfileRepository(Protocol):
    """Fiscal profiles."""

    async def find(self, profile_id: UUID) -> FiscalProfile | None:
        """Return a profile in its newest revision, locked until the transaction ends."""
        ...

    async def add(self, profile: FiscalProfile) -> None:
        """Keep a profile's first revision."""
        ...

    async def revise(self, profile: FiscalProfile) -> None:
        """Keep a profile's next revision."""
        ...

    async def approve(self, profile: FiscalProfile, at: datetime) -> None:
        """Keep the approval of a profile's newest revision."""
        ...

    async def approved(self, payee_id: UUID) -> Sequence[ApprovedProfile]:
        """Return the approved revision of each of the payee's profiles."""
        ...

    async def approved_of_all(
        self, payee_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[ApprovedProfile]]:
        """Return the approved revision of each profile of these payees, by payee."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Who moved a document, when and why.

    `made_by` is who made what is decided on, for a step that needs a second person.
    """

    at: datetime
    by: UUID | None
    """None when the service itself moved it."""
    reason: str | None = None
    made_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A stored PDF."""

    address: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Posting:
    """SAP's own number of an invoice."""

    accounting_document: str
    fiscal_year: str
    posting_date: date


@dataclass(frozen=True, slots=True)
class Rejection:
    """SAP's word that it cannot post an invoice, in SAP's own terms."""

    message_class: str
    message_number: str
    text: str
    retryable: bool
    """Whether SAP will be given the same invoice again."""
    rejected_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """A document that was given its number and final content."""

    document: Document
    number: DocumentNumber
    payload: IssuedPayload


class DocumentRepository(Protocol):
    """Documents: their payloads, transitions and heads."""

    async def prepare(self, document: Document, payload: PreparedPayload, step: Step) -> None:
        """Keep a new document."""
        ...

    async def get(self, document_id: UUID) -> Document:
        """Return a document, locked until the transaction ends.

        Raises:
            DocumentNotFound: if the tenant has none of this id.
        """
        ...

    async def get_many(self, document_ids: Sequence[UUID]) -> Mapping[UUID, Document]:
        """Return those documents that there are, locked until the transaction ends."""
        ...

    async def prepared(self, document_ids: Sequence[UUID]) -> Mapping[UUID, PreparedPayload]:
        """Return what was prepared."""
        ...

    async def issued(self, document_id: UUID) -> IssuedPayload:
        """Return what was issued.

        Raises:
            DocumentNotFound: if the document has no number yet.
        """
        ...

    async def issued_many(self, document_ids: Sequence[UUID]) -> Mapping[UUID, IssuedPayload]:
        """Return what was issued, of those that were."""
        ...

    async def issue(self, issues: Sequence[Issue], at: datetime) -> None:
        """Keep the numbers and the final contents of documents."""
        ...

    async def keep_files(self, files: Mapping[UUID, RenderedFile], at: datetime) -> None:
        """Keep where the PDFs of documents lie."""
        ...

    async def move(self, moves: Sequence[tuple[Document, Step]]) -> None:
        """Keep the new status of documents and how they came to it."""
        ...

    async def keep_posting(self, document_id: UUID, posting: Posting, at: datetime) -> None:
        """Keep SAP's number of an invoice."""
        ...

    async def keep_rejection(self, document_id: UUID, event_id: UUID, rejection: Rejection) -> None:
        """Keep SAP's refusal of an invoice; the same one again changes nothing."""
        ...


class NumberRepository(Protocol):
    """Counters: one row per principal, series and year."""

    async def take(
        self, principal_id: UUID, series: str, year: int, count: int
    ) -> Sequence[DocumentNumber]:
        """Return the next numbers; the counter stays locked until the transaction ends.

        A rollback gives the numbers back, so there is never a gap.
        """
        ...


class PostingRuleRepository(Protocol):
    """Posting rules of principals, versions insert-only."""

    async def of(self, principal_id: UUID) -> PostingRules | None:
        """Return a principal's rules in their newest version."""
        ...

    async def add(self, principal_id: UUID, rules: PostingRules, by: UUID, at: datetime) -> None:
        """Keep a principal's next version."""
        ...


class InvoicingWork(Protocol):
    """One tenant's open transaction."""

    @property
    def tenant_id(self) -> UUID:
        """Whose transaction it is."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Where its events go."""
        ...

    @property
    def parties(self) -> PartyRepository:
        """Principals, payees and mandates."""
        ...

    @property
    def statements(self) -> StatementRepository:
        """Statement revisions."""
        ...

    @property
    def answers(self) -> TaxAnswerRepository:
        """Answers to them."""
        ...

    @property
    def profiles(self) -> FiscalProfileRepository:
        """Fiscal profiles."""
        ...

    @property
    def documents(self) -> DocumentRepository:
        """Documents."""
        ...

    @property
    def numbers(self) -> NumberRepository:
        """Their numbers."""
        ...

    @property
    def posting_rules(self) -> PostingRuleRepository:
        """Posting rules."""
        ...


@dataclass(frozen=True, slots=True)
class TaxData:
    """The regimes in force and the posting rules of principals without their own."""

    regimes: tuple[TaxRegime, ...]
    default_posting_rules: PostingRules


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a use case runs, which day that is for the business, and what it belongs to."""

    now: datetime
    today: date
    """The local date of the tenant's zone."""
    correlation_id: UUID
    ids: Ids
    causation_id: UUID | None = None
