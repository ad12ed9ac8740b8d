"""The nodes of a run as rows: sorted by payee, so that one payee's explanation is read alone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from premia_common.identifiers import derive_id
from premia_plan.results import Calculation, Detail, Node


def node_key(node_id: UUID) -> str:
    """Return a node's id as rows carry it: 32 hexadecimal digits.

    >>> node_key(UUID(int=255))
    '000000000000000000000000000000ff'
    """
    return f"{node_id.int:032x}"


class NodeRow(NamedTuple):
    """A node as text, as it is stored and as it enters the result's digest.

    `payee_id` says whose explanation reads the row: it is empty where several payees' do, as of
    an order, a rate row, or the credit that a superior's roll-up rests on.  `owner` is the payee
    the node is about, if there is one.  Without a source the source's fields are empty.
    """

    payee_id: str
    node_id: str
    kind: str
    value: str
    unit: str
    operation: str
    detail: str
    source_kind: str
    source_id: str
    source_sha256: str
    source_label: str
    children: str
    """Ids, joined by blanks."""
    owner: str


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


def node_rows(nodes: Iterable[Node], roots: Iterable[UUID]) -> list[NodeRow]:
    """Return the roots and all nodes they rest on as rows, each once, sorted by payee and id."""
    every = _below(nodes, roots)
    shared = _reached_by_others(every)
    details: dict[int, tuple[object, str]] = {}
    rows: dict[int, NodeRow] = {}
    for node in every:
        known = details.get(id(node.detail))
        if known is None:
            # The mapping is kept beside its text, so that its id cannot be given away again.
            known = (node.detail, _text(node.detail))
            details[id(node.detail)] = known
        source = node.source
        number = node.node_id.int
        rows[number] = NodeRow(
            "" if number in shared else node.payee_id or "",
            f"{number:032x}",
            node.kind,
            node.value,
            node.unit,
            node.operation,
            known[1],
            source.kind if source else "",
            source.id if source else "",
            (source.sha256 or "") if source else "",
            source.label if source else "",
            " ".join([f"{child.int:032x}" for child in node.children]),
            node.payee_id or "",
        )
    return sorted(rows.values())


def _text(detail: Mapping[str, Detail]) -> str:
    """Return a node's detail as JSON: its type has no floats, so nothing needs to be refused."""
    return json.dumps(
        detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict
    )


def _below(nodes: Iterable[Node], roots: Iterable[UUID]) -> Sequence[Node]:
    """Return the roots and the nodes they rest on, each once.

    Nodes are told by their number: a UUID's own hash is slow for as many as there are.
    """
    known = {node.node_id.int: node for node in nodes}
    found: dict[int, Node] = {}
    waiting = [root.int for root in roots]
    while waiting:
        number = waiting.pop()
        if number not in found and number in known:
            found[number] = known[number]
            waiting += [child.int for child in known[number].children]
    return tuple(found.values())


def _reached_by_others(nodes: Sequence[Node]) -> set[int]:
    """Return the nodes of a payee that another payee's explanation leads to.

    A superior's roll-up rests on the credit of somebody below, and on all that one rests on.
    """
    owned = {node.node_id.int: node for node in nodes if node.payee_id is not None}
    found: set[int] = set()
    waiting: list[int] = []
    for node in nodes:
        for child in node.children:
            below = owned.get(child.int)
            if below is not None and below.payee_id != node.payee_id:
                waiting.append(child.int)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += [child.int for child in owned[number].children if child.int in owned]
    return found
