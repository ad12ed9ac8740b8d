"""Checks of what is released and taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import cast

from premia_plan.apportion import release_units, taken_units, units_of
from premia_plan.elapsed import Elapsed, elapsed
from premia_plan.explaining.formulas import Inputs, compiled
from premia_plan.explaining.reading import Check, number_of, texts, typed, whole
from premia_plan.language import FactMissing
from premia_plan.language.dates import add_months
from premia_plan.results import Detail, Node


def share(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a release share is its part of the earning."""
    places = whole(node.detail, "places")
    ratios = [None if text == "rest" else Fraction(text) for text in texts(node.detail, "shares")]
    parts = release_units(units_of(children[0].value, places), ratios)
    return parts[whole(node.detail, "index")] == units_of(node.value, places)


def take_back(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the named part of what was released or earned is taken back.

    `before` is the part that earlier reversals took, `limit` the most that can be taken.
    """
    places = whole(node.detail, "places")
    taken = _part_of(children[0], node, places)
    limit = node.detail.get("limit")
    if limit is not None:
        most = units_of(str(limit), places)
        taken = max(-most, min(most, taken))
    return -taken == units_of(node.value, places)


def taken_of(node: Node, children: Sequence[Node]) -> bool:
    """Say whether it is the part of a share that a reversal dropped."""
    places = whole(node.detail, "places")
    return _part_of(children[0], node, places) == units_of(node.value, places)


def _part_of(base: Node, node: Node, places: int) -> int:
    ratio, before = Fraction(str(node.detail["takes"])), Fraction(str(node.detail.get("before", 0)))
    return taken_units(units_of(base.value, places), ratio, before)


def left_of(node: Node, children: Sequence[Node]) -> bool:
    """Say whether it is what reversals left of a share."""
    places = whole(node.detail, "places")
    planned = units_of(children[0].value, places)
    gone = taken_units(planned, Fraction(str(node.detail["gone"])))
    return planned - gone == units_of(node.value, places)


def opposite(node: Node, children: Sequence[Node]) -> bool:
    """Say whether it gives back exactly what was taken."""
    return number_of(node) == -number_of(children[0])


def elapsed_step(node: Node, children: Sequence[Node]) -> bool:
    """Say whether the step of the time passed gives the part."""
    passed = _passed(node, children, 0)
    steps = node.detail["steps"]
    if passed != whole(node.detail, "passed") or isinstance(steps, str | int | None | Mapping):
        return False
    fitting = [Fraction(str(part)) for within, part in _pairs(steps) if passed <= within]
    return number_of(node) == (fitting[0] if fitting else 0)


def _pairs(steps: Sequence[Detail]) -> list[tuple[int, str]]:
    pairs = [step for step in steps if isinstance(step, Sequence) and not isinstance(step, str)]
    return [(int(str(within)), str(part)) for within, part in pairs]


def unexpired(node: Node, children: Sequence[Node]) -> bool:
    """Say whether it is the part of the term that had not passed."""
    passed = _passed(node, children, whole(node.detail, "years_before"))
    term = Fraction(str(node.detail["term"]))
    given = _given(node, children[2:])
    left = Fraction(0) if term <= 0 else max(Fraction(0), 1 - Fraction(passed) / term)
    is_right = passed == whole(node.detail, "passed") and given == term
    return is_right and number_of(node) == left


def _passed(node: Node, children: Sequence[Node], years: int) -> int:
    since, until = typed(children[0]), typed(children[1])
    if not isinstance(since, date) or not isinstance(until, date):
        return 0
    return elapsed(cast("Elapsed", node.detail["elapsed"]), add_months(since, 12 * years), until)


def formula_between(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a formula gives it, kept between two limits."""
    given = _given(node, children)
    least, most = (Fraction(str(node.detail[key])) for key in ("least", "most"))
    return given is not None and number_of(node) == max(least, min(most, given))


def _given(node: Node, children: Sequence[Node]) -> Fraction | None:
    try:
        value = compiled(str(node.detail["formula"]))(Inputs(node, children))
    except FactMissing:
        return None
    return value if isinstance(value, Fraction) else None


CHECKS: dict[str, Check] = {
    "share": share,
    "take_back": take_back,
    "taken_of": taken_of,
    "left_of": left_of,
    "opposite": opposite,
    "elapsed_step": elapsed_step,
    "unexpired": unexpired,
    "formula_between": formula_between,
}
