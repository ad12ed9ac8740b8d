"""What hangs on an exception."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from premia_common.money import AmountTooLarge, Money

Estimate: TypeAlias = Literal["unpaid_lines", "order_amount", "measured"]
"""What an amount at stake is: lines not paid for this, the order's own, or what was measured."""


@dataclass(frozen=True, slots=True)
class Stake:
    """Whom an exception touches, and an estimate of what hangs on it.

    `amount` is an upper bound to look at, not what would be paid; `estimate` says what it is.
    """

    payees: tuple[str, ...]
    orders: int
    amount: Money | None
    estimate: Estimate | None


def money_or_none(amount: Decimal, currency: str) -> Money | None:
    """Return an amount; None for a figure so large that it cannot be one."""
    try:
        return Money.rounded(amount, currency)
    except AmountTooLarge:
        return None
