"""What paying gives: lines besides those of the plan, and where every account stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from premia_plan.paying.standing import Standings
from premia_plan.results import Exception_, Node

PaymentWhat: TypeAlias = Literal[
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
    "carried_in",
    "carried_out",
    "forgiven",
]


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One amount that a month's pay has besides the landed earnings, with its sign there.

    `name` is the draw, reserve, loan or adjustment it belongs to, "" for the balance. Landed
    earnings and these lines of a month add up to what is paid.
    """

    line_id: UUID
    payee_id: str
    principal: str
    month: str
    what: PaymentWhat
    name: str
    amount: Decimal
    reason: str | None
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Account:
    """Where an account stands, with the node that explains it."""

    amount: Decimal
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Balance:
    """Where a payee stands at the end of a month, per principal; one for each month that moves.

    `earned` is what landed, `paid` what is due. `accounts` are what is owed of each draw and loan
    (as `loan <id>`), what each reserve holds, and under `carried` what is carried on; those that
    never moved are left out.
    """

    payee_id: str
    principal: str
    month: str
    earned: Decimal
    paid: Decimal
    accounts: Mapping[str, Account]
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Pay:
    """The result of paying, with the nodes that explain it; the plan's lines keep theirs.

    `standings` is where everybody stands after the last month, to go on from.
    """

    lines: tuple[PaymentLine, ...]
    balances: tuple[Balance, ...]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]
    standings: Standings = field(default_factory=dict)
