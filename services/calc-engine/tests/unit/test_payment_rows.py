"""Which adjustments and loans count in a period that follows paid ones."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import ClosedAccounts, PostedPayment
from calc_engine.domain.payment_rows import PaymentRows, counted_once
from premia_common.periods import Month
from premia_plan.relations import LoanRow
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
