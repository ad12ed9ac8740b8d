"""What was posted when a run began, read again by a replay."""

from decimal import Decimal

from calc_engine.domain.baseline import Baseline
from calc_engine.domain.payment_accounts import PostedPayment


def test_a_baseline_of_an_earlier_release_knows_payments_by_name_only() -> None:
    stored = {
        "posted": [],
        "balances": [],
        "approved": [],
        "known": [],
        "payments": [
            ["p", "q", "EUR", "adjustment", "x"],
            ["p", "q", "EUR", "already_paid", "y", "-150.00"],
        ],
    }

    assert Baseline.read(stored).payments == (
        PostedPayment("p", "q", "EUR", "adjustment", "x", Decimal(0)),
        PostedPayment("p", "q", "EUR", "already_paid", "y", Decimal("-150.00")),
    )
