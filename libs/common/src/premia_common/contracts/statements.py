"""What calc-engine publishes: runs, statements, periods, accruals."""

from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from premia_common.contracts.envelope import Event
from premia_common.contracts.fields import FileAddress, Instant, MoneyOut, MonthText, Part, Sha256

PUBLISHER = "calc-engine"

Movement: TypeAlias = Literal[
    "payee_cap",
    "adjustment",
    "already_paid",
    "reserve_withheld",
    "reserve_used",
    "reserve_released",
    "draw",
    "draw_recovery",
    "loan",
    "loan_recovery",
    "forgiven",
    "carried_out",
]
"""What terms of payment do: `draw` advances, `carried_out` keeps a pay too small to be paid, …"""


def _is_unsaid(value: object) -> bool:
    return value is None


class _CalcEvent(Event):
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"


class RunCompleted(_CalcEvent):
    """A calculation run ended with a result that its manifest replays."""

    type: ClassVar[str] = "premia.run.completed.v1"

    run_id: UUID
    period: MonthText
    manifest_digest: Sha256
    result_digest: Sha256
    statements: int
    lines: int
    exceptions: int

    @property
    def subject(self) -> str:
        return str(self.run_id)


class ComponentTotal(Part):
    """What one component of one plan pays for one competence month."""

    plan: str
    component: str
    kind: Literal["commission", "bonus", "advance", "recovery", "refund"]
    competence: MonthText
    amount: MoneyOut
    corrects: UUID | None = None
    """The statement of a closed period that this amount corrects."""
    movement: Movement | None = Field(default=None, exclude_if=_is_unsaid)
    """What terms of payment do with it, with `component` the draw, reserve, loan or adjustment it
    is of; None is what was earned."""


class _StatementEvent(_CalcEvent):
    statement_id: UUID
    revision: int
    digest: Sha256
    payee_id: UUID
    principal_id: UUID
    period: MonthText
    currency: str
    totals: tuple[ComponentTotal, ...]
    brought_forward: MoneyOut
    """Balance of earlier statements: a debt, or a pay that was too small to be paid."""
    payable: MoneyOut
    """Sum of the totals and the balance, never below zero."""
    carried_forward: MoneyOut
    """Balance that goes to the next statement, likewise."""
    receivable: MoneyOut | None = Field(default=None, exclude_if=_is_unsaid)
    """What a payee who leaves has to pay back; None where it is nothing."""
    lines: FileAddress

    @property
    def subject(self) -> str:
        return str(self.statement_id)


class StatementCalculated(_StatementEvent):
    """A revision of a statement was calculated; it is a proposal."""

    type: ClassVar[str] = "premia.statement.calculated.v1"
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "snapshot"


class StatementApproved(_StatementEvent):
    """A second person approved this revision; the ledger is posted."""

    type: ClassVar[str] = "premia.statement.approved.v1"

    approved_by: UUID
    approved_at: Instant


class PeriodClosed(_CalcEvent):
    """No statement of the period changes any more; differences go to a later one."""

    type: ClassVar[str] = "premia.period.closed.v1"

    period: MonthText
    closed_at: Instant

    @property
    def subject(self) -> str:
        return self.period


class PeriodReopened(_CalcEvent):
    """A closed period may be calculated again; what was approved in it stays as it is."""

    type: ClassVar[str] = "premia.period.reopened.v1"

    period: MonthText
    reopened_at: Instant
    requested_by: UUID
    approved_by: UUID
    reason: str

    @property
    def subject(self) -> str:
        return self.period


class AccrualLine(Part):
    """What one component of a payee is earned and not payable at a close."""

    payee_id: UUID
    principal_id: UUID
    plan: str
    component: str
    kind: str
    unapproved: MoneyOut
    """On statements that nobody approved when the period was closed."""
    held: MoneyOut


class AccrualPosted(_CalcEvent):
    """A close accrued what is earned and not payable yet; it takes the batch before back whole."""

    type: ClassVar[str] = "premia.accrual.posted.v1"

    batch_id: UUID
    number: int
    period: MonthText
    reverses: UUID | None
    """The batch before; None for the first one."""
    lines: tuple[AccrualLine, ...]

    @property
    def subject(self) -> str:
        return str(self.batch_id)
