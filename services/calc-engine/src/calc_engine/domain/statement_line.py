"""The lines of a statement, and what earlier statements already paid of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

LineWhat: TypeAlias = Literal[
    "release",
    "reversal",
    "void_release",
    "reinstatement",
    "restatement",
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
"""What lands, what differs from what was paid, and what terms of payment add."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A line of the calculation, with the plan version that gave it.

    `month` is where it lands; None while it is held or when it is not paid.
    """

    line_id: UUID
    payee_id: str | None
    principal_id: str
    plan: str
    currency: str
    component: str
    kind: str
    what: str
    month: str | None
    competence: str
    amount: Decimal
    order_id: str | None
    credit_id: str | None
    share: int | None
    reason: str | None
    reason_code: str | None
    node_id: UUID


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One amount of a statement, to the cent.

    `origin_line_id` is the calculation's id of the line, the same in every run.  A restatement
    names the period it belongs to and, where there is one, the statement it corrects.
    """

    line_id: UUID
    origin_line_id: UUID
    payee_id: str
    principal_id: str
    plan: str
    component: str
    kind: str
    what: LineWhat
    competence: str
    original_period: str | None
    corrects: UUID | None
    amount: Decimal
    currency: str
    order_id: str | None
    credit_id: str | None
    share: int | None
    reason: str | None
    node_id: UUID
    rates: str | None = None
    """By what rates it is stated where its statement has another currency; see `RateBasis`."""
    stated: Decimal | None = None
    """The amount in the currency of its statement, if that is another than the plan's."""
    stated_node_id: UUID | None = None

    @property
    def is_only_restated(self) -> bool:
        """Say whether nothing else is due in the plan's currency: only a rate is another one."""
        return self.what == "restatement" and not self.amount

    @property
    def shown(self) -> Decimal:
        """The amount as the statement has it."""
        return self.amount if self.stated is None else self.stated

    @property
    def shown_node_id(self) -> UUID:
        """What explains the amount that the statement has."""
        return self.node_id if self.stated_node_id is None else self.stated_node_id

    def content(self) -> list[object]:
        """Return what the line's part of a digest is made of."""
        return [
            str(self.line_id),
            str(self.origin_line_id),
            self.plan,
            self.component,
            self.kind,
            self.what,
            self.competence,
            self.original_period,
            str(self.corrects) if self.corrects else None,
            format(self.amount, "f"),
            self.currency,
            self.order_id,
            self.credit_id,
            self.share,
            self.reason,
            *(() if self.stated is None else (format(self.stated, "f"),)),
        ]


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A line of an approved statement: what was already paid of a line of the calculation."""

    origin_line_id: UUID
    statement_id: UUID
    period: str
    payee_id: str
    principal_id: str
    plan: str
    component: str
    kind: str
    competence: str
    currency: str
    amount: Decimal
    order_id: str | None
    credit_id: str | None
    share: int | None
    stated: Decimal | None = None
    """The amount as its statement has it, where that has another currency."""
    stated_in: str | None = None
