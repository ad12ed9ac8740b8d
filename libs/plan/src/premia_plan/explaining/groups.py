"""Checks of what is made of several figures: averages, extremes, places, different values."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.explaining.reading import Check, number_of, texts, whole
from premia_plan.results import Node


def average(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the average of its children."""
    total = sum((number_of(child) for child in children), Fraction(0))
    return bool(children) and number_of(node) * len(children) == total


def weighted_average(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the average of its children by the weights of its detail."""
    weights = [Fraction(text) for text in texts(node.detail, "weights")]
    pairs = zip(weights, children, strict=True)
    total = sum((weight * number_of(child) for weight, child in pairs), Fraction(0))
    return number_of(node) * sum(weights) == total


def highest(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the highest of its children."""
    return number_of(node) == max(number_of(child) for child in children)


def lowest(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the lowest of its children."""
    return number_of(node) == min(number_of(child) for child in children)


def rank(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the place of one of its children, the highest being the first."""
    own = number_of(children[whole(node.detail, "index")])
    return number_of(node) == 1 + sum(number_of(child) > own for child in children)


def place(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node is the place of one of its first children.

    Further children, one for each, decide between equals where `ties` is `next`; then the order
    does.
    """
    count, index = whole(node.detail, "count"), whole(node.detail, "index")
    sign = 1 if node.detail["order"] == "highest" else -1
    values = [sign * number_of(child) for child in children[:count]]
    best = 1 + sum(value > values[index] for value in values)
    same = values.count(values[index])
    match node.detail["ties"]:
        case "best":
            found = Fraction(best)
        case "worst":
            found = Fraction(best + same - 1)
        case "average":
            found = best + Fraction(same - 1, 2)
        case _:
            further = [sign * number_of(child) for child in children[count:]]
            further = further or [Fraction(0)] * count
            found = Fraction(best)
            for other in range(count):
                if values[other] == values[index] and other != index:
                    equal = further[other] == further[index] and other < index
                    found += further[other] > further[index] or equal
    return number_of(node) == found


def distinct(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node counts the different values of its children."""
    return number_of(node) == len({child.value for child in children})


def count(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the node says how many children it has."""
    return number_of(node) == len(children)


CHECKS: dict[str, Check] = {
    "average": average,
    "weighted_average": weighted_average,
    "highest": highest,
    "lowest": lowest,
    "rank": rank,
    "place": place,
    "distinct": distinct,
    "count": count,
}
