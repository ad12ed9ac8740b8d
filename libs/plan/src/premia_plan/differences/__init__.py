"""What changed between two versions of a plan, as data and in words (Italian and English)."""

from premia_plan.differences.change import Change, Sentence
from premia_plan.differences.comparison import compare_plans

__all__ = ["Change", "Sentence", "compare_plans"]
