"""Checks of bands."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.explaining.reading import Check, number_of
from premia_plan.results import Node


def band(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a band was reached and its part of the base paid at its rate."""
    rate, base = number_of(children[0]), number_of(children[1])
    starts, ends = Fraction(str(node.detail["starts"])), node.detail["ends"]
    if node.detail["mode"] == "whole":
        looked_up = number_of(children[2])
        inside = starts <= looked_up and (ends is None or looked_up < Fraction(str(ends)))
        slice_ = base
    else:
        edge = number_of(children[2]) if len(children) == 3 else Fraction(1)
        lower = starts * edge
        upper = base if ends is None else min(base, Fraction(str(ends)) * edge)
        inside, slice_ = upper > lower, upper - lower
    written = Fraction(str(node.detail["base"])) == slice_
    return inside and written and slice_ * rate == number_of(node)


CHECKS: dict[str, Check] = {"band": band}
