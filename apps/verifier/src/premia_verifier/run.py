"""A stored run read from its folder, and everything in it that does not add up."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from premia_verifier.operations import Node, follows

TOTALLED = ("component", "what", "month")
CONTENT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Run(NamedTuple):
    """The rows of each table, the digest of each file, and the manifest."""

    tables: Mapping[str, list[Mapping[str, Any]]]
    sha256: Mapping[str, str]
    manifest: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "Run":
        """Read what `premia calc run` wrote, or the files calc-engine keeps of a run."""
        files = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        found = [path for path in files if path.suffix == ".parquet"]
        tables = {path.stem.partition("-")[0]: pq.read_table(path).to_pylist() for path in found}
        sha256 = {path.name: hashlib.sha256(files[path]).hexdigest() for path in files}
        manifest = [files[path] for path in files if path.match("manifest*.json")]
        return cls(tables, sha256, json.loads(manifest[0]) if manifest else {})


def problems(run: Run) -> Iterator[str]:
    """Yield a sentence for everything that is not as it was written or does not add up."""
    yield from _altered(run)
    try:
        nodes = {node.node_id: node for node in map(_node, run.tables["nodes"])}
        TopologicalSorter({node.node_id: node.children for node in nodes.values()}).prepare()
        for node in nodes.values():
            kids = [nodes[child] for child in node.children if child in nodes]
            if len(kids) < len(node.children) or not follows(node, kids):
                yield f"node {node.node_id} ({node.operation}) does not follow from its children"
        yield from _wrong_lines(run, nodes)
    except (KeyError, TypeError, ValueError) as error:
        yield f"what the folder holds cannot be followed to its end: {error!r}"


def _altered(run: Run) -> Iterator[str]:
    """Compare digests: calc-engine's files bear theirs in their names, others in the manifest."""
    expected = {name: Path(name).stem.partition("-")[2] for name in run.sha256}
    for output in run.manifest.get("outputs", ()):
        expected |= output["files"]
        rows = ([text or None for text in row.values()] for row in run.tables[output["table"]])
        content = "".join(f"{CONTENT.encode(row)}\n" for row in rows).encode()
        if hashlib.sha256(content).hexdigest() != output["content_sha256"]:
            yield f"the table {output['table']} does not hold what the manifest says"
    for name, sha256 in expected.items():
        if not run.sha256.get(name, "").startswith(sha256):
            yield f"{name} is not the file that was stored"


def _key(text: str | None) -> str:
    return (text or "").replace("-", "")


def _node(row: Mapping[str, Any]) -> Node:
    texts = {name: text or "" for name, text in row.items()}
    words = (texts["value"], texts["unit"], texts["operation"], json.loads(texts["detail"]))
    children = tuple(map(_key, texts["children"].split()))
    return Node(_key(texts["node_id"]), *words, texts["source_id"], children)


def _wrong_lines(run: Run, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Compare lines with their nodes; calc-engine keeps no nodes of what no statement has."""
    sums: dict[tuple[str | None, ...], Fraction] = defaultdict(Fraction)
    ids = Counter(line["line_id"] for line in run.tables["lines"])
    yield from (f"{ids[each]} lines have the id {each}" for each in ids if ids[each] > 1)
    for line in run.tables["lines"]:
        node, amount = nodes.get(_key(line["node_id"])), Fraction(line["amount"] or "0")
        sums[tuple(map(line.get, TOTALLED))] += amount
        is_right = node is not None and (node.unit, node.typed) == ("money", amount)
        if not is_right and line.get("statement_id", "offline") is not None:
            yield f"line {line['line_id']} is not the amount that its node explains"
    for total in run.manifest.get("totals", ()):
        sums[tuple(map(total.get, TOTALLED))] -= Fraction(total["amount"])
    for key, difference in sums.items():
        if difference and "totals" in run.manifest:
            yield f"the lines of {key} and the manifest's total differ by {difference}"
