"""Nodes written under the ids of their keys, each once."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import money_text
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.ids import id_of
from premia_plan.relations import SourceRef
from premia_plan.results import Detail, Node


class NodeBook:
    """Collects the nodes of one result."""

    def __init__(self, plan_name: str, places: int) -> None:
        self.plan_name = plan_name
        self.places = places
        self.nodes: dict[UUID, Node] = {}

    def node(
        self,
        *key: str,
        kind: str,
        value: str,
        unit: str,
        detail: Mapping[str, Detail],
        operation: str = "given",
        payee_id: str | None = None,
        source: SourceRef | None = None,
        children: tuple[UUID, ...] = (),
    ) -> UUID:
        """Write a node down under the id of its key, and return the id."""
        node_id = id_of(f"node {self.plan_name} {key!a}")
        if node_id not in self.nodes:
            self.nodes[node_id] = Node(
                node_id, payee_id, kind, value, unit, operation, detail, source, children
            )
        return node_id

    def below(self, roots: Iterable[UUID]) -> tuple[Node, ...]:
        """Return the nodes that some nodes rest on, and these, in the order of their ids."""
        waiting = list(roots)
        found: dict[UUID, Node] = {}
        while waiting:
            node_id = waiting.pop()
            if node_id not in found:
                node = found[node_id] = self.nodes[node_id]
                waiting.extend(node.children)
        return tuple(sorted(found.values(), key=lambda node: node.node_id.int))

    def money(self, units: int) -> str:
        """Return minor units as text."""
        return money_text(units, self.places)

    def text(self, value: Fraction, unit: Unit) -> str:
        """Return a value exactly, money with the currency's decimals where it has no finer ones."""
        units = value * 10**self.places
        if unit is Unit.MONEY and units.denominator == 1:
            return money_text(units.numerator, self.places)
        return exact_text(value)
