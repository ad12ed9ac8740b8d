"""From lines to pay: adjustments, reserves, draws, loans and balances, month after month."""

from premia_plan.paying.pay import pay
from premia_plan.paying.results import Account, Balance, Pay, PaymentLine, PaymentWhat
from premia_plan.paying.standing import AccountKind, Standing, StandingAccount, Standings

__all__ = [
    "Account",
    "AccountKind",
    "Balance",
    "Pay",
    "PaymentLine",
    "PaymentWhat",
    "Standing",
    "StandingAccount",
    "Standings",
    "pay",
]
