"""What is earned and not payable yet when a month closes: one batch, reversed by the next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from calc_engine.domain.ledger import Account, Entry, Posting
from calc_engine.domain.statement import Statement, StatementStatus
from calc_engine.domain.statement_line import ResultLine
from calc_engine.domain.total import Total
from premia_common.identifiers import derive_id
from premia_common.money import Money

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class AccrualKey:
    """For whom, and for which component, something is accrued."""

    payee_id: UUID
    principal_id: UUID
    plan: str
    component: str
    kind: str
    currency: str


Amounts: TypeAlias = Mapping[AccrualKey, Decimal]


@dataclass(frozen=True, slots=True)
class AccrualLine:
    """One component's part of a batch."""

    key: AccrualKey
    unapproved: Money
    """On statements of the month that nobody approved; the close excluded them with a reason."""
    held: Money
    """Earned, and held until a state, a payment or an acceptance."""

    @property
    def amount(self) -> Money:
        """What is accrued."""
        return self.unapproved + self.held


@dataclass(frozen=True, slots=True)
class AccrualBatch:
    """What one close accrued.  `reverses` is the batch before, which it takes back whole."""

    batch_id: UUID
    number: int
    period: str
    run_id: UUID | None
    """The run whose result it was taken from; None where the month was never calculated."""
    reverses: UUID | None
    posted_by: UUID
    posted_at: datetime
    lines: tuple[AccrualLine, ...]


def held_amounts(lines: Iterable[ResultLine]) -> Amounts:
    """Return what a run holds, by component."""
    found: dict[AccrualKey, Decimal] = {}
    for line in lines:
        if line.what == "held" and line.payee_id is not None:
            key = AccrualKey(
                UUID(line.payee_id),
                UUID(line.principal_id),
                line.plan,
                line.component,
                line.kind,
                line.currency,
            )
            found[key] = found.get(key, ZERO) + line.amount
    return {key: found[key] for key in sorted(found)}


def unapproved_amounts(statements: Iterable[Statement]) -> Amounts:
    """Return what is earned on the statements that nobody approved, by component.

    What they advance, lend, take back, keep in a reserve or carry is on other accounts.
    """
    found: dict[AccrualKey, Decimal] = {}
    for statement in statements:
        if statement.status is StatementStatus.APPROVED:
            continue
        for total in statement.totals:
            if not _is_earned(total):
                continue
            key = AccrualKey(
                statement.payee_id,
                statement.principal_id,
                total.plan,
                total.component,
                total.kind,
                statement.currency,
            )
            found[key] = found.get(key, ZERO) + total.amount.amount
    return found


def _is_earned(total: Total) -> bool:
    is_guarantee = total.movement == "draw" and total.kind == "bonus"
    return is_guarantee or total.movement in {None, "adjustment", "already_paid", "payee_cap"}


def accrual_lines(unapproved: Amounts, held: Amounts) -> tuple[AccrualLine, ...]:
    """Return the lines of a batch in the order of their keys; what is nothing is left out."""
    return tuple(
        AccrualLine(
            key,
            Money(unapproved.get(key, ZERO), key.currency),
            Money(held.get(key, ZERO), key.currency),
        )
        for key in sorted({*unapproved, *held})
        if unapproved.get(key, ZERO) or held.get(key, ZERO)
    )


def postings_of(batch: AccrualBatch, reversed_batch: AccrualBatch | None) -> tuple[Posting, ...]:
    """Return what a batch does to the ledgers: the batch before taken back, and itself.

    Each posting adds up to zero, so the ledger does at every moment.
    """
    taken_back = _postings(batch, reversed_batch.lines, sign=-1) if reversed_batch else ()
    return (*taken_back, *_postings(batch, batch.lines, sign=1))


def _postings(
    batch: AccrualBatch, lines: Iterable[AccrualLine], *, sign: int
) -> tuple[Posting, ...]:
    sums: dict[tuple[UUID, UUID, str], Money] = {}
    for line in lines:
        owner = (line.key.payee_id, line.key.principal_id, line.key.currency)
        amount = line.amount if sign > 0 else -line.amount
        sums[owner] = sums.get(owner, Money.zero(line.key.currency)) + amount
    what = "accrual" if sign > 0 else "accrual-reversal"
    return tuple(
        Posting(
            posting_id=derive_id(what, str(batch.batch_id), *map(str, owner)),
            statement_id=None,
            revision=None,
            payee_id=owner[0],
            principal_id=owner[1],
            period=batch.period,
            posted_at=batch.posted_at,
            entries=(Entry(Account.ACCRUED, amount), Entry(Account.ACCRUED_AGAINST, -amount)),
            accrual_batch_id=batch.batch_id,
        )
        for owner, amount in sorted(sums.items(), key=lambda item: item[0])
        if amount
    )
