"""What laws of statements are drawn from: what lands, terms of payment, and who approves when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

from hypothesis import strategies as st

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.ledger import Account, Entry, StatedFigures, balances, posting_of
from calc_engine.domain.pay_statements import pay_statements
from calc_engine.domain.payment_accounts import (
    AccountMove,
    ClosedAccounts,
    PostedPayment,
)
from calc_engine.domain.payment_rows import PaymentRows
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee
from calc_engine.domain.proposal import Proposal, propose
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.statement_line import StatementLine
from premia_common.identifiers import derive_id
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan
from premia_plan.relations import (
    AdjustmentRow,
    AssignmentRow,
    ExchangeRateRow,
    LoanRow,
    OpeningRow,
    PayeeRow,
    Relations,
    SourceRef,
)

TENANT = UUID(int=1)
PAYEE, PRINCIPAL = str(UUID(int=2)), str(UUID(int=3))
KEY = (PAYEE, PRINCIPAL, "EUR")
SOURCE = SourceRef("fact", "test")
GO_LIVE = Month(2026, 1)
MOST_GUARANTEED = 100
"""The draw that nobody gives back: 50.00 in each of two months."""
PLAIN = library_plan("newcomer-draw").partition("payment:")[0]
TERMS = (
    "{minimum: 60 EUR}",
    "{negative_balance: forgiven}",
    (
        "{negative_balance: due at leaving, minimum: 30 EUR, draws: {d: {preset: recoverable "
        "guarantee, level: 700 EUR}, e: {preset: non-recoverable draw, amount: 50 EUR, "
        "drawn: {from: 2026-02, to: 2026-03}}}}"
    ),
    (
        "{draws: {d: {preset: recoverable draw, amount: 300 EUR, recovery_share: 50 %, "
        "drawn: {first: 1, last: 3}, at_leaving: forgiven}}, reserves: {r: {of: all, "
        "withholds: [{from: 0 EUR, share: 20 %}], ceiling: 250 EUR, released: {months: 2}}}}"
    ),
)


@cache
def terms_of(text: str, left: int | None) -> PlanTerms:
    payees = (PayeeRow(PAYEE, None, None, {"kind": "agency"}),)
    return terms_for(payees, f"{PLAIN}payment: {text}\n", left)


def terms_for(
    payees: tuple[PayeeRow, ...],
    text: str,
    left: int | None,
    rates: tuple[ExchangeRateRow, ...] = (),
) -> PlanTerms:
    """Return the terms of a plan for a payee who leaves in the middle of a month, or never."""
    check = check_plan(
        parse_plan(
            f"{text}examples:\n  - name: none\n"
            "    given: {payees: [{id: N1, kind: agency}]}\n    expect: {}\n"
        )
    )
    assert check.plan is not None, [str(item) for item in check.findings]
    plan = PublishedPlan("P", "newcomer", 1, PRINCIPAL, "0" * 64, {"currency": "EUR"}, None)
    until = None if left is None else date(2026, left, 15)
    assigned = (AssignmentRow("A", "A", PRINCIPAL, PAYEE, None, until),)
    relations = Relations(payees=payees, assignments=assigned, exchange_rates=rates)
    return PlanTerms.of(plan, check.plan, relations)


@dataclass(frozen=True)
class World:
    """What lands in each month, in cents, and which months are approved when they are open."""

    landed: tuple[int, ...]
    approved: tuple[bool, ...]
    adjusted: int
    lent: bool
    opened: tuple[int, int]
    """Owed of the draw, and carried, before the first month."""
    left: int | None
    paid: tuple[tuple[int, int, int], ...]
    """Month, amount in cents, and from which month on it is known, of what was paid elsewhere."""

    def rows(self, month: int) -> PaymentRows:
        """Return what is recorded by a month."""
        adjustment = AdjustmentRow(
            "M1", PAYEE, PRINCIPAL, "2026-02", Decimal(self.adjusted) / 100, "error", "a", "b",
            None, None, SOURCE,
        )  # fmt: skip
        loan = LoanRow(
            "L1", PAYEE, PRINCIPAL, "2026-01", Decimal(200), Decimal(75), "2026-02", SOURCE
        )
        owed, carried = (Decimal(cents) / 100 for cents in self.opened)
        day = date(2025, 12, 31)
        openings = (
            OpeningRow("draw", PAYEE, "d", "2025-12", owed, day, SOURCE),
            OpeningRow("balance", PAYEE, "", "2025-12", carried, day, SOURCE),
        )
        paid = tuple(
            OpeningRow(
                "paid", PAYEE, f"c{number % 2}", f"2026-{of:02d}", Decimal(cents) / 100, day, SOURCE
            )
            for number, (of, cents, known) in enumerate(self.paid)
            if known <= month
        )
        return PaymentRows(
            ((KEY, adjustment),),
            ((KEY, loan),) if self.lent else (),
            tuple((KEY, row) for row in (*openings, *paid)),
            (),
        )

    def lines(self, after: int, period: int) -> list[StatementLine]:
        """Return what landed in the months after one, on the statement of a period."""
        return [
            line_of(number, self.landed[number - 1], period)
            for number in range(after + 1, period + 1)
            if self.landed[number - 1]
        ]


CENTS = st.sampled_from((0, 0, 2_500)) | st.integers(-60_000, 150_000)
"""Quiet months and small pay are as likely as others: what is carried must stand through them."""
WORLDS = st.integers(3, 6).flatmap(
    lambda months: st.builds(
        World,
        st.tuples(*[CENTS] * months),
        st.tuples(*[st.booleans()] * months),
        st.integers(-20_000, 20_000),
        st.booleans(),
        st.tuples(st.integers(0, 40_000), st.integers(-30_000, 0)),
        st.none() | st.integers(2, months),
        st.lists(
            st.tuples(st.integers(1, months), st.integers(-5_000, 20_000), st.integers(1, months)),
            max_size=3,
        ).map(tuple),
    )
)


def line_of(number: int, cents: int, period: int) -> StatementLine:
    line_id = derive_id("line", str(number))
    is_late = number < period
    return StatementLine(
        line_id, line_id, PAYEE, PRINCIPAL, "newcomer", "base", "commission",
        "restatement" if is_late else "release", f"2026-{number:02d}",
        f"2026-{number:02d}" if is_late else None, None, Decimal(cents) / 100, "EUR", "O", "C", 0,
        None, derive_id("node", str(number)),
    )  # fmt: skip


@dataclass
class Books:
    """What was approved, month after month."""

    entries: list[Entry]
    closed: ClosedAccounts | None = None
    stated: int = 0
    payments: tuple[PostedPayment, ...] = ()

    @property
    def carried(self) -> Decimal:
        found = balances(self.entries).get((Account.CARRIED, "", "EUR"))
        return found.amount if found else Decimal(0)

    def approve(self, proposal: Proposal) -> None:
        """Post a statement, and remember it as the last one."""
        own = [item.amount.amount for item in proposal.totals if item.movement == "carried_out"]
        posting = posting_of(
            StatedFigures(
                total=proposal.total,
                brought_forward=proposal.brought_forward,
                payable=proposal.payable,
                carried_forward=proposal.carried_forward,
                held_before=Money.zero("EUR"),
                held_now=Money.zero("EUR"),
                receivable=proposal.receivable,
                kept=Money(sum(own, Decimal(0)), "EUR"),
                accounts=proposal.accounts,
                stated=proposal.stated,
            ),
            statement_id=proposal.statement_id,
            revision=1,
            payee_id=UUID(PAYEE),
            principal_id=UUID(PRINCIPAL),
            period=str(proposal.period),
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        self.entries += posting.entries
        self.stated = proposal.period.number
        stated_in = None if proposal.stated is None else proposal.stated.currency
        self.closed = ClosedAccounts(
            str(proposal.period), proposal.statement_id, lasting(proposal.accounts), stated_in
        )
        self.payments += tuple(
            PostedPayment(*KEY, line.what, line.component, line.amount)
            for line in proposal.lines
            if line.what in {"adjustment", "loan", "already_paid"}
        )


def lasting(accounts: Sequence[AccountMove]) -> tuple[AccountMove, ...]:
    """Return the accounts that stand on after a statement."""
    return tuple(item for item in accounts if item.account not in {"opening", "forgiven"})


def calculated(world: World, books: Books, month: int, own: PlanTerms) -> Proposal | None:
    stated = world.lines(books.stated, month)
    return proposed(stated, world.rows(month), books, month, own)


def proposed(
    stated: Sequence[StatementLine], rows: PaymentRows, books: Books, month: int, own: PlanTerms
) -> Proposal | None:
    period = Month(2026, month)
    paid = pay_statements(
        stated,
        TermsByPayee([own], period),
        rows,
        closed=ClosedBefore([(KEY, books.closed)] if books.closed else [], GO_LIVE),
        posted=books.payments,
        carried={KEY: books.carried},
        period=period,
        go_live=GO_LIVE,
    )
    proposals = propose(
        TENANT,
        period,
        [*stated, *paid.lines],
        balances={KEY: books.carried},
        held={},
        settled=paid.settled,
    )
    return proposals[0] if proposals else None
