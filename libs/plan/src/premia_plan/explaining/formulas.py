"""Checks of what formulas give."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from premia_plan.explaining.reading import Check, number_of, rounded, texts, typed
from premia_plan.language import FactMissing, Value, compile_formula
from premia_plan.language.evaluation import Evaluate
from premia_plan.language.syntax import read_expression
from premia_plan.results import Node


@lru_cache(maxsize=256)
def compiled(text: str) -> Evaluate:
    """Return the function of a formula's text."""
    return compile_formula(read_expression(text))


class Inputs:
    """The children's values under the names the formula gives them, in order."""

    def __init__(self, node: Node, children: Sequence[Node]) -> None:
        names = texts(node.detail, "inputs")
        self._values = {name: typed(child) for name, child in zip(names, children, strict=True)}

    def value(self, name: str) -> Value | None:
        """Return a child's value by its name."""
        return self._values.get(name)

    def day_reached(self, state: str) -> date | None:
        """Return the day a state was reached, where the formula has it as an input."""
        for name in (f"day of {state}", f"reached {state}"):
            found = self._values.get(name)
            if isinstance(found, date):
                return found
        return None


def formula(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a formula over the children gives the node's value."""
    try:
        value = compiled(str(node.detail["formula"]))(Inputs(node, children))
    except FactMissing:
        return False
    return isinstance(value, Fraction) and rounded(value, node.detail) == number_of(node)


CHECKS: dict[str, Check] = {"formula": formula}
