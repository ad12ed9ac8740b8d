from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from premia_plan.relations import SourceRef
from premia_plan.results import Attainment, Calculation, Cell, Exception_, Line, Node

LEAF, ROOT = UUID(int=1), UUID(int=2)
SOURCE = SourceRef("message", "m", "ab" * 32, "a message")
LINE = Line(
    UUID(int=3),
    "A1",
    "P",
    "base",
    "commission",
    "release",
    "2026-03",
    "2026-03",
    Decimal("1.00"),
    "O1",
    "O1/sale.0",
    0,
    None,
    None,
    ROOT,
)
NODES = (
    Node(LEAF, None, "order_value", "1.00", "money", "given", {"a": 1, "b": [2]}, SOURCE, ()),
    Node(ROOT, "A1", "release", "1.00", "money", "same", {"clause": "/x"}, None, (LEAF,)),
)
CELL = Cell("A1", "value", "2026-03", "1.00", "2.00", Attainment("1/2", "50 %"), ROOT)
FOUND = Exception_("target_missing", "none", "set it", "A1", None, "2026-03", blocks=True)
RESULT = Calculation((LINE,), NODES, (FOUND,), (CELL,))

LINE_CHANGES = {
    "line_id": UUID(int=9),
    "payee_id": None,
    "principal": "Q",
    "component": "bonus",
    "kind": "bonus",
    "what": "held",
    "month": None,
    "competence": "2026-04",
    "amount": Decimal("1.01"),
    "order_id": "O2",
    "credit_id": "O1/sale.1",
    "share": None,
    "reason": "because",
    "reason_code": "held",
    "node_id": LEAF,
}
NODE_CHANGES = {
    "node_id": UUID(int=8),
    "payee_id": "A1",
    "kind": "other",
    "value": "1.01",
    "unit": "count",
    "operation": "sum",
    "detail": {"a": 1, "b": [3]},
    "source": None,
    "children": (ROOT,),
}


@pytest.mark.parametrize("name", LINE_CHANGES)
def test_every_word_of_a_line_is_in_the_digest(name: str) -> None:
    changed = replace(LINE, **{name: LINE_CHANGES[name]})

    assert set(LINE_CHANGES) == set(Line.__dataclass_fields__)
    assert replace(RESULT, lines=(changed,)).digest() != RESULT.digest()


@pytest.mark.parametrize("name", NODE_CHANGES)
def test_every_word_of_a_node_is_in_the_digest(name: str) -> None:
    changed = replace(NODES[0], **{name: NODE_CHANGES[name]})

    assert set(NODE_CHANGES) == set(Node.__dataclass_fields__)
    assert replace(RESULT, nodes=(changed, NODES[1])).digest() != RESULT.digest()


def test_exceptions_and_cells_are_in_the_digest() -> None:
    others = (
        replace(RESULT, exceptions=()),
        replace(RESULT, exceptions=(replace(FOUND, blocks=False),)),
        replace(RESULT, cells=(replace(CELL, attainment=None),)),
        replace(RESULT, cells=(replace(CELL, node_id=LEAF),)),
    )

    assert RESULT.digest() not in {other.digest() for other in others}


def test_children_that_move_from_one_node_to_the_next_change_the_digest() -> None:
    one, two = NODES
    moved = (replace(one, children=(LEAF,)), replace(two, children=()))

    assert replace(RESULT, nodes=moved).digest() != RESULT.digest()


def test_neither_the_order_of_the_rows_nor_of_a_detail_is_in_the_digest() -> None:
    turned = replace(NODES[0], detail={"b": [2], "a": 1}, source=replace(SOURCE))

    assert replace(RESULT, nodes=(NODES[1], turned)).digest() == RESULT.digest()


def test_many_lines_and_nodes_give_one_digest_whatever_their_order() -> None:
    nodes = tuple(replace(NODES[0], node_id=UUID(int=number)) for number in range(1, 1200))
    lines = tuple(replace(LINE, line_id=UUID(int=number)) for number in range(1, 1200))
    result = Calculation(lines, nodes, (), ())

    assert Calculation(lines[::-1], nodes[::-1], (), ()).digest() == result.digest()
    assert Calculation(lines, nodes[:-1], (), ()).digest() != result.digest()
