"""Statements that a run proposes: lines by payee, principal and currency, with the balance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from uuid import UUID

from calc_engine.domain.payment_accounts import PAYMENT_LINES, AccountMove, Settled, node_ids
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement_line import StatementLine
from calc_engine.domain.total import Total
from premia_common.canonical import canonical_json, digest
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month

StatementKey = tuple[str, str, str]
"""Payee, principal and currency: with tenant and period, what a statement is keyed by."""


def statement_id_of(tenant_id: UUID, key: StatementKey, period: Month) -> UUID:
    """Return the id that this statement has in every run."""
    payee_id, principal_id, currency = key
    return derive_id("statement", str(tenant_id), payee_id, principal_id, str(period), currency)


@dataclass(frozen=True)
class Proposal:
    """A statement's content as one run calculates it.

    `brought_forward` is the balance of earlier statements.  `payable` is the sum of lines and
    balance, never below zero; what is below is carried forward.  Where terms of payment apply,
    `settled` says what is due and where accounts stand instead: a pay too small to be paid is
    carried too, and who leaves may have to pay a debt back.
    """

    statement_id: UUID
    payee_id: str
    principal_id: str
    period: Month
    currency: str
    lines: tuple[StatementLine, ...]
    brought_forward: Money
    held: Money
    """What is earned and held, all periods together, of orders that moved since go-live."""
    settled: Settled | None = None
    stated: StatedIn | None = None
    """The same figures where the statement has another currency than the plan."""

    @cached_property
    def total(self) -> Money:
        """The sum of the lines."""
        return Money(sum((line.amount for line in self.lines), Decimal(0)), self.currency)

    @property
    def roots(self) -> Iterable[UUID]:
        """Give the nodes that explain the lines, also in the plan's currency, and the accounts."""
        for line in self.lines:
            yield line.node_id
            yield line.shown_node_id
        yield from node_ids([] if self.settled is None else [self.settled])

    @property
    def balance(self) -> Money:
        """The lines and what was brought forward."""
        return self.total + self.brought_forward

    @property
    def payable(self) -> Money:
        """What is to be paid: the balance, never below zero."""
        due = self.balance.amount if self.settled is None else self.settled.paid
        return Money(max(due, Decimal(0)), self.currency)

    @property
    def receivable(self) -> Money:
        """What the payee has to pay back at leaving."""
        due = Decimal(0) if self.settled is None else self.settled.paid
        return Money(max(-due, Decimal(0)), self.currency)

    @property
    def carried_forward(self) -> Money:
        """The balance that goes to the next statement: a debt, or a pay too small to be paid."""
        if self.settled is not None:
            return Money(self.settled.carried, self.currency)
        return self.balance - self.payable

    @property
    def accounts(self) -> tuple[AccountMove, ...]:
        """What terms of payment did to the payee's accounts."""
        return () if self.settled is None else self.settled.accounts

    @property
    def says_nothing(self) -> bool:
        """Say whether there is no line, no balance, and no account that moves."""
        stated = self.stated
        figures = [self.brought_forward, self.payable, self.receivable, self.carried_forward]
        if stated is not None:
            figures += [stated.brought_forward, stated.payable, stated.receivable]
            figures += [stated.carried_forward, *(item for _, item in stated.taken_over)]
        moves = self.settled is not None and self.settled.moves
        return not (self.lines or moves or any(figures))

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """The lines added up by plan, component, kind, competence and corrected statement."""
        sums: dict[tuple[str, str, str, str, str, str], Decimal] = {}
        stated: dict[tuple[str, str, str, str, str, str], Decimal] = {}
        corrected: dict[str, UUID | None] = {"": None}
        for line in self.lines:
            corrects = str(line.corrects) if line.corrects else ""
            corrected[corrects] = line.corrects
            movement = line.what if line.what in PAYMENT_LINES else ""
            key = (line.plan, line.component, line.kind, line.competence, corrects, movement)
            sums[key] = sums.get(key, Decimal(0)) + line.amount
            stated[key] = stated.get(key, Decimal(0)) + line.shown
        return tuple(
            Total(
                *key[:4],
                Money(sums[key], self.currency),
                corrected[key[4]],
                key[5] or None,
                None if self.stated is None else Money(stated[key], self.stated.currency),
            )
            for key in sorted(sums)
        )

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content; a run makes a revision only if it changes."""
        return digest(
            canonical_json(
                {
                    "statement": [
                        self.payee_id,
                        self.principal_id,
                        str(self.period),
                        self.currency,
                    ],
                    "lines": [
                        line.content()
                        for line in sorted(self.lines, key=lambda line: str(line.line_id))
                    ],
                    "brought_forward": self.brought_forward.amount,
                    "held": self.held.amount,
                    **self._accounts_content,
                    **({} if self.stated is None else {"stated": self.stated.content()}),
                }
            )
        )

    @property
    def _accounts_content(self) -> dict[str, object]:
        if self.settled is None:
            return {}
        return {
            "due": self.settled.paid,
            "carried": self.settled.carried,
            "accounts": [item.content() for item in self.settled.accounts],
        }


def propose(
    tenant_id: UUID,
    period: Month,
    lines: Iterable[StatementLine],
    *,
    balances: Mapping[StatementKey, Decimal],
    held: Mapping[StatementKey, Decimal],
    known: Iterable[StatementKey] = (),
    settled: Mapping[StatementKey, Settled] = MappingProxyType({}),
) -> tuple[Proposal, ...]:
    """Return a proposal for everybody who has a line, a balance, or a statement already.

    So has a payee of whom an account moves.

    Args:
        tenant_id: whose statements they are.
        period: the open period.
        lines: the statement lines of the period.
        balances: what each ledger carries, zero or negative.
        held: what is earned and held.
        known: the period's statements that earlier runs made; one without lines becomes zero.
        settled: what terms of payment give, for those they apply to.
    """
    grouped: dict[StatementKey, list[StatementLine]] = {key: [] for key in known}
    for key, balance in balances.items():
        if balance:
            grouped.setdefault(key, [])
    for key, paid in settled.items():
        if paid.moves or paid.carried:
            grouped.setdefault(key, [])
    for line in lines:
        grouped.setdefault((line.payee_id, line.principal_id, line.currency), []).append(line)
    return tuple(
        Proposal(
            statement_id_of(tenant_id, key, period),
            key[0],
            key[1],
            period,
            key[2],
            tuple(grouped[key]),
            Money(
                settled[key].brought_forward if key in settled else balances.get(key, Decimal(0)),
                key[2],
            ),
            Money(held.get(key, Decimal(0)), key[2]),
            settled.get(key),
        )
        for key in sorted(grouped)
    )
