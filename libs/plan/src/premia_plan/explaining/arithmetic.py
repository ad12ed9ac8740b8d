"""Checks of sums, differences, quotients and of what is passed on or is nothing."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.explaining.reading import Check, number_of, whole
from premia_plan.results import Node


def given(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a leaf is one: it names its source or its clause of the plan."""
    return not children and (node.source is not None or "clause" in node.detail)


def same(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the only child's value is passed on."""
    return len(children) == 1 and number_of(node) == number_of(children[0])


def total(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the children add up."""
    return number_of(node) == sum((number_of(child) for child in children), Fraction(0))


def nothing(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is zero because of its only child."""
    return len(children) == 1 and number_of(node) == 0


def difference(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the first child less the second."""
    return number_of(node) == number_of(children[0]) - number_of(children[1])


def ratio(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the first child divided by the second."""
    divided, divisor = number_of(children[0]), number_of(children[1])
    return divisor != 0 and number_of(node) == divided / divisor


def days(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the part of the first child that some of its days bear."""
    counted, all_days = whole(node.detail, "days"), whole(node.detail, "of_days")
    return number_of(node) == number_of(children[0]) * counted / all_days


CHECKS: dict[str, Check] = {
    "given": given,
    "same": same,
    "sum": total,
    "nothing": nothing,
    "difference": difference,
    "ratio": ratio,
    "days": days,
}
