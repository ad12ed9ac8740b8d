"""How the value of a node follows from its children, for each operation."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from premia_verifier.formula import evaluate, later, to_step


class Node(NamedTuple):
    """One step of an explanation; `source` is empty where it was not recorded."""

    node_id: str
    value: str
    unit: str
    operation: str
    detail: Mapping[str, Any]
    source: str
    children: tuple[str, ...]

    @property
    def typed(self) -> Any:
        """The value as formulas see it; an empty one is unknown."""
        return READ.get(self.unit, Fraction)(self.value) if self.value else None

    def number(self, name: str) -> Any:
        """Return a number of the detail; None where it is not bounded or not said."""
        return None if self.detail.get(name) in {None, ""} else Fraction(self.detail[name])


READ: dict[str, Any] = {"date": date.fromisoformat, "bool": "true".__eq__, "text": str}
Kids = Sequence[Node]


def _weighted(node: Node, kids: Kids) -> Any:
    weights = [Fraction(weight) for weight in node.detail["weights"]]
    return sum(kid.typed * own for kid, own in zip(kids, weights, strict=True)) / sum(weights)


def _cent(node: Node) -> Fraction:
    return Fraction(1, 10 ** node.detail["places"])


def _rounded(node: Node, value: Any) -> Any:
    mode = node.detail.get("rounding")
    return value if value is None or mode is None else to_step(value, _cent(node), mode)


def _formula(node: Node, kids: Kids) -> Any:
    values = {name: kid.typed for name, kid in zip(node.detail["inputs"], kids, strict=True)}
    return _rounded(node, evaluate(node.detail["formula"], values))


def _gate(node: Node, kids: Kids) -> Any:
    passed = bool(_formula(node, kids[1:]))
    kept = kids[0].typed if passed else node.number("otherwise")
    return kept if passed is node.detail["passed"] else None


def _divided(node: Node, total: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """Split an amount: rounded down, what is left to the largest lost parts, or to one."""
    units, cent = to_step(abs(total) / _cent(node)), _cent(node) if total >= 0 else -_cent(node)
    exact = [units * weight / sum(weights) for weight in weights]
    by = {"": lambda n: -exact[n] % -1, "last": lambda n: -n, "largest amount": lambda n: -exact[n]}
    who, some = node.detail.get("leftover", ""), [at for at, part in enumerate(exact) if part]
    some.sort(key=by.get(who, abs))
    more = (some[:1] * len(exact) if who else some)[: int(sum(part % 1 for part in exact))]
    return [(part // 1 + more.count(at)) * cent for at, part in enumerate(exact)]


def _part_of(node: Node, amount: Fraction, ratio: Fraction | str) -> Fraction:
    """Round a part of an amount, which never passes the whole; `rest` is all of it."""
    part = amount if ratio == "rest" else to_step(amount * Fraction(ratio), _cent(node))
    return min(amount, part) if amount >= 0 else max(amount, part)


def _share(node: Node, kids: Kids) -> Any:
    *before, own = node.detail["shares"][: node.detail["index"] + 1]
    given = sum(map(Fraction, before), Fraction(0))
    upto = own if own == "rest" else given + Fraction(own)
    return _part_of(node, kids[0].typed, upto) - _part_of(node, kids[0].typed, given)


def _taken(node: Node, kids: Kids) -> Any:
    before, limit = node.number("before") or Fraction(0), node.number("limit")
    upto = before + node.number("takes")
    taken = _part_of(node, kids[0].typed, upto) - _part_of(node, kids[0].typed, before)
    return taken if limit is None else max(-limit, min(limit, taken))


def _passed(node: Node, kids: Kids, years: int = 0) -> Any:
    days = {"since": later(kids[0].typed, 12 * years), "until": kids[1].typed}
    elapsed = node.detail["elapsed"].removeprefix("completed ")
    passed = max(0, evaluate(f"{elapsed} between(since, until)", days))
    return passed if passed == node.detail["passed"] else None


def _unexpired(node: Node, kids: Kids) -> Any:
    passed, term = _passed(node, kids, node.detail["years_before"]), _formula(node, kids[2:])
    left = max(Fraction(0), 1 - passed / term) if term > 0 else Fraction(0)
    return left if term == node.number("term") else None


def _band(node: Node, kids: Kids) -> Any:
    starts, ends = node.number("starts"), node.number("ends")
    rate, base, *reached = (kid.typed for kid in kids)
    if node.detail["mode"] == "whole":
        part = base if starts <= reached[0] and (ends is None or reached[0] < ends) else None
    else:
        target = reached[0] if reached else 1
        lower, upper = starts * target, base if ends is None else min(base, ends * target)
        part = upper - lower if upper > lower else None
    return part * rate if part == node.number("base") else None


def _spread(node: Node, kids: Kids) -> Any:
    """Divide by children that weigh nothing below zero, and all the same where none is above."""
    weights = [max(kid.typed, Fraction(0)) for kid in kids[1:]]
    parts = _divided(node, kids[0].typed, weights if any(weights) else [Fraction(1)] * len(weights))
    return kids[0].typed if parts == [*map(Fraction, node.detail["parts"])] else None


def _place(node: Node, kids: Kids) -> Any:
    """Return the place among figures, whose further figures come behind them where there are."""
    index, count = node.detail["index"], node.detail["count"]
    figures = [kid.typed if node.detail["order"] == "highest" else -kid.typed for kid in kids]
    own, further = figures[index], [-figure for figure in figures[count:]] or [0] * count
    tied = [place for place in range(count) if figures[place] == own]
    ahead = sum((further[place], place) < (further[index], index) for place in tied)
    behind = {"best": 0, "worst": len(tied) - 1, "next": ahead}
    best = 1 + sum(figure > own for figure in figures[:count])
    return best + behind.get(node.detail["ties"], Fraction(len(tied) - 1, 2))


# fmt: off
FIGURES: Mapping[str, Callable[[list[Any]], Any]] = {  # of the children's values alone
    "highest": max, "lowest": min, "sum": sum, "average": lambda v: sum(v) / len(v),
    "distinct": lambda v: len(set(v)), "same": lambda v: v[0], "opposite": lambda v: -v[0],
    "difference": lambda v: v[0] - v[1], "ratio": lambda v: v[0] / v[1], "count": len,
    "nothing": lambda v: 0 if len(v) == 1 else None,
}
OPERATIONS: Mapping[str, Callable[[Node, Kids], Any]] = {
    "given": lambda n, k: n.value if not k and (n.source or "clause" in n.detail) else None,
    "formula": _formula, "gate": _gate, "share": _share, "taken_of": _taken, "split": lambda n, k:
        _divided(n, k[0].typed, [*map(Fraction, n.detail["ratios"])])[n.detail["index"]],
    # Equal weights may be one node: a part's own place is looked for among them.
    "unexpired": _unexpired, "band": _band, "spread": _spread, "part": lambda n, k: Fraction(
        k[0].detail["parts"][k[0].children.index(k[1].node_id, n.detail["index"] + 1) - 1]),
    "place": _place, "weighted_average": _weighted, "round": lambda n, k: _rounded(n, k[0].typed),
    "take_back": lambda n, k: -_taken(n, k), "cap": lambda n, k: min(k[0].typed, n.number("limit")),
    "formula_between": lambda n, k: min(max(_formula(n, k), n.number("least")), n.number("most")),
    "elapsed_step": lambda n, k: next(
        (Fraction(part) for upto, part in n.detail["steps"] if _passed(n, k) <= int(upto)), 0),
    "left_of": lambda n, k: k[0].typed - _part_of(n, k[0].typed, n.detail["gone"]),
    "rank": lambda n, k: 1 + sum(kid.typed > k[n.detail["index"]].typed for kid in k),
    "days": lambda n, k: k[0].typed * n.detail["days"] / n.detail["of_days"],
}
# fmt: on


def follows(node: Node, kids: Kids) -> bool:
    """Say whether a node's value is exactly what its operation makes of its children."""
    with suppress(ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        values, figure = [kid.typed for kid in kids], FIGURES.get(node.operation)
        expected = figure(values) if figure else OPERATIONS[node.operation](node, kids)
        return expected == node.value or (expected is not None and expected == node.typed)
    return False
