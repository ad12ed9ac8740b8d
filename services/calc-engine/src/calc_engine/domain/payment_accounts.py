"""The accounts of a payee that terms of payment move: draws, loans, reserves, caps, debts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from premia_plan.paying import OF_CAPS, Standing, StandingAccount
from premia_plan.relations import SourceRef

ZERO = Decimal(0)

MoveKind: TypeAlias = Literal[
    "draw", "loan", "reserve", "capped", "taken_back", "carried", "opening", "forgiven"
]
"""`capped` is what a payee's cap took and nobody owes, `taken_back` what had its cap before it was,
`opening` what was paid before the first period, `forgiven` a debt that was let go."""

MOVED_BY: Mapping[str, MoveKind] = {
    "draw": "draw",
    "draw_recovery": "draw",
    "loan": "loan",
    "loan_recovery": "loan",
    "reserve_withheld": "reserve",
    "reserve_used": "reserve",
    "reserve_released": "reserve",
    "already_paid": "opening",
    "forgiven": "forgiven",
}
"""Which account a payment line moves.

A draw that nobody gives back moves none: it is earned.  What a cap takes moves none either: it is
not earned, and its account only remembers it.
"""

OPENED = "opened"
"""What a sum is of the opening balances that statements brought into one account."""

UNNAMED = "balance"
"""The component of a payment line that belongs to no named account."""

PAYMENT_LINES = frozenset({*MOVED_BY, "adjustment", "payee_cap", "carried_out"})
"""What the lines are that terms of payment put on a statement; a calculation gives no such."""


@dataclass(frozen=True, slots=True)
class AccountMove:
    """What one account did on a statement.

    `moved` is what the statement pays more, or less when negative, because of it; `opened` what
    an opening balance brought in.  `after` is owed of a draw or loan, held in a reserve, taken by
    a cap, taken back, or carried on (a debt is negative); `parts` are the months it is from.
    """

    account: MoveKind
    name: str
    before: Decimal
    opened: Decimal
    moved: Decimal
    after: Decimal
    parts: tuple[tuple[str, Decimal], ...] = ()
    openings: tuple[str, ...] = ()
    was_full: bool = False
    node_id: UUID | None = None

    @property
    def let_go(self) -> Decimal:
        """How much of a debt was forgiven without being paid: at leaving, where a draw says so."""
        if self.account not in {"draw", "loan"}:
            return ZERO
        return self.before + self.opened + self.moved - self.after

    def content(self) -> list[object]:
        """Return what the account's part of a digest is made of."""
        return [
            self.account,
            self.name,
            *(format(item, "f") for item in (self.before, self.opened, self.moved, self.after)),
            [[month, format(amount, "f")] for month, amount in self.parts],
            list(self.openings),
            self.was_full,
        ]


@dataclass(frozen=True, slots=True)
class ClosedAccounts:
    """Where a payee stood after the last approved statement before a period."""

    after: str
    statement_id: UUID
    accounts: tuple[AccountMove, ...]
    stated_in: str | None = None
    """The currency of that statement, where a plan names one."""

    @property
    def carried(self) -> Decimal:
        """What was carried on in the plan's currency."""
        found = self.find("carried", "")
        return ZERO if found is None else found.after

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to go on with besides what the ledger carries."""
        return not self.accounts

    def find(self, account: str, name: str) -> AccountMove | None:
        """Return an account, if it ever moved."""
        same = (item for item in self.accounts if (item.account, item.name) == (account, name))
        return next(same, None)

    def standing(self, carried: Decimal) -> Standing:
        """Return it as paying goes on from it; what is carried is what the ledger says."""
        known = self.find("carried", "")
        accounts = [
            StandingAccount(
                item.account,
                item.name,
                item.after,
                item.parts,
                openings=item.openings,
                was_full=item.was_full,
            )
            for item in self.accounts
            if item.account in {"draw", "loan", "reserve", *OF_CAPS}
        ]
        if carried or known is not None:
            openings = known.openings if known else ()
            accounts.append(StandingAccount("carried", "", carried, openings=openings))
        label = f"statement of {self.after}"
        source = SourceRef("statement", str(self.statement_id), None, label)
        return Standing(self.after, tuple(accounts), source)


@dataclass(frozen=True, slots=True)
class PostedPayment:
    """A payment line of an approved statement: an adjustment or a loan that was paid already.

    Or, with `already_paid`, what was taken because it was paid elsewhere; its amount is negative.
    Or, as `opened`, what opening balances brought into an account in all.
    """

    payee_id: str
    principal_id: str
    currency: str
    what: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Settled:
    """What paying gives for one statement, besides its lines.

    `paid` is what is due, negative where somebody who leaves has to pay back; `carried` goes to
    the next statement, and is positive where the pay is too small to be paid.
    """

    paid: Decimal
    carried: Decimal
    brought_forward: Decimal
    accounts: tuple[AccountMove, ...]

    @property
    def moves(self) -> bool:
        """Say whether anything stands differently than before."""
        return any(item.before != item.after or item.opened or item.moved for item in self.accounts)


def node_ids(settled: Iterable[Settled]) -> Iterable[UUID]:
    """Give the nodes that explain where accounts stand."""
    return (item.node_id for pay in settled for item in pay.accounts if item.node_id is not None)
