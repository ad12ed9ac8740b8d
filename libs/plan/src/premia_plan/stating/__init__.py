"""What payees are told they get, in the currency of their statements."""

from premia_plan.paying import Months, Originals
from premia_plan.stating.conversion import Conversion, PayeeMonth, StatedAmount
from premia_plan.stating.months_of_rate import Movements
from premia_plan.stating.stated import Stated, state

__all__ = [
    "Conversion",
    "Months",
    "Movements",
    "Originals",
    "PayeeMonth",
    "Stated",
    "StatedAmount",
    "state",
]
