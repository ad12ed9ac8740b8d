"""What must hold of statements under terms of payment, whatever lands and whoever approves when."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc_engine.domain.ledger import Account, balances
from calc_engine.domain.payment_rows import PaymentRows
from premia_common.money import Money
from premia_plan.relations import (
    PayeeCapRow,
)

from .paid_books import (
    KEY,
    MOST_GUARANTEED,
    PAYEE,
    PRINCIPAL,
    SOURCE,
    TERMS,
    WORLDS,
    Books,
    World,
    calculated,
    lasting,
    line_of,
    proposed,
    terms_of,
)


@pytest.mark.parametrize("text", TERMS)
@settings(max_examples=25, deadline=None)
@given(world=WORLDS)
def test_the_ledger_adds_up_and_says_where_every_account_stands(text: str, world: World) -> None:
    own, books = terms_of(text, world.left), Books([])
    last = len(world.landed)

    for month in range(1, last + 1):
        proposal = calculated(world, books, month, own)
        if proposal is None or not (world.approved[month - 1] or month == last):
            continue
        books.approve(proposal)
        # An event reader adds up what it is told the same way.
        due = sum((item.amount.amount for item in proposal.totals), Decimal(0))
        due += proposal.brought_forward.amount
        assert max(due, Decimal(0)) == proposal.payable.amount
        sums = balances(books.entries)
        assert sum((amount.amount for amount in sums.values()), Decimal(0)) == 0
        for item in lasting(proposal.accounts):
            account = Account(item.account)
            sign = -1 if account in {Account.DRAW, Account.LOAN} else 1
            stands = sums.get((account, item.name, "EUR"), Money.zero("EUR")).amount
            assert stands == sign * item.after
    earned = sum(world.landed) + world.adjusted
    none = Money.zero("EUR")
    posted = -balances(books.entries).get((Account.EARNED, "", "EUR"), none).amount
    assert not books.entries or 0 <= posted - Decimal(earned) / 100 <= MOST_GUARANTEED
    # Whenever it became known, all that was paid elsewhere was taken, and once.
    taken = sum(item.amount for item in books.payments if item.what == "already_paid")
    assert not books.entries or -taken == Decimal(sum(cents for _, cents, _ in world.paid)) / 100


@pytest.mark.parametrize("text", TERMS)
@settings(max_examples=15, deadline=None)
@given(world=WORLDS)
def test_a_second_run_of_a_month_states_the_same(text: str, world: World) -> None:
    own, books = terms_of(text, world.left), Books([])

    for month in range(1, len(world.landed) + 1):
        first, second = (calculated(world, books, month, own) for _ in range(2))
        assert (first and first.digest) == (second and second.digest)
        if first is not None and world.approved[month - 1]:
            books.approve(first)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 90_000), st.integers(1, 120_000), st.integers(0, 100))
def test_what_a_cap_took_is_not_taken_back_after_its_month_was_approved(
    most: int, earned: int, percent: int
) -> None:
    own, books = terms_of("{minimum: 0 EUR}", None), Books([])
    cap = PayeeCapRow(PAYEE, PRINCIPAL, Decimal(most) / 100, None, None, SOURCE)
    rows = PaymentRows((), (), (), (), ((KEY, cap),))
    paid = min(earned, most)
    left = earned - earned * percent // 100

    for month, cents in ((1, earned), (3, left - earned), (4, -left)):
        line = replace(line_of(1, cents, month), original_period=None, competence="2026-01")
        proposal = proposed([line] if cents else [], rows, books, month, own)
        if proposal is not None:
            books.approve(proposal)
        if month == 3:
            assert _owed(books) == max(0, paid - min(left, most))

    assert _owed(books) == paid


def _owed(books: Books) -> int:
    """Return what is to be paid back, in cents."""
    return int(-books.carried * 100)
