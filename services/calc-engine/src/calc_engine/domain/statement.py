"""A payee's statement: revisions calculated by runs, from draft to approved."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.total import Total
from premia_common.money import Money
from premia_common.periods import Month


class StatementStatus(Enum):
    """Where the current revision is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"


class StatementNotFound(LookupError):
    """Raised when the caller can see no such statement."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"There is no statement {statement_id}.")


class LineNotFound(LookupError):
    """Raised when a statement's current revision has no such line."""

    def __init__(self, statement_id: UUID, line_id: UUID) -> None:
        super().__init__(f"Statement {statement_id} has no line {line_id}.")


class AccountNotMoved(LookupError):
    """Raised when there is nothing to explain of an account on a statement."""

    def __init__(self, statement_id: UUID, number: int) -> None:
        super().__init__(
            f"Statement {statement_id} has no account {number}, or nothing moved it; an earlier "
            "statement says how it came to stand there."
        )


class StatementNotSubmittable(Exception):
    """Raised when a statement that is not a draft is submitted."""

    def __init__(self, statement_id: UUID, status: StatementStatus) -> None:
        super().__init__(
            f"Statement {statement_id} is {status.value}; only a draft can be submitted."
        )


class StatementNotApprovable(Exception):
    """Raised when a statement is approved outside review."""

    def __init__(self, statement_id: UUID, status: StatementStatus) -> None:
        super().__init__(
            f"Statement {statement_id} is {status.value}; only a statement in review can be "
            "approved. Submit its run for review first."
        )


class StatementChanged(Exception):
    """Raised when an approval names a revision or a digest that is not the current one."""

    def __init__(self, statement_id: UUID, revision: int) -> None:
        super().__init__(
            f"Statement {statement_id} is now at revision {revision}, or its digest differs from "
            "the one given; read it again and approve what you have read."
        )


class ApproverIsMaker(Exception):
    """Raised when the second person is the first one."""

    def __init__(self, thing: str) -> None:
        super().__init__(f"You made or submitted {thing}; another person must approve it.")


class TaxNotOk(Exception):
    """Raised when a statement is approved while its tax is unanswered or blocked."""

    def __init__(self, statement_id: UUID, tax: "TaxAnswer | None") -> None:
        reasons = "; ".join(tax.reasons) if tax else "invoicing has not answered this revision yet"
        super().__init__(
            f"The tax of statement {statement_id} is not ok: {reasons}. Cure it, or accept the "
            "block by name with accept_blocked."
        )


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What invoicing said about the tax of one revision."""

    revision: int
    status: str
    reasons: tuple[str, ...]
    net: Money | None

    @property
    def is_ok(self) -> bool:
        """Say whether nothing stands in the way of approval."""
        return self.status == "ok"


@dataclass(frozen=True, slots=True)
class AcceptedBlock:
    """A tax block that the approver takes on by name."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its current revision.

    `version` grows with every change of the head and is what `If-Match` names.
    """

    statement_id: UUID
    payee_id: UUID
    principal_id: UUID
    period: Month
    currency: str
    revision: int
    digest: str
    run_id: UUID
    made_by: UUID
    made_at: datetime
    status: StatementStatus
    version: int
    totals: tuple[Total, ...]
    brought_forward: Money
    held: Money
    payable: Money
    carried_forward: Money
    lines_address: str
    lines_sha256: str
    submitted_by: UUID | None
    approved_by: UUID | None
    approved_at: datetime | None
    tax: TaxAnswer | None
    receivable: Money
    """What the payee has to pay back at leaving."""
    accepted_block: AcceptedBlock | None = None
    stated: StatedIn | None = None
    """The same figures where the statement has another currency than the plan, `currency`."""

    @property
    def kept(self) -> Money:
        """How much of the lines says that the pay is too small to be paid, zero or negative."""
        own = (item.amount.amount for item in self.totals if item.movement == "carried_out")
        return Money(sum(own, Decimal(0)), self.currency)

    @property
    def total(self) -> Money:
        """The sum of the current revision's lines."""
        amounts = (total.amount.amount for total in self.totals)
        return Money(sum(amounts, Decimal(0)), self.currency)

    def submit(self, *, by: UUID) -> "Statement":
        """Return the statement in review.

        Raises:
            StatementNotSubmittable: if it is not a draft.
        """
        if self.status is not StatementStatus.DRAFT:
            raise StatementNotSubmittable(self.statement_id, self.status)
        return replace(
            self, status=StatementStatus.IN_REVIEW, submitted_by=by, version=self.version + 1
        )

    def approve(
        self,
        *,
        by: UUID,
        at: datetime,
        revision: int,
        digest: str,
        accept_blocked: AcceptedBlock | None,
    ) -> "Statement":
        """Return the approved statement.

        Raises:
            StatementChanged: if `revision` or `digest` is not the current one.
            StatementNotApprovable: if it is not in review.
            ApproverIsMaker: if the approver asked for its calculation or submitted it.
            TaxNotOk: if tax is not ok for this revision, and the block was not accepted by name.
        """
        if revision != self.revision or digest != self.digest:
            raise StatementChanged(self.statement_id, self.revision)
        if self.status is not StatementStatus.IN_REVIEW:
            raise StatementNotApprovable(self.statement_id, self.status)
        if by in {self.made_by, self.submitted_by}:
            raise ApproverIsMaker(f"statement {self.statement_id}")
        answered = self.tax is not None and self.tax.revision == self.revision
        if not (answered and self.tax is not None and self.tax.is_ok) and accept_blocked is None:
            raise TaxNotOk(self.statement_id, self.tax if answered else None)
        return replace(
            self,
            status=StatementStatus.APPROVED,
            approved_by=by,
            approved_at=at,
            accepted_block=accept_blocked,
            version=self.version + 1,
        )

    def is_approved_as(self, *, by: UUID, revision: int, digest: str) -> bool:
        """Say whether this person already approved exactly this: repeating it changes nothing."""
        return (
            self.status is StatementStatus.APPROVED
            and self.approved_by == by
            and self.revision == revision
            and self.digest == digest
        )
