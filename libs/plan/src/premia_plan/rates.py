"""Effective rates: what was earned by tiers or on a credit, divided by what it was earned on.

They are read off the lines' explanations, so that they say of any engine's result what it says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from premia_plan.language import FactMissing, evaluate_inputs
from premia_plan.quantities import exact_text, percent_text
from premia_plan.results import Line, Node

_TIERS = frozenset({"tiers", "tiers_limited"})
_ENDS = _TIERS | {"earning"}


@dataclass(frozen=True, slots=True)
class RatePart:
    """What one band gave: where it starts, its rate, its part of the amount, and its node."""

    clause: str
    starts: str
    rate: str
    amount: str
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Rate:
    """The effective rate of a component for a payee's period, or on one credit.

    `ratio` is exact, `amount / base` before the steps; None where nothing divides the amount.
    `period` is None for a credit, `credit_id` for a period. `month` is the first month in which
    something lands that rests on it, "" while nothing did: a period that is counted again has a
    rate for each time. `rows` are the rows of tables that it was made with. `node_id` is what
    explains it.
    """

    payee_id: str | None
    component: str
    period: str | None
    credit_id: str | None
    month: str
    amount: str
    base: str | None
    ratio: str | None
    percent: str | None
    parts: tuple[RatePart, ...]
    rows: tuple[UUID, ...]
    node_id: UUID


def rates_of(lines: Iterable[Line], lookup: Mapping[UUID, Node]) -> tuple[Rate, ...]:
    """Return every effective rate that some lines rest on, each once, in order."""
    first: dict[tuple[str, str | None, UUID], str] = {}
    for line in lines:
        for node in _ends(line, lookup):
            credit_id = line.credit_id if node.kind == "earning" else None
            key = (line.component, credit_id, node.node_id)
            month = line.month or ""
            known = first.get(key, "")
            first[key] = min(month, known) if month and known else month or known
    found = [
        _rate(lookup[node_id], component, credit_id, month, lookup)
        for (component, credit_id, node_id), month in first.items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda rate: (
                rate.component,
                rate.payee_id or "",
                rate.period or "",
                rate.credit_id or "",
                rate.month,
                rate.node_id.int,
            ),
        )
    )


def _ends(line: Line, lookup: Mapping[UUID, Node]) -> Iterator[Node]:
    """Give the tiers or the earning that a line comes from, not those of other components."""
    own = f"/components/{line.component}/"
    waiting, seen = [line.node_id], {line.node_id}
    while waiting:
        node = lookup.get(waiting.pop())
        if node is None:
            continue
        if node.kind in _ENDS:
            if f"{node.detail.get('clause')}/".startswith((own, "/tiers/")):
                yield node
            continue
        for child in node.children:
            if child not in seen:
                seen.add(child)
                waiting.append(child)


def _rate(
    node: Node,
    component: str,
    credit_id: str | None,
    month: str,
    lookup: Mapping[UUID, Node],
) -> Rate:
    tiers = node
    if node.kind == "tiers_limited":
        tiers = lookup[node.children[0]]
    bands = [] if node.kind == "earning" else [lookup[each] for each in tiers.children]
    parts = [_part(band, lookup) for band in bands if band.kind in {"band", "band_part"}]
    amount, base = _amount_and_base(node, bands, lookup)
    ratio = amount / base if base else None
    period = tiers.detail.get("month")
    return Rate(
        node.payee_id,
        component,
        str(period) if node.kind in _TIERS else None,
        credit_id,
        month,
        exact_text(amount),
        None if base is None else exact_text(base),
        None if ratio is None else f"{ratio.numerator}/{ratio.denominator}",
        None if ratio is None else percent_text(ratio),
        tuple(parts),
        tuple(_rows(node, lookup)),
        node.node_id,
    )


def _part(band: Node, lookup: Mapping[UUID, Node]) -> RatePart:
    return RatePart(
        str(band.detail["clause"]),
        str(band.detail["starts"]),
        lookup[band.children[0]].value,
        band.value,
        band.node_id,
    )


def _amount_and_base(
    node: Node, bands: Iterable[Node], lookup: Mapping[UUID, Node]
) -> tuple[Fraction, Fraction | None]:
    if node.kind == "tiers_limited":
        return Fraction(node.value), Fraction(lookup[node.children[1]].value)
    if node.kind == "earning":
        return _of_credit(node, lookup)
    bases = {base for band in bands if (base := _base_of(band, lookup)) is not None}
    return Fraction(node.value), bases.pop() if len(bases) == 1 else None


def _of_credit(node: Node, lookup: Mapping[UUID, Node]) -> tuple[Fraction, Fraction | None]:
    """Return what the formula gives before it is rounded, and the credit's amount."""
    names = node.detail["inputs"]
    if isinstance(names, str) or not isinstance(names, (list, tuple)):
        raise TypeError(f"the inputs of {node.node_id} are no list")
    numbers = {
        str(name): Fraction(child.value)
        for name, child in zip(names, (lookup[each] for each in node.children), strict=True)
        if child.value and child.unit not in {"text", "date", "bool"}
    }
    amount: Fraction = Fraction(node.value)
    if len(numbers) == len(names):
        try:
            exact = evaluate_inputs(str(node.detail["formula"]), dict(numbers))
        except FactMissing:
            exact = None
        if isinstance(exact, Fraction):
            amount = exact
    return amount, numbers.get("credit.amount")


def _base_of(band: Node, lookup: Mapping[UUID, Node]) -> Fraction | None:
    if band.kind == "band":
        return Fraction(lookup[band.children[1]].value)
    names = band.detail.get("inputs", ())
    if isinstance(names, (list, tuple)) and "base" in names:
        return Fraction(lookup[band.children[list(names).index("base")]].value)
    return None


def _rows(node: Node, lookup: Mapping[UUID, Node]) -> Iterator[UUID]:
    """Give the rows of tables directly below: of the formula, or of the bands' rates."""
    waiting = list(node.children)
    while waiting:
        child = lookup[waiting.pop()]
        if child.kind in {"rate_row", "classified"}:
            yield child.node_id
        elif child.kind in {"limited_rate", "multiplied_rate", "band_part", "tiers"}:
            waiting.extend(child.children)
