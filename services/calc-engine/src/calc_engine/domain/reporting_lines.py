"""Who reported to whom: positions, their holders and their reporting lines, joined by day."""

from collections.abc import Iterable
from datetime import date

from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from premia_plan.relations import EdgeRow


def edges_of(positions: Iterable[Fact]) -> tuple[EdgeRow, ...]:
    """Return who reported to whom, day by day.

    A payee reports to another while it holds a position that reports to a position the other
    holds.  A vacant position has nobody above or below it.
    """
    by_id = {fact.body["position_id"]: fact.body for fact in positions}
    edges: list[EdgeRow] = []
    for position in by_id.values():
        for line in position["reporting_lines"]:
            above = by_id.get(line["reports_to"])
            if above is None:
                continue
            for holding in position["holdings"]:
                held = Validity.of(holding).meet(Validity.of(line))
                if held is None:
                    continue
                for other in above["holdings"]:
                    both = held.meet(Validity.of(other))
                    if both is not None:
                        edges.append(
                            EdgeRow(
                                position["hierarchy"],
                                holding["payee_id"],
                                other["payee_id"],
                                both.start,
                                both.end,
                            )
                        )
    return tuple(edges)


def network_below(edges: Iterable[EdgeRow], payee_id: str, day: date) -> frozenset[str]:
    """Return the payees below one on a day, in any hierarchy, at any depth; a cycle ends itself."""
    below: dict[str, set[str]] = {}
    for edge in edges:
        if Validity(edge.valid_from, edge.valid_to).covers(day):
            below.setdefault(edge.reports_to, set()).add(edge.payee_id)
    found: set[str] = set()
    waiting = [payee_id]
    while waiting:
        for reporting in below.get(waiting.pop(), ()):
            if reporting not in found and reporting != payee_id:
                found.add(reporting)
                waiting.append(reporting)
    return frozenset(found)
