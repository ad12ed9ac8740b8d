"""What payees are told they get, in the currency of their statements."""

from premia_plan.stating.stated import Stated, StatedAmount, state

__all__ = ["Stated", "StatedAmount", "state"]
