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


READ: dict[str, Any] = {"date": date.fromisoformat, "bool": "true".__eq__, "text": str}
Kids = Sequence[Node]


def _divided(total: Fraction, weights: Sequence[Fraction]) -> list[int]:
    """Split whole units: rounded down, what is left over to the largest lost parts, in order."""
    exact = [abs(total) * weight / sum(weights) for weight in weights]
    parts = [part // 1 for part in exact]
    order = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in order[: int(abs(total)) - sum(parts)]:
        parts[index] += 1
    return [part if total >= 0 else -part for part in parts]


def _weighted(kids: Kids, weights: Sequence[Any]) -> Any:
    pairs = zip(kids, weights, strict=True)
    return sum((kid.typed * Fraction(weight) for kid, weight in pairs), Fraction(0))


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
    kept = kids[0].typed if passed else Fraction(node.detail["otherwise"])
    return kept if passed is node.detail["passed"] else None


def _split(node: Node, kids: Kids) -> Any:
    total, ratios = to_step(kids[0].typed / _cent(node)), map(Fraction, node.detail["ratios"])
    return _divided(total, list(ratios))[node.detail["index"]] * _cent(node)


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
    before, limit = Fraction(node.detail.get("before") or 0), node.detail.get("limit")
    ends = (
        _part_of(node, kids[0].typed, before + part) for part in (Fraction(node.detail["takes"]), 0)
    )
    taken = next(ends) - next(ends)
    return taken if limit is None else max(-Fraction(limit), min(Fraction(limit), taken))


def _passed(node: Node, kids: Kids, years: int = 0) -> Any:
    call = {"days": "days", "completed months": "months", "started months": "started months"}
    days = {"since": later(kids[0].typed, 12 * years), "until": kids[1].typed}
    passed = max(0, evaluate(f"{call[node.detail['elapsed']]} between(since, until)", days))
    return passed if passed == node.detail["passed"] else None


def _elapsed_step(node: Node, kids: Kids) -> Any:
    passed = _passed(node, kids)
    return next(
        (Fraction(part) for last, part in node.detail["steps"] if passed <= int(last)), Fraction(0)
    )


def _unexpired(node: Node, kids: Kids) -> Any:
    passed, term = _passed(node, kids, node.detail["years_before"]), _formula(node, kids[2:])
    left = max(Fraction(0), 1 - passed / term) if term > 0 else Fraction(0)
    return left if term == Fraction(node.detail["term"]) else None


def _band(node: Node, kids: Kids) -> Any:
    starts, ends = (
        node.detail[name] and Fraction(node.detail[name]) for name in ("starts", "ends")
    )
    rate, base, *reached = (kid.typed for kid in kids)
    if node.detail["mode"] == "whole":
        inside, part = starts <= reached[0] and (ends is None or reached[0] < ends), base
    else:
        edge = reached[0] if reached else 1
        part = (base if ends is None else min(base, ends * edge)) - starts * edge
        inside = part > 0
    return part * rate if inside and part == Fraction(node.detail["base"]) else None


def _spread(node: Node, kids: Kids) -> Any:
    parts = _divided(kids[0].typed / _cent(node), [kid.typed for kid in kids[1:]])
    written = [Fraction(part) / _cent(node) for part in node.detail["parts"]]
    return kids[0].typed if written == parts else None


def _place(node: Node, kids: Kids) -> Any:
    """Return the place among figures, whose further figures come behind them where there are."""
    detail = node.detail
    index, count, sign = detail["index"], detail["count"], 1 if detail["order"] == "highest" else -1
    figures = [sign * kid.typed for kid in kids[:count]]
    further = [-sign * kid.typed for kid in kids[count:]] or [0] * count
    best = 1 + sum(figure > figures[index] for figure in figures)
    tied = [place for place in range(count) if figures[place] == figures[index]]
    ahead = sum((further[place], place) < (further[index], index) for place in tied)
    behind = {"best": 0, "worst": len(tied) - 1, "next": ahead}
    return best + behind.get(detail["ties"], Fraction(len(tied) - 1, 2))


OPERATIONS: Mapping[str, Callable[[Node, Kids], Any]] = {
    "given": lambda n, k: n.value if not k and (n.source or "clause" in n.detail) else None,
    "formula": _formula,
    "gate": _gate,
    "split": _split,
    "share": _share,
    "take_back": lambda n, k: -_taken(n, k),
    "taken_of": _taken,
    "left_of": lambda n, k: k[0].typed - _part_of(n, k[0].typed, n.detail["gone"]),
    "elapsed_step": _elapsed_step,
    "unexpired": _unexpired,
    "formula_between": lambda n, k: min(
        max(_formula(n, k), Fraction(n.detail["least"])), Fraction(n.detail["most"])
    ),
    "opposite": lambda _, k: -k[0].typed,
    "band": _band,
    "spread": _spread,
    "part": lambda _, k: Fraction(k[0].detail["parts"][k[0].children.index(k[1].node_id) - 1]),
    "same": lambda _, k: k[0].typed,
    "sum": lambda _, k: _weighted(k, [1] * len(k)),
    "average": lambda _, k: _weighted(k, [Fraction(1, len(k))] * len(k)),
    "weighted_average": lambda n, k: (
        _weighted(k, n.detail["weights"]) / sum(map(Fraction, n.detail["weights"]))
    ),
    "highest": lambda _, k: max(kid.typed for kid in k),
    "lowest": lambda _, k: min(kid.typed for kid in k),
    "rank": lambda n, k: Fraction(1 + sum(kid.typed > k[n.detail["index"]].typed for kid in k)),
    "place": _place,
    "distinct": lambda _, k: Fraction(len({kid.value for kid in k})),
    "difference": lambda _, k: k[0].typed - k[1].typed,
    "ratio": lambda _, k: k[0].typed / k[1].typed,
    "nothing": lambda _, k: Fraction(0) if len(k) == 1 else None,
    "round": lambda n, k: _rounded(n, k[0].typed),
    "cap": lambda n, k: min(k[0].typed, Fraction(n.detail["limit"])),
    "days": lambda n, k: k[0].typed * n.detail["days"] / n.detail["of_days"],
}


def follows(node: Node, kids: Kids) -> bool:
    """Say whether a node's value is exactly what its operation makes of its children."""
    with suppress(ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        expected = OPERATIONS[node.operation](node, kids)
        return expected == node.value or (expected is not None and expected == node.typed)
    return False
