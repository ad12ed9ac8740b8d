"""From lines to pay: adjustments, reserves, draws, loans and balances, month after month."""

from premia_plan.paying.pay import pay
from premia_plan.paying.results import Account, Balance, Pay, PaymentLine, PaymentWhat

__all__ = ["Account", "Balance", "Pay", "PaymentLine", "PaymentWhat", "pay"]
