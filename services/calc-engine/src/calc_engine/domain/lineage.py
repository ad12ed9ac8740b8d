"""The nodes of a run as rows: sorted by payee, so that one payee's explanation is read alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from premia_common.canonical import canonical_json
from premia_common.identifiers import derive_id
from premia_plan.results import Calculation, Node


def node_key(node_id: UUID) -> str:
    """Return a node's id as rows carry it: 32 hexadecimal digits.

    >>> node_key(UUID(int=255))
    '000000000000000000000000000000ff'
    """
    return f"{node_id.int:032x}"


class NodeRow(NamedTuple):
    """A node as text, as it is stored and as it enters the result's digest.

    `payee_id` is empty for a node that several payees share: an order, a rate row.
    """

    payee_id: str
    node_id: str
    kind: str
    value: str
    unit: str
    operation: str
    detail: str
    source_kind: str | None
    source_id: str | None
    source_sha256: str | None
    source_label: str | None
    children: str
    """Ids, joined by blanks."""


def apart(calculation: Calculation, version: str) -> Calculation:
    """Return a calculation whose nodes cannot be taken for those of another plan version.

    Two versions of one plan give a rate row of the same place the same node id, though its rate
    may differ.  Line ids stay: an order is under one version only.

    Args:
        calculation: the result of one plan version.
        version: the content hash of its document.
    """

    def scoped(node_id: UUID) -> UUID:
        return derive_id("node-of-version", version, str(node_id))

    return Calculation(
        tuple(replace(line, node_id=scoped(line.node_id)) for line in calculation.lines),
        tuple(
            replace(
                node,
                node_id=scoped(node.node_id),
                children=tuple(scoped(child) for child in node.children),
            )
            for node in calculation.nodes
        ),
        calculation.exceptions,
        tuple(replace(cell, node_id=scoped(cell.node_id)) for cell in calculation.cells),
    )


def node_rows(nodes: Iterable[Node]) -> list[NodeRow]:
    """Return the nodes as rows, each once, sorted by payee and id."""
    details: dict[int, tuple[object, str]] = {}
    rows: dict[str, NodeRow] = {}
    for node in nodes:
        known = details.get(id(node.detail))
        if known is None:
            # The mapping is kept beside its text, so that its id cannot be given away again.
            known = (node.detail, canonical_json(node.detail).decode())
            details[id(node.detail)] = known
        source = node.source
        node_id = node_key(node.node_id)
        rows[node_id] = NodeRow(
            node.payee_id or "",
            node_id,
            node.kind,
            node.value,
            node.unit,
            node.operation,
            known[1],
            source.kind if source else None,
            source.id if source else None,
            source.sha256 if source else None,
            source.label if source else None,
            " ".join(map(node_key, node.children)),
        )
    return sorted(rows.values())
