"""The formula language: grammar, units checked at compile time, exact evaluation."""

from premia_plan.language.arithmetic import NumberTooLarge
from premia_plan.language.evaluation import FactMissing, Scope, Value, compile_formula
from premia_plan.language.formula import Formula, evaluate_inputs, names_in, read_formula
from premia_plan.language.names import Names, suggested
from premia_plan.language.syntax import FormulaRefused, read_expression, text_of
from premia_plan.language.words import Words

__all__ = [
    "FactMissing",
    "Formula",
    "FormulaRefused",
    "Names",
    "NumberTooLarge",
    "Scope",
    "Value",
    "Words",
    "compile_formula",
    "evaluate_inputs",
    "names_in",
    "read_expression",
    "read_formula",
    "suggested",
    "text_of",
]
