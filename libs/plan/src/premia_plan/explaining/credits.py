"""Checks of what is divided among payees and pushed back to orders."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.apportion import round_units, split_units, spread_units, units_of
from premia_plan.explaining.reading import Check, leftover_of, number_of, texts, whole
from premia_plan.results import Node


def split(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a credit is its share of the amount."""
    places = whole(node.detail, "places")
    ratios = [Fraction(text) for text in texts(node.detail, "ratios")]
    units = round_units(number_of(children[0]), places)
    parts = split_units(units, ratios, leftover_of(node.detail))
    return parts[whole(node.detail, "index")] == units_of(node.value, places)


def spread(node: Node, children: Sequence[Node]) -> bool:
    """Say whether an amount was pushed back by the weights that follow it, or equally."""
    places = whole(node.detail, "places")
    weights = [number_of(child) for child in children[1:]]
    units = units_of(children[0].value, places)
    parts = spread_units(units, weights, leftover_of(node.detail))
    written = [units_of(text, places) for text in texts(node.detail, "parts")]
    return parts == written and number_of(node) == number_of(children[0])


def part(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a part is the one of its credit."""
    whole_amount, credit = children
    index = whole(node.detail, "index")
    is_its_credit = whole_amount.children[index + 1] == credit.node_id
    return is_its_credit and texts(whole_amount.detail, "parts")[index] == node.value


CHECKS: dict[str, Check] = {"split": split, "spread": spread, "part": part}
