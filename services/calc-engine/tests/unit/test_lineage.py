"""Which nodes are stored, and under whom: an explanation reads one payee's rows and the shared."""

from uuid import UUID

from calc_engine.domain.lineage import NodeRow, node_rows
from premia_plan.results import Node


def node(number: int, payee: str | None, *children: int) -> Node:
    below = tuple(UUID(int=child) for child in children)
    return Node(UUID(int=number), payee, "credit", "1.00", "money", "sum", {}, None, below)


def readers(rows: list[NodeRow]) -> dict[int, str]:
    return {int(row.node_id, 16): row.payee_id for row in rows}


def test_only_what_the_statements_lines_rest_on_is_stored() -> None:
    nodes = [node(1, "A", 2, 3), node(2, "A"), node(3, None, 4), node(4, None), node(5, "A", 4)]

    assert readers(node_rows(nodes, [UUID(int=1)])) == {1: "A", 2: "A", 3: "", 4: ""}


def test_what_a_superior_rests_on_is_shared_with_all_that_is_below() -> None:
    nodes = [node(1, "M", 2), node(2, "A", 3, 4), node(3, "A"), node(4, None), node(5, "A", 3)]

    stored = node_rows(nodes, [UUID(int=1), UUID(int=5)])

    assert readers(stored) == {1: "M", 2: "", 3: "", 4: "", 5: "A"}
    about = {int(row.node_id, 16): row.owner for row in stored}
    assert about == {1: "M", 2: "A", 3: "A", 4: "", 5: "A"}


def test_what_rests_on_a_shared_node_is_shared() -> None:
    nodes = [node(1, "A", 2), node(2, None, 3), node(3, "B", 4), node(4, "B")]

    assert readers(node_rows(nodes, [UUID(int=1)])) == {1: "A", 2: "", 3: "", 4: ""}


def test_rows_come_once_and_in_one_order() -> None:
    nodes = [node(3, "B"), node(2, "A"), node(1, "B", 3), node(2, "A")]
    roots = [UUID(int=1), UUID(int=2)]

    rows = node_rows(nodes, roots)

    assert rows == sorted(rows)
    assert rows == node_rows(reversed(nodes), reversed(roots))
    assert [row.payee_id for row in rows] == ["A", "B", "B"]
