"""From lines to pay: adjustments, reserves, draws, loans and balances, month after month."""

from premia_plan.paying.by_release import MonthsOf
from premia_plan.paying.covering import REVERSED
from premia_plan.paying.originals import Months, Originals, whole
from premia_plan.paying.pay import pay
from premia_plan.paying.results import Account, Balance, Pay, PaymentLine, PaymentWhat
from premia_plan.paying.standing import OF_CAPS, AccountKind, Standing, StandingAccount, Standings

__all__ = [
    "OF_CAPS",
    "REVERSED",
    "Account",
    "AccountKind",
    "Balance",
    "Months",
    "MonthsOf",
    "Originals",
    "Pay",
    "PaymentLine",
    "PaymentWhat",
    "Standing",
    "StandingAccount",
    "Standings",
    "pay",
    "whole",
]
