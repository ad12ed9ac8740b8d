"""The payee's ledger: double entry, posted per approved statement revision and at each close."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from premia_common.identifiers import derive_id
from premia_common.money import Money


class Account(Enum):
    """What a payee's ledger distinguishes.  Every posting adds up to zero."""

    EARNED = "earned"
    """Everything the payee ever earned, as a negative amount: the other side of the rest."""
    HELD = "held"
    """Earned and not yet payable."""
    CARRIED = "carried"
    """A negative balance that goes to the next statement."""
    PAYABLE = "payable"
    """What approved statements pay."""
    ACCRUED = "accrued"
    """Earned by the last close and not payable then: held, or on a statement nobody approved."""
    ACCRUED_AGAINST = "accrued_against"
    """The other side of accrued."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting; `account` and amount."""

    account: Account
    amount: Money


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


def posting_of(
    *,
    statement_id: UUID,
    revision: int,
    payee_id: UUID,
    principal_id: UUID,
    period: str,
    total: Money,
    brought_forward: Money,
    payable: Money,
    carried_forward: Money,
    held_before: Money,
    held_now: Money,
    at: datetime,
) -> Posting:
    """Return the posting of an approved revision.

    Payable grows by what is paid; the carried balance moves from what was brought forward to
    what is carried forward; held moves to what is held now; earned is the other side.

    Raises:
        LedgerUnbalanced: if payable and carried forward are not the lines and the balance.
    """
    entries = [
        Entry(Account.PAYABLE, payable),
        Entry(Account.CARRIED, carried_forward - brought_forward),
        Entry(Account.HELD, held_now - held_before),
        Entry(Account.EARNED, -(total + held_now - held_before)),
    ]
    if sum((entry.amount.amount for entry in entries), Decimal(0)):
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
        tuple(entry for entry in entries if entry.amount),
    )


def balances(entries: Iterable[Entry]) -> Mapping[tuple[Account, str], Money]:
    """Return the balance of each account and currency."""
    found: dict[tuple[Account, str], Money] = {}
    for entry in entries:
        key = (entry.account, entry.amount.currency)
        found[key] = found.get(key, Money.zero(entry.amount.currency)) + entry.amount
    return found
