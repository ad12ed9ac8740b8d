"""Explanations checked: does a value follow from its children?

One check per operation, one module per noun. An operation is added by putting it into the
`CHECKS` of its module; a module by naming it in `_MODULES`.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from premia_plan.explaining import arithmetic, credits, formulas, groups, settlement, steps, tiers
from premia_plan.explaining.reading import Check
from premia_plan.results import Node

_MODULES = (arithmetic, credits, formulas, groups, settlement, steps, tiers)
CHECKS: Mapping[str, Check] = {
    operation: check for module in _MODULES for operation, check in module.CHECKS.items()
}


def check_node(node: Node, children: Sequence[Node]) -> bool:
    """Say whether a node's value follows exactly from its children's values.

    `children` are the nodes that `node.children` names, in that order. A leaf follows from
    nothing; whether it is true is for its source or its clause in the plan.

    Raises:
        ValueError: if other nodes than the node's children are given.
    """
    if tuple(child.node_id for child in children) != node.children:
        raise ValueError(f"give the children of node {node.node_id}, in their order")
    check = CHECKS.get(node.operation)
    return check is not None and check(node, children)


def check_tree(root: Node, lookup: Mapping[UUID, Node]) -> tuple[Node, ...]:
    """Return the nodes below a root (itself included) that do not follow; none is right.

    A child that the lookup does not know makes its parent one that does not follow.
    """
    wrong, waiting, seen = [], [root], {root.node_id}
    while waiting:
        node = waiting.pop()
        children = [lookup[child] for child in node.children if child in lookup]
        if len(children) != len(node.children) or not check_node(node, children):
            wrong.append(node)
        for child in children:
            if child.node_id not in seen:
                seen.add(child.node_id)
                waiting.append(child)
    return tuple(wrong)


def leaves(root: Node, lookup: Mapping[UUID, Node]) -> tuple[Node, ...]:
    """Return the leaves an amount rests on, each once."""
    found, waiting, seen = [], [root], {root.node_id}
    while waiting:
        node = waiting.pop()
        if not node.children:
            found.append(node)
        for child in node.children:
            if child not in seen:
                seen.add(child)
                waiting.append(lookup[child])
    return tuple(found)
