"""Walks through explanations by the API: values follow from children, leaves have sources."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from premia_cli.demo.job import Job
from premia_common.canonical import canonical_json
from premia_plan.explain import check_node
from premia_plan.relations import SourceRef
from premia_plan.results import Node


def leads_somewhere(pointer: str, document: Any) -> bool:
    at = document
    for step in pointer.split("/")[1:]:
        try:
            at = at[int(step)] if isinstance(at, list) else at[step]
        except (KeyError, IndexError):
            return False
    return True


def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from below(child)


def as_node(shown: dict[str, Any]) -> Node:
    source = shown["source"]
    return Node(
        UUID(shown["id"]),
        None,
        shown["kind"],
        shown["value"],
        shown["unit"],
        shown["operation"],
        shown["detail"],
        source and SourceRef(source["kind"], source["id"], source["sha256"], source["label"]),
        tuple(UUID(child["id"]) for child in shown["children"]),
    )


@dataclass
class Walk:
    """Checks each node once, and each source once."""

    job: Job
    nodes: dict[str, Node] = field(default_factory=dict)
    sources: set[tuple[str, str | None]] = field(default_factory=set)
    clauses: set[str] = field(default_factory=set)
    documents: Sequence[Any] = ()

    async def line(self, statement_id: str, line: dict[str, Any]) -> None:
        api = await self.job.api("analyst", "calc-engine")
        found = await api.get(f"/v1/statements/{statement_id}/lines/{line['id']}/explain")
        assert found["tree"]["value"] == line["amount"]["amount"]
        await self.tree(found["tree"])

    async def statement(self, statement: dict[str, Any]) -> None:
        api = await self.job.api("analyst", "calc-engine")
        found = await api.get(f"/v1/statements/{statement['id']}/explain", depth=40)
        assert found["tree"]["value"] == statement["total"]["amount"]
        await self.tree(found["tree"])

    async def tree(self, root: dict[str, Any]) -> None:
        shown = list(below(root))
        whole = {node["id"]: node for node in shown if not node["repeated"]}
        for node in shown:
            assert node["id"] in whole
            assert node["repeated"] or node["children_left_out"] == 0
        for name, node in whole.items():
            if name not in self.nodes:
                self.nodes[name] = as_node(node)
                await self.leaf(node)
        for name in whole:
            node = self.nodes[name]
            children = [self.nodes[str(child)] for child in node.children]
            assert check_node(node, children), (node, children)

    async def leaf(self, node: dict[str, Any]) -> None:
        if node["children"]:
            return
        source, clause = node["source"], node["detail"].get("clause")
        if source is not None:
            await self.source(source)
        elif clause is not None:
            self.clause(clause)
        else:
            assert node["kind"] == "credit_level", node

    async def source(self, source: dict[str, Any]) -> None:
        if (source["url"], source["sha256"]) in self.sources:
            return
        self.sources.add((source["url"], source["sha256"]))
        if source["kind"] == "message":
            connectors = await self.job.api("analyst", "connectors")
            raw = await connectors.call("GET", source["url"])
            assert hashlib.sha256(raw.content).hexdigest() == source["sha256"]
        else:
            assert source["kind"] == "fact"
            calc = await self.job.api("analyst", "calc-engine")
            (fact,) = (await calc.get(source["url"]))["items"]
            assert hashlib.sha256(canonical_json(fact["body"])).hexdigest() == source["sha256"]

    def clause(self, pointer: str) -> None:
        if pointer not in self.clauses:
            assert any(leads_somewhere(pointer, document) for document in self.documents), pointer
            self.clauses.add(pointer)
