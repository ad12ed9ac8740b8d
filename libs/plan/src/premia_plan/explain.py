"""Explanations checked and told: does a value follow from its children, and what does it mean?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from premia_plan.apportion import release_units, round_units, split_units, taken_units, units_of
from premia_plan.language import FactMissing, Scope, Value, compile_formula
from premia_plan.language.evaluation import Evaluate
from premia_plan.language.syntax import read_expression
from premia_plan.narration import NodeLookup, label, words
from premia_plan.results import Detail, Node

__all__ = ["NodeLookup", "check_node", "check_tree", "label", "leaves", "words"]

Check: TypeAlias = Callable[[Node, Sequence[Node]], bool]


def check_node(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a node's value follows exactly from its children's values.

    `children` are the nodes that `node.children` names, in that order. A leaf follows from
    nothing; whether it is true is for its source or its clause in the plan.

    Raises:
        ValueError: if other nodes than the node's children are given.
    """
    if tuple(child.node_id for child in children) != node.children:
        raise ValueError(f"give the children of node {node.node_id}, in their order")
    check = _CHECKS.get(node.operation)
    return check is not None and check(node, children)


def check_tree(root: Node, lookup: NodeLookup) -> tuple[Node, ...]:
    """Return the nodes below a root (itself included) that do not follow; none is right.

    A child that the lookup does not know makes its parent one that does not follow.
    """
    wrong, waiting, seen = [], [root], {root.node_id}
    while waiting:
        node = waiting.pop()
        children = [lookup[child] for child in node.children if child in lookup]
        if len(children) != len(node.children) or not check_node(node, children):
            wrong.append(node)
        for child in children:
            if child.node_id not in seen:
                seen.add(child.node_id)
                waiting.append(child)
    return tuple(wrong)


def _number(node: Node) -> Fraction:
    return Fraction(node.value)


def _whole(detail: Mapping[str, Detail], key: str) -> int:
    value = detail[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} is no whole number")
    return value


def _texts(detail: Mapping[str, Detail], key: str) -> list[str]:
    value = detail[key]
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{key} is no list")
    return [str(item) for item in value]


def _given(node: Node, children: Sequence[Node]) -> bool:
    return not children and (node.source is not None or "clause" in node.detail)


@lru_cache(maxsize=256)
def _compiled(formula: str) -> Evaluate:
    return compile_formula(read_expression(formula))


class _Inputs(Scope):
    """The children's values under the names the formula gives them."""

    def __init__(self, node: Node, children: Sequence[Node]) -> None:
        names = _texts(node.detail, "inputs")
        self._values = {name: _typed(child) for name, child in zip(names, children, strict=True)}

    def value(self, name: str) -> Value | None:
        """Return a child's value by its name."""
        return self._values.get(name)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - no formula paid asks
        """Return None: amounts and gates ask for no states."""
        return None


def _typed(node: Node) -> Value:
    if node.unit == "date":
        return date.fromisoformat(node.value)
    return node.value if node.unit == "text" else _number(node)


def _rounded(value: Fraction, detail: Mapping[str, Detail]) -> Fraction:
    if "rounding" not in detail:
        return value
    places = _whole(detail, "places")
    return Fraction(round_units(value, places), 10**places)


def _formula(node: Node, children: Sequence[Node]) -> bool:
    try:
        value = _compiled(str(node.detail["formula"]))(_Inputs(node, children))
    except FactMissing:
        return False
    return isinstance(value, Fraction) and _rounded(value, node.detail) == _number(node)


def _gate(node: Node, children: Sequence[Node]) -> bool:
    passed = bool(_compiled(str(node.detail["formula"]))(_Inputs(node, children[1:])))
    kept = _number(children[0]) if passed else Fraction(str(node.detail["otherwise"]))
    return passed is node.detail["passed"] and kept == _number(node)


