"""Checks of the steps of a component: the first child is the amount a step starts from."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.explaining.formulas import Inputs, compiled
from premia_plan.explaining.reading import Check, number_of, rounded
from premia_plan.results import Node


def gate(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the amount was kept or replaced as the condition asks."""
    passed = bool(compiled(str(node.detail["formula"]))(Inputs(node, children[1:])))
    kept = number_of(children[0]) if passed else Fraction(str(node.detail["otherwise"]))
    return passed is node.detail["passed"] and kept == number_of(node)


def round_step(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the amount, rounded."""
    return number_of(node) == rounded(number_of(children[0]), node.detail)


def cap(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the lesser of amount and limit."""
    return number_of(node) == min(number_of(children[0]), Fraction(str(node.detail["limit"])))


CHECKS: dict[str, Check] = {"gate": gate, "round": round_step, "cap": cap}
