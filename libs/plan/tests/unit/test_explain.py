from dataclasses import replace
from decimal import Decimal

import pytest

from premia_plan.explain import check_node, check_tree, words

STATES = {"activated": "2026-03-04", "cancelled": "2026-05-20"}


@pytest.fixture(scope="module")
def result(facts, agency):
    world = facts.with_target("A1", "2026-03", "1000").with_order("O1", "1500", STATES)
    world = world.with_order("O2", "90000", {"activated": "2026-03-05"})
    world = world.with_order("O3", "7", {"activated": "2026-03-06", "churned": "2026-06-01"})
    return world.with_order("O4", "77.77", STATES, imputable_to="principal").calculated(agency)


def test_every_operation_is_noticed_when_its_value_is_changed(result) -> None:
    lookup = {node.node_id: node for node in result.nodes}
    operations = set()

    for node in result.nodes:
        children = [lookup[child] for child in node.children]
        assert check_node(node, children)
        if node.operation == "given":
            continue
        operations.add(node.operation)
        wrong = replace(
            node,
            value=str(Decimal(node.value) + Decimal("0.01")) if "/" not in node.value else "1/7",
        )
        assert not check_node(wrong, children), node

    assert operations == {
        "band", "cap", "difference", "formula", "gate", "nothing", "part", "ratio", "round",
        "same", "share", "split", "spread", "sum", "take_back",
    }  # fmt: skip


def test_a_leaf_without_a_source_or_a_clause_does_not_follow(result) -> None:
    leaf = next(node for node in result.nodes if node.kind == "order_value")

    assert check_node(leaf, [])
    assert not check_node(replace(leaf, source=None), [])


def test_a_changed_leaf_is_found_from_the_line(result) -> None:
    lookup = {node.node_id: node for node in result.nodes}
    line = next(line for line in result.lines if line.component == "override")
    leaf = next(
        node
        for node in result.nodes
        if node.kind == "order_value" and node.detail["order_id"] == line.order_id
    )

    lookup[leaf.node_id] = replace(leaf, value="1")

    assert [node.kind for node in check_tree(lookup[line.node_id], lookup)] == ["credit"]


def test_children_of_another_node_are_refused(result) -> None:
    node = next(node for node in result.nodes if node.operation == "share")

    with pytest.raises(ValueError, match="in their order"):
        check_node(node, [])


def test_an_amount_is_told_in_both_languages(result) -> None:
    lookup = {node.node_id: node for node in result.nodes}
    line = next(
        line
        for line in result.lines
        if (line.component, line.what, line.order_id) == ("base", "release", "O1")
    )

    assert words(lookup[line.node_id], lookup, "en") == (
        "29.25 released, 65 % of what was earned, from 45.00 earned by "
        "credit.amount * commission_rate; order O1 reached activated on 2026-03-04 "
        "(from message O1 activated). 45.00 earned by credit.amount * commission_rate, from "
        "1500.00 credited to A1, 100 % of the order; 3 % from row 0 of commission_rate "
        "(category gas, territory nord). 1500.00 credited to A1, 100 % of the order, because "
        "order.amount of order O1 is 1500.00 (from message O1)."
    )
    assert words(lookup[line.node_id], lookup, "it").startswith(
        "29.25 liquidati, 65 % del maturato, da 45.00 maturati con"
    )
