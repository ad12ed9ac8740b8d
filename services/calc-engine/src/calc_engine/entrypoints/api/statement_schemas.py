"""Statements, lines, ledgers and explanations as the API shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from calc_engine.application.read_models import UnpaidLine
from calc_engine.domain.payment_accounts import AccountMove
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement import AcceptedBlock, Statement
from calc_engine.domain.statement_line import StatementLine
from calc_engine.entrypoints.api.run_schemas import (
    RUN_ID,
    SHA256,
    STATEMENT_ID,
    USER_ID,
    Code,
    Reason,
)
from premia_common.contracts.fields import FileAddress, MoneyOut, Sha256
from premia_common.money import Money
from premia_plan.narration.lines import line_words
from premia_runtime.problems import ProblemOut

_EUR = {"amount": "1287.00", "currency": "EUR"}
_ZERO = {"amount": "0.00", "currency": "EUR"}
_STATEMENT: dict[str, Any] = {
    "id": STATEMENT_ID,
    "payee_id": USER_ID,
    "principal_id": USER_ID,
    "period": "2026-03",
    "currency": "EUR",
    "plan_currency": "EUR",
    "revision": 1,
    "digest": SHA256,
    "status": "in_review",
    "version": 2,
    "run_id": RUN_ID,
    "made_by": USER_ID,
    "made_at": "2026-04-01T08:00:00Z",
    "submitted_by": USER_ID,
    "approved_by": None,
    "approved_at": None,
    "totals": [
        {
            "plan": "agency-energy-2026",
            "component": "base",
            "kind": "commission",
            "competence": "2026-03",
            "amount": _EUR,
            "corrects": None,
            "movement": None,
        }
    ],
    "total": _EUR,
    "brought_forward": _ZERO,
    "payable": _EUR,
    "carried_forward": _ZERO,
    "receivable": _ZERO,
    "held": _ZERO,
    "tax": {"revision": 1, "status": "ok", "reasons": [], "net": _EUR},
    "lines": {"address": f"{USER_ID}/runs/{RUN_ID}/lines.parquet", "sha256": SHA256},
}


class TotalOut(BaseModel):
    """What one component of one plan pays for one competence month."""

    plan: str
    component: str
    kind: str
    competence: str
    amount: MoneyOut
    corrects: UUID | None
    movement: str | None
    """What terms of payment do, such as draw or reserve_withheld; null is what was earned."""


class TaxOut(BaseModel):
    """What invoicing said about the tax of the current revision."""

    revision: int
    status: str
    reasons: list[str]
    net: MoneyOut | None


class StatementOut(BaseModel):
    """A statement with its current revision."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STATEMENT]})

    id: UUID
    payee_id: UUID
    principal_id: UUID
    period: str
    currency: str
    """Of all its amounts but what is held, which has no rate yet."""
    plan_currency: str
    """In which it is calculated, and accounts stand."""
    revision: int
    digest: str
    status: str
    version: int
    run_id: UUID
    made_by: UUID
    made_at: datetime
    submitted_by: UUID | None
    approved_by: UUID | None
    approved_at: datetime | None
    totals: list[TotalOut]
    total: MoneyOut
    brought_forward: MoneyOut
    payable: MoneyOut
    carried_forward: MoneyOut
    receivable: MoneyOut
    """What a payee who leaves has to pay back."""
    held: MoneyOut
    tax: TaxOut | None
    lines: FileAddress

    @classmethod
    def of(cls, statement: Statement) -> "StatementOut":
        """Show a statement."""
        tax, said = statement.tax, shown(statement)
        return cls(
            id=statement.statement_id,
            payee_id=statement.payee_id,
            principal_id=statement.principal_id,
            period=str(statement.period),
            currency=said.currency,
            plan_currency=statement.currency,
            revision=statement.revision,
            digest=statement.digest,
            status=statement.status.value,
            version=statement.version,
            run_id=statement.run_id,
            made_by=statement.made_by,
            made_at=statement.made_at,
            submitted_by=statement.submitted_by,
            approved_by=statement.approved_by,
            approved_at=statement.approved_at,
            totals=[
                TotalOut(
                    plan=total.plan,
                    component=total.component,
                    kind=total.kind,
                    competence=total.competence,
                    amount=MoneyOut.of(total.amount),
                    corrects=total.corrects,
                    movement=total.movement,
                )
                for total in said.totals
            ],
            total=MoneyOut.of(said.total),
            brought_forward=MoneyOut.of(said.brought_forward),
            payable=MoneyOut.of(said.payable),
            carried_forward=MoneyOut.of(said.carried_forward),
            receivable=MoneyOut.of(said.receivable),
            held=MoneyOut.of(statement.held),
            tax=TaxOut(
                revision=tax.revision,
                status=tax.status,
                reasons=list(tax.reasons),
                net=MoneyOut.of(tax.net) if tax.net else None,
            )
            if tax
            else None,
            lines=FileAddress(address=statement.lines_address, sha256=statement.lines_sha256),
        )


class StatementPageOut(BaseModel):
    """A page of statements, latest period first."""

    items: list[StatementOut]
    next_cursor: str | None


