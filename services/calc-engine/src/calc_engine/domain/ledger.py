"""The payee's ledger: double entry, posted per approved statement revision and at each close."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from calc_engine.domain.payment_accounts import AccountMove
from calc_engine.domain.stated_in import StatedIn
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_plan.paying import OF_CAPS


class Account(Enum):
    """What a payee's ledger distinguishes.  Every posting adds up to zero in each currency."""

    EARNED = "earned"
    """Everything the payee ever earned, as a negative amount: the other side of the rest."""
    HELD = "held"
    """Earned and not yet payable."""
    CARRIED = "carried"
    """A balance that goes to the next statement: a debt, or a pay too small to be paid."""
    PAYABLE = "payable"
    """What approved statements pay."""
    RECEIVABLE = "receivable"
    """What payees who left have to pay back, as a negative amount."""
    DRAW = "draw"
    """What is owed of a recoverable draw, as a negative amount; one account a draw."""
    LOAN = "loan"
    """What is owed of a loan, as a negative amount; one account a loan."""
    RESERVE = "reserve"
    """What a reserve holds of what was earned; one account a reserve."""
    OPENING = "opening"
    """The other side of balances that were brought in, and of what was paid before go-live."""
    FORGIVEN = "forgiven"
    """The other side of debts that were let go, as a negative amount."""
    EXCHANGE = "exchange"
    """Stands between the currency of a statement and the plan's: the other side in each."""
    ACCRUED = "accrued"
    """Earned by the last close and not payable then: held, or on a statement nobody approved."""
    ACCRUED_AGAINST = "accrued_against"
    """The other side of accrued."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting; `account`, amount, and which draw, loan or reserve it is."""

    account: Account
    amount: Money
    name: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """What one approved revision, or the accrual batch of one close, did to a payee's ledger."""

    posting_id: UUID
    statement_id: UUID | None
    revision: int | None
    payee_id: UUID
    principal_id: UUID
    period: str
    posted_at: datetime
    entries: tuple[Entry, ...]
    accrual_batch_id: UUID | None = None


class LedgerUnbalanced(ValueError):
    """Raised when a posting does not add up to zero."""


@dataclass(frozen=True, slots=True)
class StatedFigures:
    """What an approved revision says, as far as the ledger moves by it."""

    total: Money
    """The sum of the lines."""
    brought_forward: Money
    """The balance before, with what an opening balance brought in."""
    payable: Money
    carried_forward: Money
    held_before: Money
    held_now: Money
    receivable: Money | None = None
    """What has to be paid back at leaving."""
    kept: Money | None = None
    """How much of the lines says that a pay is too small to be paid, negative."""
    accounts: Sequence[AccountMove] = ()
    """What the terms of payment did."""
    stated: StatedIn | None = None
    """What the statement says, where it has another currency than the plan."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what moves: earned is the other side of all that is paid, carried and held."""
        currency = self.total.currency
        zero = Money.zero(currency)
        opened = (item.opened for item in self.accounts if item.account == "carried")
        brought_in = Money(sum(opened, Decimal(0)), currency)
        others = Money(sum((item.moved for item in self.accounts), Decimal(0)), currency)
        held = self.held_now - self.held_before
        earned = self.total - (self.kept or zero) - others + held
        carried = self.carried_forward - self.brought_forward + brought_in
        every = (
            Entry(Account.PAYABLE, self.payable),
            Entry(Account.RECEIVABLE, -(self.receivable or zero)),
            Entry(Account.CARRIED, carried),
            Entry(Account.HELD, held),
            Entry(Account.EARNED, -earned),
            *(entry for item in self.accounts for entry in _entries(item, currency)),
        )
        if self.stated is not None:
            every = (*_without_pay(every), *_pay_stated(self.stated, currency))
        return tuple(entry for entry in every if entry.amount)


_PAY = frozenset({Account.PAYABLE, Account.RECEIVABLE, Account.CARRIED})


def _without_pay(entries: Sequence[Entry]) -> Iterable[Entry]:
    """Give entries with what is paid and carried gone into the exchange."""
    for entry in entries:
        yield replace(entry, account=Account.EXCHANGE) if entry.account in _PAY else entry


def _pay_stated(stated: StatedIn, plan_currency: str) -> Iterable[Entry]:
    """Give what is paid and carried in the statement's currency, out of the exchange.

    What was carried before is taken over; what is carried on has the name of the plan's currency,
    since statements of several plans may have the same one.
    """
    entries = [
        Entry(Account.PAYABLE, stated.payable),
        Entry(Account.RECEIVABLE, -stated.receivable),
        Entry(Account.CARRIED, stated.carried_forward, plan_currency),
        *(Entry(Account.CARRIED, -amount, name) for name, amount in stated.taken_over),
    ]
    for (account, name, _), amount in balances(entries).items():
        yield Entry(account, amount, name)
        yield Entry(Account.EXCHANGE, -amount)


def posting_of(
    figures: StatedFigures,
    *,
    statement_id: UUID,
    revision: int,
    payee_id: UUID,
    principal_id: UUID,
    period: str,
    at: datetime,
) -> Posting:
    """Return the posting of an approved revision.

    Payable grows by what is paid; the carried balance moves from what was brought forward to
    what is carried forward; held moves to what is held now; draws, loans and reserves move to
    where they stand; earned is the other side.

    Raises:
        LedgerUnbalanced: if payable and carried forward are not the lines and the balance.
    """
    entries = figures.entries
    if any(_sums(entries).values()):
        raise LedgerUnbalanced(
            f"the posting of statement {statement_id} revision {revision} does not add up to zero"
        )
    return Posting(
        derive_id("posting", str(statement_id), str(revision)),
        statement_id,
        revision,
        payee_id,
        principal_id,
        period,
        at,
        entries,
    )


def _sums(entries: Iterable[Entry]) -> Mapping[str, Money]:
    found: dict[str, Money] = {}
    for entry in entries:
        currency = entry.amount.currency
        found[currency] = found.get(currency, Money.zero(currency)) + entry.amount
    return found


def _entries(item: AccountMove, currency: str) -> Iterable[Entry]:
    """Give what a move of an account does besides what is paid for it."""
    owed = {"draw": Account.DRAW, "loan": Account.LOAN}.get(item.account)
    change = Money(item.after - item.before, currency)
    opened = Money(item.opened, currency)
    if owed is not None:
        yield Entry(owed, -change, item.name)
        yield Entry(Account.OPENING, opened)
        yield Entry(Account.FORGIVEN, Money(-item.let_go, currency))
    elif item.account == "reserve":
        yield Entry(Account.RESERVE, change, item.name)
        yield Entry(Account.OPENING, -opened)
    elif item.account == "carried":
        yield Entry(Account.OPENING, -opened)
    elif item.account not in OF_CAPS:
        account = Account.OPENING if item.account == "opening" else Account.FORGIVEN
        yield Entry(account, Money(-item.moved, currency))


def balances(entries: Iterable[Entry]) -> Mapping[tuple[Account, str, str], Money]:
    """Return the balance of each account by its name and currency."""
    found: dict[tuple[Account, str, str], Money] = {}
    for entry in entries:
        key = (entry.account, entry.name, entry.amount.currency)
        found[key] = found.get(key, Money.zero(entry.amount.currency)) + entry.amount
    return found