def _split(node: Node, children: Sequence[Node]) -> bool:
    places = _whole(node.detail, "places")
    ratios = [Fraction(text) for text in _texts(node.detail, "ratios")]
    parts = split_units(round_units(_number(children[0]), places), ratios)
    return parts[_whole(node.detail, "index")] == units_of(node.value, places)


def _share(node: Node, children: Sequence[Node]) -> bool:
    places = _whole(node.detail, "places")
    ratios = [None if text == "rest" else Fraction(text) for text in _texts(node.detail, "shares")]
    parts = release_units(units_of(children[0].value, places), ratios)
    return parts[_whole(node.detail, "index")] == units_of(node.value, places)


def _take_back(node: Node, children: Sequence[Node]) -> bool:
    places = _whole(node.detail, "places")
    ratio = Fraction(str(node.detail["takes"]))
    taken = taken_units(units_of(children[0].value, places), ratio)
    return -taken == units_of(node.value, places)


def _band(node: Node, children: Sequence[Node]) -> bool:
    rate, base = _number(children[0]), _number(children[1])
    starts, ends = Fraction(str(node.detail["starts"])), node.detail["ends"]
    if node.detail["mode"] == "whole":
        looked_up = _number(children[2])
        inside = starts <= looked_up and (ends is None or looked_up < Fraction(str(ends)))
        slice_ = base
    else:
        edge = _number(children[2]) if len(children) == 3 else Fraction(1)
        lower = starts * edge
        upper = base if ends is None else min(base, Fraction(str(ends)) * edge)
        inside, slice_ = upper > lower, upper - lower
    return (
        inside and Fraction(str(node.detail["base"])) == slice_ and slice_ * rate == _number(node)
    )


def _spread(node: Node, children: Sequence[Node]) -> bool:
    places = _whole(node.detail, "places")
    weights = [_number(child) for child in children[1:]]
    parts = split_units(units_of(children[0].value, places), weights)
    written = [units_of(text, places) for text in _texts(node.detail, "parts")]
    return parts == written and _number(node) == _number(children[0])


def _part(node: Node, children: Sequence[Node]) -> bool:
    spread, credit = children
    index = _whole(node.detail, "index")
    is_its_credit = spread.children[index + 1] == credit.node_id
    return is_its_credit and _texts(spread.detail, "parts")[index] == node.value


def _ratio(node: Node, children: Sequence[Node]) -> bool:
    return _number(children[1]) != 0 and _number(node) == _number(children[0]) / _number(
        children[1]
    )


_CHECKS: Mapping[str, Check] = {
    "given": _given,
    "formula": _formula,
    "gate": _gate,
    "split": _split,
    "share": _share,
    "take_back": _take_back,
    "band": _band,
    "spread": _spread,
    "part": _part,
    "ratio": _ratio,
    "same": lambda node, children: len(children) == 1 and _number(node) == _number(children[0]),
    "sum": lambda node, children: (
        _number(node) == sum((_number(child) for child in children), Fraction(0))
    ),
    "nothing": lambda node, children: len(children) == 1 and _number(node) == 0,
    "round": lambda node, children: _number(node) == _rounded(_number(children[0]), node.detail),
    "cap": lambda node, children: (
        _number(node) == min(_number(children[0]), Fraction(str(node.detail["limit"])))
    ),
    "days": lambda node, children: (
        _number(node)
        == _number(children[0]) * _whole(node.detail, "days") / _whole(node.detail, "of_days")
    ),
    "difference": lambda node, children: (
        _number(node) == _number(children[0]) - _number(children[1])
    ),
}


def leaves(root: Node, lookup: Mapping[UUID, Node]) -> tuple[Node, ...]:
    """Return the leaves an amount rests on, each once."""
    found, waiting, seen = [], [root], {root.node_id}
    while waiting:
        node = waiting.pop()
        if not node.children:
            found.append(node)
        for child in node.children:
            if child not in seen:
                seen.add(child)
                waiting.append(lookup[child])
    return tuple(found)