class LineOut(BaseModel):
    """One amount of a statement."""

    id: UUID
    plan: str
    component: str
    kind: str
    what: str
    label: dict[str, str]
    """What it is in words, in Italian and English: a release below zero is a correction."""
    competence: str
    original_period: str | None
    corrects: UUID | None
    amount: MoneyOut
    plan_amount: MoneyOut
    """The same in the plan's currency, in which it was calculated."""
    order_id: str | None
    share: int | None
    reason: str | None
    origin_line_id: UUID

    @classmethod
    def of(cls, line: StatementLine, currency: str) -> "LineOut":
        """Show a line of a statement in a currency."""
        return cls(
            id=line.line_id,
            plan=line.plan,
            component=line.component,
            kind=line.kind,
            what=line.what,
            label=dict(line_words(line.what, line.shown)),
            competence=line.competence,
            original_period=line.original_period,
            corrects=line.corrects,
            amount=MoneyOut.of(Money(line.shown, currency)),
            plan_amount=MoneyOut.of(Money(line.amount, line.currency)),
            order_id=line.order_id,
            share=line.share,
            reason=line.reason,
            origin_line_id=line.origin_line_id,
        )


class LinesOut(BaseModel):
    """The lines of a statement's current revision."""

    statement_id: UUID
    revision: int
    items: list[LineOut]
    next_cursor: str | None


class AccountOut(BaseModel):
    """What a statement does to a draw, a loan, a reserve or the balance that is carried."""

    number: int = Field(examples=[1])
    """Names it when it is explained."""
    account: str = Field(examples=["draw"])
    """draw, loan, reserve, carried, or capped: what a cap took.

    taken_back is what has had its cap when it is reinstated; nobody owes it. opening and forgiven
    are the other sides of a posting.
    """
    name: str = Field(examples=["newcomer"])
    before: MoneyOut
    opened: MoneyOut
    """What an opening balance brought in."""
    moved: MoneyOut
    """What the statement pays more, or less when negative."""
    after: MoneyOut
    """Owed of a draw or loan, held in a reserve, or carried on: a debt is negative."""
    is_explained: bool

    @classmethod
    def of(cls, number: int, item: AccountMove, currency: str) -> "AccountOut":
        """Show an account."""
        amounts = (item.before, item.opened, item.moved, item.after)
        before, opened, moved, after = (MoneyOut.of(Money(each, currency)) for each in amounts)
        return cls(
            number=number,
            account=item.account,
            name=item.name,
            before=before,
            opened=opened,
            moved=moved,
            after=after,
            is_explained=item.node_id is not None,
        )


class AccountsOut(BaseModel):
    """The accounts of a statement's current revision."""

    statement_id: UUID
    revision: int
    items: list[AccountOut]


class UnpaidLineOut(BaseModel):
    """An amount that is held or not paid, and why."""

    id: UUID
    plan: str
    component: str
    what: str
    label: dict[str, str]
    """What it is in words, in Italian and English."""
    competence: str
    amount: MoneyOut
    order_id: str | None
    reason: str | None

    @classmethod
    def of(cls, line: UnpaidLine) -> "UnpaidLineOut":
        """Show it."""
        return cls(
            id=line.line_id,
            plan=line.plan,
            component=line.component,
            what=line.what,
            label=dict(line_words(line.what, line.amount)),
            competence=line.competence,
            amount=MoneyOut.of(Money(line.amount, line.currency)),
            order_id=line.order_id,
            reason=line.reason,
        )


class UnpaidLinesOut(BaseModel):
    """What is held or not paid to the payee, as the statement's run found it."""

    statement_id: UUID
    revision: int
    items: list[UnpaidLineOut]


class AcceptBlockedIn(BaseModel):
    """A tax block that the approver takes on."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    reason: Reason

    def block(self) -> AcceptedBlock:
        """Return the domain's value."""
        return AcceptedBlock(self.code, self.reason)


class ApproveIn(BaseModel):
    """What the approver has read."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"digest": SHA256, "accept_blocked": None}]}
    )

    digest: Sha256
    accept_blocked: AcceptBlockedIn | None = None


class ApproveItemIn(ApproveIn):
    """One statement of a bulk approval, at the revision that was read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"statement_id": STATEMENT_ID, "revision": 1, "digest": SHA256}]
        },
    )

    statement_id: UUID
    revision: int = Field(ge=1, le=1_000_000)


class ApproveManyIn(BaseModel):
    """Statements to approve, each on its own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"items": [{"statement_id": STATEMENT_ID, "revision": 1, "digest": SHA256}]}
            ]
        },
    )

    items: list[ApproveItemIn] = Field(min_length=1, max_length=500)


class ApprovedItemOut(BaseModel):
    """What became of one item: approved, or refused with the problem."""

    statement_id: UUID
    result: str = Field(examples=["approved"])
    problem: ProblemOut | None


class ApprovedManyOut(BaseModel):
    """What became of each item, in the order they were given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "approved": 1,
                    "refused": 0,
                    "items": [
                        {"statement_id": STATEMENT_ID, "result": "approved", "problem": None}
                    ],
                }
            ]
        }
    )

    approved: int
    refused: int
    items: list[ApprovedItemOut]
