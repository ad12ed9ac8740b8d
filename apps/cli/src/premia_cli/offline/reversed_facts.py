"""Reversals of lines and other facts: told from those of orders, each put to its order."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from premia_cli.offline.reading import Row
from premia_cli.offline.rows import optional_text, reversal_row
from premia_plan.relations import FactRow, OrderLineRow, ReversalRow

Reject: TypeAlias = Callable[[Row, str, str, str, str], None]
"""Tells of a row: its column, the value there, what is the matter and what to do."""


@dataclass(slots=True)
class Reversals:
    """The rows of the table; those of orders by order, with None where one only tells a cause."""

    of_orders: dict[str, list[tuple[Row, ReversalRow | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    of_facts: list[tuple[Row, ReversalRow]] = field(default_factory=list)


def read_reversals(rows: Iterable[Row], reject: Reject) -> Reversals:
    """Tell reversals of orders from those of other facts; a row that is neither is rejected."""
    found = Reversals()
    for row in rows:
        own, order_id = reversal_row(row), optional_text(row, "order_id") or ""
        kind, fact_id = optional_text(row, "of") or "order", optional_text(row, "fact_id") or ""
        if (kind == "order") == bool(fact_id):
            problem = f"it is of {kind} and says fact_id {fact_id!r}"
            reject(row, "fact_id", fact_id, problem, "Say in `of` what it is, and here which one")
        elif kind in {"order", "line"} and not order_id:
            reject(row, "order_id", "", "the order is not named", "Write the order's id")
        elif kind == "order":
            found.of_orders[order_id].append((row, own))
        elif own is None:
            problem = f"a reversal of a {kind} has a day of its own"
            reject(row, "day", "", problem, "Write the day on which it was reversed")
        else:
            found.of_facts.append((row, own))
    return found


def told_apart(reversals: Reversals, reject: Reject) -> Reversals:
    """Leave out rows that say different things under one id, given or made up.

    All of them are rejected: which one counts may not hang on the order of rows. A row that is
    given twice stays, and counts once.
    """
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    of_orders = (pair for each in reversals.of_orders.values() for pair in each)
    for row, own in (*of_orders, *reversals.of_facts):
        if own is not None:
            said[_which(own)].add(row.sha256)

    def differs(row: Row, own: ReversalRow | None) -> bool:
        if own is None or len(said[_which(own)]) == 1:
            return False
        problem = f"another row says something else of the reversal {own.reversal_id!r}"
        written = optional_text(row, "reversal_id") or ""
        reject(row, "reversal_id", written, problem, "Give each a reversal_id of its own")
        return True

    kept = Reversals(of_facts=[pair for pair in reversals.of_facts if not differs(*pair)])
    for order_id, pairs in reversals.of_orders.items():
        kept.of_orders[order_id] = [pair for pair in pairs if not differs(*pair)]
    return kept


def _which(own: ReversalRow) -> tuple[str, ...]:
    """Return what tells a reversal from others; a fact may be named with or without its order."""
    order_id = own.order_id if own.kind in {"order", "line"} else ""
    return (order_id, own.kind, own.fact_id, own.reversal_id)


def placed(
    reversals: Reversals,
    lines: Mapping[str, Collection[tuple[Row, OrderLineRow]]],
    facts: Iterable[FactRow],
    reject: Reject,
) -> Iterator[ReversalRow]:
    """Give the reversals of facts, each with its fact's order; those of no fact are rejected."""
    known = {(str(fact.kind), fact.fact_id): fact.order_id or "" for fact in facts}
    for row, own in reversals.of_facts:
        if own.kind == "line":
            if any(line.line_id == own.fact_id for _, line in lines.get(own.order_id, ())):
                yield own
                continue
            problem = f"order {own.order_id!r} has no line {own.fact_id!r}"
            reject(row, "fact_id", own.fact_id, problem, "Add the line to the table order_lines")
            continue
        order_id = known.get((own.kind, own.fact_id))
        if order_id is None:
            problem = f"there is no {own.kind} {own.fact_id!r}"
            reject(row, "fact_id", own.fact_id, problem, "Add it to the table facts, or mend it")
        elif own.order_id not in {"", order_id}:
            problem = f"{own.kind} {own.fact_id!r} belongs to order {order_id!r}"
            reject(row, "order_id", own.order_id, problem, "Name that order, or leave it empty")
        else:
            yield replace(own, order_id=order_id)
