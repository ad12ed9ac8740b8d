"""How an amount came about, told in sentences or as an outline, in Italian or English."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias
from uuid import UUID

from premia_plan.narration.phrase import Language
from premia_plan.narration.telling import label
from premia_plan.results import Node

NodeLookup: TypeAlias = Mapping[UUID, Node]

MAX_DEPTH = 12
MAX_LISTED = 5
"""More children than this are counted, not listed."""

_BECAUSE: Mapping[Language, str] = {"en": ", because ", "it": ", perché "}
_FROM: Mapping[Language, str] = {"en": ", from ", "it": ", da "}
_MORE: Mapping[Language, str] = {"en": "and {count} more", "it": "e altri {count}"}


def words(node: Node, lookup: NodeLookup, language: Language) -> str:
    """Tell how an amount came about, down to its sources.

    >>> leaf = Node(UUID(int=1), None, "credit_level", "1", "count", "given", {}, None, ())
    >>> words(leaf, {}, "en")
    'level 1.'
    """
    return " ".join(sentences(node, lookup, language))


def sentences(node: Node, lookup: NodeLookup, language: Language) -> tuple[str, ...]:
    """Tell it as sentences: each says a figure and what it follows from, then those in turn.

    A figure that several rest on is told where it is first named. What follows from one thing
    alone is one sentence with it.
    """
    return tuple(_sentences(node, lookup, language, set(), 0))


def outline(node: Node, lookup: NodeLookup, language: Language) -> tuple[str, ...]:
    """Tell it as lines, each figure above those that it follows from, two spaces further in."""
    return tuple(_lines(node, lookup, language, set(), 0))


def _sentences(
    node: Node, lookup: NodeLookup, language: Language, told: set[UUID], depth: int
) -> Iterator[str]:
    chain = [node, *_single_file(node, lookup, told)]
    told |= {each.node_id for each in chain}
    sentence = _BECAUSE[language].join(label(each, language) for each in chain)
    children, left_out = _listed(chain[-1], lookup)
    if not children:
        yield f"{sentence}."
        return
    named = [label(child, language) for child in children]
    if left_out:
        named.append(_MORE[language].format(count=left_out))
    yield f"{sentence}{_FROM[language]}{'; '.join(named)}."
    if depth + len(chain) >= MAX_DEPTH:
        return
    for child in children:
        if child.node_id not in told and child.children:
            yield from _sentences(child, lookup, language, told, depth + len(chain))


def _single_file(node: Node, lookup: NodeLookup, told: set[UUID]) -> Iterator[Node]:
    """Give what a figure follows from, as long as that is one thing nobody told of yet."""
    while len(node.children) == 1 and node.children[0] in lookup:
        node = lookup[node.children[0]]
        if node.node_id in told:
            return
        yield node


def _lines(
    node: Node, lookup: NodeLookup, language: Language, told: set[UUID], depth: int
) -> Iterator[str]:
    yield "  " * depth + label(node, language)
    if node.node_id in told or depth >= MAX_DEPTH:
        return
    told.add(node.node_id)
    children, left_out = _listed(node, lookup)
    for child in children:
        yield from _lines(child, lookup, language, told, depth + 1)
    if left_out:
        yield "  " * (depth + 1) + _MORE[language].format(count=left_out)


def _listed(node: Node, lookup: NodeLookup) -> tuple[list[Node], int]:
    """Return the children that are told, and how many are not."""
    children = [lookup[child] for child in node.children if child in lookup]
    return children[:MAX_LISTED], max(len(children) - MAX_LISTED, 0)
