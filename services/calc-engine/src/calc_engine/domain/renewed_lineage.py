"""The lineage of a result of which a part is new: the rows that writing all of it would give."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from calc_engine.domain.lineage import NodeRow, node_key


def renewed_rows(
    kept: Iterable[NodeRow], new: Iterable[NodeRow], roots: Iterable[UUID]
) -> list[NodeRow]:
    """Return the roots and all they rest on, each once, sorted by payee and id.

    Args:
        kept: the rows of the result before.
        new: rows that take the place of those with the same id.
        roots: what the lines and accounts of all statements are explained by.
    """
    known = {row.node_id: row for row in kept}
    known.update((row.node_id, row) for row in new)
    children: dict[str, list[str]] = {}
    waiting = [node_key(root) for root in roots]
    while waiting:
        node_id = waiting.pop()
        if node_id not in children and node_id in known:
            below = children[node_id] = known[node_id].children.split()
            waiting += below
    shared = _reached_by_others(known, children)
    rows = [
        row if row.payee_id == whose else row._replace(payee_id=whose)
        for row, whose in (
            (known[node_id], "" if node_id in shared else known[node_id].owner)
            for node_id in children
        )
    ]
    return sorted(rows)


def _reached_by_others(known: Mapping[str, NodeRow], children: Mapping[str, list[str]]) -> set[str]:
    """Return the nodes of a payee that another payee's explanation leads to."""
    found: set[str] = set()
    waiting: list[str] = []
    for node_id, below in children.items():
        whose = known[node_id].owner
        waiting += [
            child for child in below if child in children and known[child].owner not in {"", whose}
        ]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting += [
                child for child in children[node_id] if child in children and known[child].owner
            ]
    return found
