"""References to figures of a population, such as `sum of sold among reps`, taken apart."""

from dataclasses import dataclass

from calc_engine.engine.refusal import NotLowered
from premia_plan.language import read_expression
from premia_plan.language.references import AGGREGATES
from premia_plan.language.syntax import Reference

RANK_OF = "rank of"


@dataclass(frozen=True, slots=True)
class GroupReference:
    """What is made of a figure of everybody in a population, or in a payee's group of it."""

    words: str
    figure: str
    population: str


def is_reference(name: str) -> bool:
    """Say whether a name is one of words around a figure."""
    return " " in name


def read_reference(name: str) -> GroupReference:
    """Return what a reference asks.

    Raises:
        NotLowered: if it is of another kind.
    """
    expression = read_expression(name)
    if isinstance(expression, Reference) and len(expression.before) == len(expression.after) == 1:
        words, asked = expression.before[0], expression.after[0]
        if asked.words == "among" and (words in AGGREGATES or words == RANK_OF):
            return GroupReference(words, expression.path, asked.named or "")
    raise NotLowered(f"cells that ask for {name}")
