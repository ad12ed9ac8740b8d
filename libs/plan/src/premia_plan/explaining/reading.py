"""Values read back from nodes and their details."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias, cast

from premia_plan.apportion import LARGEST_FRACTION, Leftover, round_units
from premia_plan.language import Value
from premia_plan.results import Detail, Node

Check: TypeAlias = Callable[[Node, Sequence[Node]], bool]
"""Says whether a node's value follows from its children's, which are given in order."""


def number_of(node: Node) -> Fraction:
    """Return a node's value as an exact number."""
    return Fraction(node.value)


def whole(detail: Mapping[str, Detail], key: str) -> int:
    """Return a whole number of a detail.

    Raises:
        TypeError: if it is none.
    """
    value = detail[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} is no whole number")
    return value


def texts(detail: Mapping[str, Detail], key: str) -> list[str]:
    """Return a list of texts of a detail.

    Raises:
        TypeError: if it is none.
    """
    value = detail[key]
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{key} is no list")
    return [str(item) for item in value]


def leftover_of(detail: Mapping[str, Detail]) -> Leftover:
    """Return who takes the leftover cents of what is divided."""
    return cast("Leftover", detail.get("leftover", LARGEST_FRACTION))


def typed(node: Node) -> Value | None:
    """Return a node's value as formulas see it; an empty one is unknown."""
    if not node.value:
        return None
    match node.unit:
        case "date":
            return date.fromisoformat(node.value)
        case "bool":
            return node.value == "true"
        case "text":
            return node.value
        case _:
            return number_of(node)


def rounded(value: Fraction, detail: Mapping[str, Detail]) -> Fraction:
    """Return a value rounded as a detail says, or as it is where it names no rounding."""
    if "rounding" not in detail:
        return value
    places = whole(detail, "places")
    return Fraction(round_units(value, places), 10**places)
