"""What a real order's pay rests on, as its example must give it: orders, and their payees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from premia_plan.relations import OrderRow, Relations, SourceRef
from premia_plan.results import Line, Node


@dataclass(frozen=True, slots=True)
class RestsOn:
    """The orders and the payees that some lines rest on."""

    orders: frozenset[str]
    payees: frozenset[str]


def rests_on(lines: Iterable[Line], nodes: Iterable[Node], relations: Relations) -> RestsOn:
    """Return what lines rest on, by the nodes that explain them."""
    lookup, told_by = {node.node_id: node for node in nodes}, _orders_by_source(relations)
    waiting, seen = [line.node_id for line in lines], set[UUID]()
    orders, payees = set[str](), set[str]()
    while waiting:
        node_id = waiting.pop()
        node = lookup.get(node_id)
        if node is None or node_id in seen:
            continue
        seen.add(node_id)
        waiting.extend(node.children)
        if node.payee_id is not None:
            payees.add(node.payee_id)
        if node.source is not None and node.source in told_by:
            orders.add(told_by[node.source])
    return RestsOn(frozenset(orders), frozenset(payees))


def named_by(row: OrderRow) -> frozenset[str]:
    """Return the payees whom an order names."""
    refs = (row.seller, row.partner, *row.payees.values())
    return frozenset(ref.payee_id for ref in refs if ref is not None and ref.payee_id is not None)


def first_of(orders: Sequence[OrderRow], row: OrderRow, wanted: Iterable[str]) -> list[OrderRow]:
    """Return an order and some others, the order first."""
    ids = {*wanted} - {row.order_id}
    return [row, *(item for item in orders if item.order_id in ids)]


def _orders_by_source(relations: Relations) -> Mapping[SourceRef, str]:
    found = {order.source: order.order_id for order in relations.orders}
    for order in relations.orders:
        found |= {state.source: order.order_id for state in order.states}
    for fact in relations.facts:
        if fact.order_id is not None:
            found.setdefault(fact.source, fact.order_id)
    return found
