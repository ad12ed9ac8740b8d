"""A pro-forma and the invoice it becomes: one document with one life."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from invoicing.domain.four_eyes import ApproverIsMaker


class DocumentStatus(StrEnum):
    """The states of a document, in the words of the glossary."""

    PREPARED = "prepared"
    SENT = "sent"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    APPROVED = "approved"
    POSTED = "posted"


class DocumentNotFound(Exception):
    """Raised when the caller has no such document."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"There is no document {document_id} for you.  Check the id.")


class DocumentChanged(Exception):
    """Raised when a document is not in the version the caller has seen."""

    def __init__(self, document_id: UUID, version: int) -> None:
        self.version = version
        super().__init__(
            f"Document {document_id} is in version {version}.  Read it again, then decide."
        )


class StepNotPossible(Exception):
    """Raised when a document's status does not allow a step."""

    def __init__(self, document_id: UUID, status: DocumentStatus, step: str, needed: str) -> None:
        self.status = status
        super().__init__(
            f"Document {document_id} is {status.value}; {step} needs it to be {needed}."
        )


class NotYetRendered(Exception):
    """Raised when the PDF of a document is asked for before the document was sent."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"Document {document_id} has no PDF yet.  Send it first.")


class StatementAlreadyInvoiced(Exception):
    """Raised when another revision of a statement already has a document."""

    def __init__(self, statement_id: UUID, revision: int) -> None:
        super().__init__(
            f"Statement {statement_id} was invoiced in revision {revision}; differences belong "
            "to the statement of a later period."
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A document's head: who it is for and where it stands."""

    id: UUID
    payee_id: UUID
    principal_id: UUID
    statement_id: UUID
    statement_revision: int
    period: str
    status: DocumentStatus
    version: int
    number: str | None
    """None until the document is numbered."""
    sent_by: UUID | None
    """Who had it numbered."""

    def number_it(self, number: str, *, version: int, by: UUID) -> "Document":
        """Return the document with its number; it is sent once its PDF is stored.

        Raises:
            DocumentChanged: if it is not in the version the caller names.
            StepNotPossible: if it has a number already.
        """
        self._expect(version)
        if self.status is not DocumentStatus.PREPARED or self.number is not None:
            raise StepNotPossible(self.id, self.status, "sending", "prepared and without a number")
        return replace(self, number=number, sent_by=by, version=self.version + 1)

    def send(self) -> "Document":
        """Return the document as sent.

        Raises:
            StepNotPossible: if it has no number yet, or was sent before.
        """
        if self.status is not DocumentStatus.PREPARED or self.number is None:
            raise StepNotPossible(self.id, self.status, "sending", "prepared and numbered")
        return self._step(DocumentStatus.SENT)

    def accept(self, *, version: int) -> "Document":
        """Return the document as its payee accepted it.

        Raises:
            DocumentChanged: if it is not in the version the caller names.
            StepNotPossible: if it was not sent, or is past acceptance.
        """
        self._expect(version)
        self._need("acceptance", DocumentStatus.SENT, DocumentStatus.DISPUTED)
        return self._step(DocumentStatus.ACCEPTED)

    def dispute(self, *, version: int) -> "Document":
        """Return the document as its payee disputes it.

        Raises:
            DocumentChanged: if it is not in the version the caller names.
            StepNotPossible: if it is not waiting for the payee.
        """
        self._expect(version)
        self._need("a dispute", DocumentStatus.SENT)
        return self._step(DocumentStatus.DISPUTED)

    def approve(self, *, version: int, by: UUID) -> "Document":
        """Return the approved invoice.

        Raises:
            DocumentChanged: if it is not in the version the caller names.
            StepNotPossible: if the payee has not accepted it.
            ApproverIsMaker: if the approver sent it.
        """
        self._expect(version)
        self._need("approval", DocumentStatus.ACCEPTED)
        if by == self.sent_by:
            raise ApproverIsMaker(f"document {self.id}", by)
        return self._step(DocumentStatus.APPROVED)

    def post(self) -> "Document":
        """Return the invoice as SAP has it in its books.

        Raises:
            StepNotPossible: if it was not approved.
        """
        self._need("posting", DocumentStatus.APPROVED)
        return self._step(DocumentStatus.POSTED)

    def expect_with_sap(self, step: str) -> None:
        """Do nothing if SAP may have an answer to the invoice.

        Raises:
            StepNotPossible: if it was not approved.
        """
        self._need(step, DocumentStatus.APPROVED, DocumentStatus.POSTED)

    def _step(self, status: DocumentStatus) -> "Document":
        return replace(self, status=status, version=self.version + 1)

    def _need(self, step: str, *allowed: DocumentStatus) -> None:
        if self.status not in allowed:
            needed = " or ".join(status.value for status in allowed)
            raise StepNotPossible(self.id, self.status, step, needed)

    def _expect(self, version: int) -> None:
        if version != self.version:
            raise DocumentChanged(self.id, self.version)
