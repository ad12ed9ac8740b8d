"""The formula language: grammar, units checked at compile time, exact evaluation."""

from premia_plan.language.evaluation import FactMissing, Scope, Value, compile_formula
from premia_plan.language.formula import Formula, FormulaRefused, read_formula
from premia_plan.language.names import Names, suggestion

__all__ = [
    "FactMissing",
    "Formula",
    "FormulaRefused",
    "Names",
    "Scope",
    "Value",
    "compile_formula",
    "read_formula",
    "suggestion",
]
