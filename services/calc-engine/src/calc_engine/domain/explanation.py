"""An amount as a tree: from a statement's total down to the message an order came in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast
from urllib.parse import quote, urlencode
from uuid import UUID

from calc_engine.domain.fact import FORWARDED, FactName, RawMessage
from calc_engine.domain.lineage import NodeRow
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from calc_engine.domain.stated_in import shown
from calc_engine.domain.statement import Statement
from calc_engine.domain.statement_line import StatementLine
from premia_common.identifiers import derive_id
from premia_plan.explain import sentences
from premia_plan.narration import label
from premia_plan.relations import SourceRef
from premia_plan.results import Detail, Node

Language = Literal["it", "en"]

Messages = Mapping[FactName, RawMessage]
"""The message that each forwarded fact was read from."""

Codes = Mapping[str, str]
"""The code that people know each payee by."""

_OWN: Mapping[str, Mapping[Language, str]] = {
    "statement": {
        "en": "{value}, the statement of {period}",
        "it": "{value}, l'estratto conto di {period}",
    },
    "component_total": {
        "en": "{value} for {component} of plan {plan}, earned in {competence}",
        "it": "{value} per {component} del piano {plan}, competenza {competence}",
    },
    "brought_forward": {
        "en": "{value} brought forward from earlier statements",
        "it": "{value} riportati da estratti conto precedenti",
    },
    "restatement": {
        "en": "{value}, the difference between what is due now and what was paid before",
        "it": "{value}, la differenza tra quanto è dovuto ora e quanto era stato liquidato",
    },
    "no_longer_due": {
        "en": "{value} due now for {component} of order {order_id}",
        "it": "{value} dovuti ora per {component} dell'ordine {order_id}",
    },
    "posted_line": {
        "en": "{value}, paid with the statement of {period}",
        "it": "{value}, liquidato con l'estratto conto di {period}",
    },
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a leaf ends: a message or a fact, with the digest of its bytes."""

    kind: str
    id: str
    part: str | None
    sha256: str | None
    label: str
    url: str | None
    """Path at the service that keeps it: connectors for messages, calc-engine for the rest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the tree.

    `repeated` says that the same node, with its children, is shown earlier in this tree;
    `children_left_out` how many children the asked depth cut off.
    """

    node: Node
    labels: Mapping[Language, str]
    source: Source | None
    children: tuple["Step", ...]
    repeated: bool
    children_left_out: int


def node_of(row: NodeRow) -> Node:
    """Return the node that was stored as a row."""
    source = None
    if row.source_kind:
        source = SourceRef(
            row.source_kind, row.source_id, row.source_sha256 or None, row.source_label
        )
    return Node(
        UUID(row.node_id),
        row.owner or None,
        row.kind,
        row.value,
        row.unit,
        row.operation,
        cast("Mapping[str, Detail]", json.loads(row.detail)),
        source,
        tuple(UUID(child) for child in row.children.split()),
    )


def statement_nodes(statement: Statement, lines: Sequence[StatementLine]) -> tuple[Node, ...]:
    """Return the nodes above the lines of a statement, its root first.

    Lines of the plan stand below their components, those of terms of payment for themselves.
    """
    payee, said = str(statement.payee_id), shown(statement)
    groups: dict[tuple[str, str, str], list[StatementLine]] = {}
    for line in lines:
        if line.what not in PAYMENT_LINES:
            groups.setdefault((line.plan, line.component, line.competence), []).append(line)
    totals = [
        Node(
            derive_id("component-total", str(statement.statement_id), *key),
            payee,
            "component_total",
            format(sum(line.shown for line in group), "f"),
            "money",
            "sum",
            {"plan": key[0], "component": key[1], "competence": key[2]},
            None,
            tuple(line.shown_node_id for line in group),
        )
        for key, group in sorted(groups.items())
    ]
    if said.brought_forward:
        totals.append(
            Node(
                derive_id("brought-forward", str(statement.statement_id)),
                payee,
                "brought_forward",
                format(said.brought_forward.amount, "f"),
                "money",
                "given",
                {},
                SourceRef("ledger", payee, None, "account carried"),
                (),
            )
        )
    root = Node(
        derive_id("statement-node", str(statement.statement_id)),
        payee,
        "statement",
        format((said.total + said.brought_forward).amount, "f"),
        "money",
        "sum",
        {"period": str(statement.period)},
        None,
        (
            *(node.node_id for node in totals),
            *(line.shown_node_id for line in lines if line.what in PAYMENT_LINES),
        ),
    )
    return (root, *totals)


