"""Checks of what is released and taken back."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.apportion import release_units, taken_units, units_of
from premia_plan.explaining.reading import Check, texts, whole
from premia_plan.results import Node


def share(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a release share is its part of the earning."""
    places = whole(node.detail, "places")
    ratios = [None if text == "rest" else Fraction(text) for text in texts(node.detail, "shares")]
    parts = release_units(units_of(children[0].value, places), ratios)
    return parts[whole(node.detail, "index")] == units_of(node.value, places)


def take_back(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the named part of what was released is taken back."""
    places = whole(node.detail, "places")
    ratio = Fraction(str(node.detail["takes"]))
    taken = taken_units(units_of(children[0].value, places), ratio)
    return -taken == units_of(node.value, places)


CHECKS: dict[str, Check] = {"share": share, "take_back": take_back}
