"""Which adjustments and loans count in a period that follows paid ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import AccountMove, ClosedAccounts, PostedPayment
from calc_engine.domain.payment_rows import PaymentRows, counted_once
from premia_common.periods import Month
from premia_plan.relations import LoanRow, OpeningRow
from premia_plan.results import SourceRef

KEY = ("A1", "P1", "EUR")
GO_LIVE = Month(2026, 1)
LOAN = LoanRow(
    "L1", "A1", "P1", "2026-01", Decimal(200), Decimal(75), "2026-02", SourceRef("loan", "L1")
)
CLOSED = ClosedBefore([(KEY, ClosedAccounts("2026-02", UUID(int=1), ()))], GO_LIVE)
LENT = PostedPayment(*KEY, "loan", "L1", Decimal(200))


def lent_in(loan: LoanRow, *posted: PostedPayment) -> list[str]:
    rows = PaymentRows((), ((KEY, loan),), (), ())
    return [row.month for _, row in counted_once(rows, posted, CLOSED, GO_LIVE).loans]


def test_a_loan_that_came_too_late_is_lent_in_the_first_month_that_is_not_paid() -> None:
    assert lent_in(LOAN) == ["2026-03"]


def test_a_loan_that_was_lent_stays_to_be_recovered() -> None:
    assert lent_in(LOAN, LENT) == ["2026-01"]


def test_a_loan_whose_new_version_names_a_later_month_is_not_lent_again() -> None:
    assert lent_in(replace(LOAN, month="2026-03"), LENT) == ["2026-02"]
    assert lent_in(replace(LOAN, month="2026-03")) == ["2026-03"]


DRAW = OpeningRow(
    "draw",
    "A1",
    "newcomer",
    "2026-01",
    Decimal(300),
    date(2026, 1, 31),
    SourceRef("opening", "1", None, "payroll"),
)
OWED = AccountMove(
    "draw", "newcomer", Decimal(0), Decimal(0), Decimal(0), Decimal(180), openings=("2026-01",)
)
OPENED = PostedPayment(*KEY, "opened", "draw newcomer", Decimal(300))


def opened_by(*rows: OpeningRow, posted: tuple[PostedPayment, ...] = (OPENED,)) -> PaymentRows:
    known = ClosedBefore([(KEY, ClosedAccounts("2026-02", UUID(int=1), (OWED,)))], GO_LIVE)
    all_of_them = PaymentRows((), (), tuple((KEY, row) for row in rows), ())
    return counted_once(all_of_them, posted, known, GO_LIVE)


def test_an_opening_balance_that_stays_counts_no_more() -> None:
    found = opened_by(DRAW)

    assert [row for _, row in found.openings] == [DRAW]
    assert found.exceptions == ()


def test_the_difference_of_a_changed_opening_balance_counts_in_the_first_open_month() -> None:
    later = replace(DRAW, amount=Decimal(250))

    found = opened_by(later)

    [_, (_, change)] = found.openings
    assert (change.amount, change.period, change.changed_in) == (-50, "2026-02", "2026-03")
    assert change.source.label == "payroll, 250 in all, 300 counted before"
    assert [(told.code, told.month, told.blocks) for told in found.exceptions] == [
        ("opening_changed", "2026-03", False)
    ]


def test_a_withdrawn_opening_balance_is_given_back_and_one_of_another_month_is_new() -> None:
    [(_, given_back)] = opened_by().openings
    moved = opened_by(replace(DRAW, period="2026-02")).openings

    assert (given_back.amount, given_back.source.kind) == (-300, "statement")
    assert [(row.amount, row.counted_as) for _, row in moved] == [
        (300, "2026-02"),
        (-300, "2026-02 2026-03"),
    ]


def test_where_it_is_not_known_what_was_opened_nothing_changes() -> None:
    assert len(opened_by(replace(DRAW, amount=Decimal(250)), posted=()).openings) == 1