def forwarded_facts(nodes: Iterable[Node]) -> frozenset[FactName]:
    """Return the facts among the nodes' sources that came from other systems' messages."""
    sources = (node.source for node in nodes if node.source is not None)
    names = (FactName.parse(source.id) for source in sources if source.kind == "fact")
    return frozenset(name for name in names if name.kind in FORWARDED)


def payees_of(nodes: Iterable[Node]) -> frozenset[str]:
    """Return the payees that nodes speak of, by id: their own, and the one below in a roll-up."""
    named = ((node.payee_id, node.detail.get("below")) for node in nodes)
    return frozenset(payee for pair in named for payee in pair if isinstance(payee, str))


def with_codes(nodes: Mapping[UUID, Node], codes: Codes) -> dict[UUID, Node]:
    """Return the nodes as they are told: with the codes of payees where their ids stand."""
    return {node_id: _with_codes(node, codes) for node_id, node in nodes.items()}


def _with_codes(node: Node, codes: Codes) -> Node:
    detail, below = node.detail, node.detail.get("below")
    if isinstance(below, str):
        detail = {**detail, "below": codes.get(below, below)}
    return replace(node, payee_id=codes.get(node.payee_id or "", node.payee_id), detail=detail)


def tree(
    root: UUID, nodes: Mapping[UUID, Node], messages: Messages, codes: Codes, *, depth: int
) -> Step:
    """Return the tree below a node; a node that comes again is shown without its children.

    Raises:
        KeyError: if the root is not among the nodes.
    """
    return _step(nodes[root], nodes, (messages, codes), depth, set())


def _step(
    node: Node,
    nodes: Mapping[UUID, Node],
    known_as: tuple[Messages, Codes],
    depth: int,
    seen: set[UUID],
) -> Step:
    known = [nodes[child] for child in node.children if child in nodes]
    repeated = node.node_id in seen and bool(known)
    seen.add(node.node_id)
    cut = depth <= 0 or repeated
    children = (
        () if cut else tuple(_step(child, nodes, known_as, depth - 1, seen) for child in known)
    )
    messages, codes = known_as
    shown = _with_codes(node, codes)
    return Step(
        node,
        {"it": label_of(shown, "it"), "en": label_of(shown, "en")},
        source_of_node(node, messages),
        children,
        repeated,
        len(node.children) - len(children),
    )


def label_of(node: Node, language: Language) -> str:
    """Return one node in words, without what it follows from."""
    own = _OWN.get(node.kind)
    if own is None:
        return label(node, language)
    return own[language].format(value=node.value, **{k: str(v) for k, v in node.detail.items()})


def told(node: Node, nodes: Mapping[UUID, Node], language: Language) -> list[str]:
    """Tell how an amount came about, in sentences, down to its sources."""
    if node.kind not in _OWN:
        return list(sentences(node, nodes, language))
    said = [label_of(node, language)]
    for child in node.children:
        if child in nodes:
            said.extend(told(nodes[child], nodes, language))
    return said


def source_of_node(node: Node, messages: Messages) -> Source | None:
    """Return where a leaf's value came from, with the path that shows it.

    A fact that was read from a message is shown as that message.
    """
    source = node.source
    if source is None:
        return None
    if source.kind == "fact":
        name = FactName.parse(source.id)
        raw = messages.get(name)
        if raw is not None:
            url = f"/v1/messages/{quote(raw.message_id, safe='')}/raw"
            return Source("message", raw.message_id, raw.part, raw.sha256, source.label, url)
        query = urlencode({"key": name.key, "version": name.version})
        url = f"/v1/facts/{quote(name.kind)}?{query}"
        return Source("fact", source.id, None, source.sha256, source.label, url)
    address = f"/v1/statements/{source.id}" if source.kind == "statement" else None
    return Source(source.kind, source.id, None, source.sha256, source.label, address)
