"""Restatements under a payee's cap: what was capped once is neither lost nor paid twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from calc_engine.domain.payment_accounts import ClosedAccounts
from calc_engine.domain.payment_rows import PaymentRows
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.statement_line import PostedLine, ResultLine, StatementLine
from premia_common.periods import Month
from premia_plan.relations import PayeeCapRow

from .paid_books import GO_LIVE, KEY, PAYEE, PRINCIPAL, SOURCE, Books, proposed, terms_of


def result(
    number: int, what: str, month: str, amount: int, order: str = "O1", of: str | None = None
) -> ResultLine:
    """Return a line of a calculation; `of` is the month it was earned in."""
    ids = UUID(int=number), UUID(int=1000 + number)
    return ResultLine(
        ids[0], PAYEE, PRINCIPAL, "newcomer", "EUR", "base", "commission", what, month,
        of or month, Decimal(amount), order, "C", 0, None, None, ids[1],
    )  # fmt: skip


def posted(lines: Sequence[StatementLine], statement_id: UUID, period: str) -> list[PostedLine]:
    return [
        PostedLine(
            line.origin_line_id, statement_id, period, line.payee_id, line.principal_id, line.plan,
            line.component, line.kind, line.competence, line.currency, line.amount, line.order_id,
            line.credit_id, line.share,
        )
        for line in lines
    ]  # fmt: skip


def paid(
    cap: int,
    months: Sequence[tuple[int, Sequence[ResultLine]]],
    kept_as: Callable[[ClosedAccounts], ClosedAccounts] = lambda closed: closed,
) -> list[Decimal]:
    """Approve months one after the other, each as it knows the results, and return what they pay.

    What is to be paid back is below zero.
    """
    own, books, before = terms_of("{minimum: 0 EUR}", None), Books([]), list[PostedLine]()
    row = PayeeCapRow(PAYEE, PRINCIPAL, Decimal(cap), None, None, SOURCE)
    rows = PaymentRows((), (), (), (), ((KEY, row),))
    found = []
    for month, results in months:
        lines, _ = lines_of_period(
            results,
            before,
            period=Month(2026, month),
            go_live=GO_LIVE,
            approved={},
            order_sources={},
            capped={KEY},
        )
        if books.closed is not None:
            books.closed = kept_as(books.closed)
        proposal = proposed(lines, rows, books, month, own)
        assert proposal is not None
        found.append(proposal.payable.amount + min(proposal.carried_forward.amount, Decimal(0)))
        before += posted(lines, proposal.statement_id, str(proposal.period))
        books.approve(proposal)
    return found


JANUARY = result(1, "release", "2026-01", 1000)
CANCELLED = result(2, "reversal", "2026-02", -1000, of="2026-01")


def test_an_order_that_comes_again_under_another_number_takes_nothing_of_the_next_month() -> None:
    again = result(3, "release", "2026-01", 1000, order="O2")
    february = result(4, "release", "2026-02", 250, order="O3")

    assert paid(250, [(1, [JANUARY]), (2, [again, february])]) == [250, 250]


@pytest.mark.parametrize("amount", [250, 1500])
def test_an_order_that_is_gone_is_taken_back_within_the_cap_beside_one_released_later(
    amount: int,
) -> None:
    # January paid 250 of 1 000. February takes these 250 back, and pays 250 of what it releases.
    later = result(3, "release", "2026-02", amount, order="O3", of="2026-01")

    assert paid(250, [(1, [JANUARY]), (2, [later])]) == [250, 0]


def test_a_cancellation_that_is_withdrawn_restores_what_was_paid() -> None:
    # March: 250 of January again, which the 250 taken back meet, and 250 of its own.
    march = result(4, "release", "2026-03", 250, order="O3")

    months = [(1, [JANUARY]), (2, [JANUARY, CANCELLED]), (3, [JANUARY, march])]
    assert paid(250, months) == [250, -250, 250]


@pytest.mark.parametrize("amount", [50, 30])
def test_a_cancellation_that_moves_to_another_day_takes_nothing_of_the_next_month(
    amount: int,
) -> None:
    first = result(1, "release", "2026-01", amount)
    march = result(2, "reversal", "2026-03", -amount, of="2026-01")
    february = result(3, "reversal", "2026-02", -amount, of="2026-01")
    april = result(4, "release", "2026-04", 60, order="O2")

    months = [(1, [first]), (3, [first, march]), (4, [first, february, april])]
    assert paid(60, months) == [amount, -amount, 60 - amount]


def of_the_version_before(closed: ClosedAccounts) -> ClosedAccounts:
    """Return accounts as they were kept before what was taken back was an account."""
    accounts = (
        replace(each, parts=tuple((period.partition(" ")[0], part) for period, part in each.parts))
        for each in closed.accounts
        if each.account != "taken_back"
    )
    return replace(closed, accounts=tuple(accounts))


@pytest.mark.parametrize("kept_as", [lambda closed: closed, of_the_version_before])
def test_what_is_reinstated_has_had_its_cap_whichever_version_closed_the_month(
    kept_as: Callable[[ClosedAccounts], ClosedAccounts],
) -> None:
    restored = result(5, "reinstatement", "2026-03", 1000, of="2026-01")
    march = result(4, "release", "2026-03", 250, order="O3")

    months = [
        (1, [JANUARY]),
        (2, [JANUARY, CANCELLED]),
        (3, [JANUARY, CANCELLED, restored, march]),
    ]
    assert paid(250, months, kept_as) == [250, -250, 250]
