"""Who stands above a payee on a day."""

from collections import defaultdict
from datetime import date

from premia_plan.reference.book import Book
from premia_plan.reference.payee import holds_on
from premia_plan.relations import EdgeRow, Relations


class Hierarchies:
    """The dated hierarchies, each chain worked out once."""

    def __init__(self, relations: Relations, book: Book) -> None:
        self._book = book
        self._edges: dict[tuple[str, str], list[EdgeRow]] = defaultdict(list)
        self._chains: dict[tuple[str, str, date], tuple[str, ...]] = {}
        self._below: dict[tuple[str, date], dict[str, set[str]]] = {}
        for edge in relations.edges:
            self._edges[edge.hierarchy, edge.payee_id].append(edge)

    def superiors(self, hierarchy: str, payee_id: str, day: date) -> tuple[str, ...]:
        """Return the payees above one, nearest first; none where the chain is unclear.

        A cycle, or two superiors at once, is written down as an exception of the payees in it.
        """
        key = (hierarchy, payee_id, day)
        chain = self._chains.get(key)
        if chain is None:
            chain = self._chains[key] = self._climb(hierarchy, payee_id, day)
        return chain

    def below(self, hierarchy: str, payee_id: str, day: date) -> tuple[str, ...]:
        """Return the payees below one, at any level, in order of their ids.

        Left out is whoever stands in an unclear chain; that is told as an exception.
        """
        found = self._below.get((hierarchy, day))
        if found is None:
            found = self._below[hierarchy, day] = defaultdict(set)
            for along, below in sorted(self._edges):
                if along == hierarchy:
                    for above in self.superiors(hierarchy, below, day):
                        found[above].add(below)
        return tuple(sorted(found.get(payee_id, ())))

    def _climb(self, hierarchy: str, payee_id: str, day: date) -> tuple[str, ...]:
        passed = [payee_id]
        while True:
            above = sorted(
                {
                    edge.reports_to
                    for edge in self._edges.get((hierarchy, passed[-1]), ())
                    if holds_on(day, edge.valid_from, edge.valid_to)
                }
            )
            if len(above) > 1:
                self._note_two_superiors(hierarchy, passed[-1], above)
                return ()
            if not above:
                return tuple(passed[1:])
            if above[0] in passed:
                self._note_cycle(hierarchy, passed[passed.index(above[0]) :])
                return ()
            passed.append(above[0])

    def _note_cycle(self, hierarchy: str, members: list[str]) -> None:
        first = members.index(min(members))
        ring = [*members[first:], *members[:first]]
        shown = " → ".join([*ring, ring[0]])
        for member in ring:
            self._book.exception(
                "hierarchy_cyclic",
                f"In the hierarchy {hierarchy}, {shown} report to each other in a circle",
                "End one of these reporting lines; nothing is rolled up along it until then",
                payee_id=member,
            )

    def _note_two_superiors(self, hierarchy: str, payee_id: str, above: list[str]) -> None:
        self._book.exception(
            "hierarchy_ambiguous",
            f"In the hierarchy {hierarchy}, {payee_id} reports to {' and '.join(above)} at once",
            "End one of the reporting lines on the day the other starts",
            payee_id=payee_id,
        )
