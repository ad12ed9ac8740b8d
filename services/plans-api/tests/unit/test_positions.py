from datetime import date

import pytest

from plans_api.domain.position import (
    HierarchyHasCycle,
    Position,
    PositionNotUsable,
    ReportingLine,
    SuperiorUnknown,
    must_be_acyclic,
)
from plans_api.domain.window import Window

SPRING = Window(date(2026, 3, 1), date(2026, 6, 1))
SUMMER = Window(date(2026, 6, 1), date(2026, 9, 1))
ALWAYS = Window(date(2020, 1, 1))


def position(code: str, *lines: tuple[str, Window]) -> Position:
    return Position("sales", code, (), tuple(ReportingLine(above, days) for above, days in lines))


def hierarchy(*positions: Position) -> dict[str, Position]:
    return {position.code: position for position in positions}


def test_a_cycle_names_its_path_and_first_day() -> None:
    all_positions = hierarchy(
        position("A", ("B", ALWAYS)), position("B", ("C", SPRING)), position("C", ("A", ALWAYS))
    )

    with pytest.raises(HierarchyHasCycle, match="A → B → C → A on 2026-03-01"):
        must_be_acyclic(all_positions["A"], all_positions)


def test_lines_of_different_days_make_no_cycle() -> None:
    all_positions = hierarchy(position("A", ("B", SPRING)), position("B", ("A", SUMMER)))

    must_be_acyclic(all_positions["A"], all_positions)


def test_a_position_cannot_report_to_itself() -> None:
    alone = position("A", ("A", ALWAYS))

    with pytest.raises(HierarchyHasCycle, match="A → A on 2020-01-01"):
        must_be_acyclic(alone, hierarchy(alone))


def test_a_cycle_further_up_is_found_and_told_without_the_way_to_it() -> None:
    all_positions = hierarchy(
        position("X", ("A", ALWAYS)), position("A", ("B", ALWAYS)), position("B", ("A", ALWAYS))
    )

    with pytest.raises(HierarchyHasCycle) as refused:
        must_be_acyclic(all_positions["X"], all_positions)

    assert refused.value.path == ("A", "B", "A")


def test_an_unknown_superior_is_named() -> None:
    alone = position("A", ("B", ALWAYS))

    with pytest.raises(SuperiorUnknown, match="Position A reports to B"):
        must_be_acyclic(alone, hierarchy(alone))


def test_a_chain_of_three_thousand_positions_is_no_burden() -> None:
    chain = [position("P0")]
    chain += [position(f"P{number}", (f"P{number - 1}", ALWAYS)) for number in range(1, 3000)]

    must_be_acyclic(chain[-1], hierarchy(*chain))


def test_a_position_reports_to_one_position_a_day() -> None:
    with pytest.raises(PositionNotUsable, match="reporting to two positions"):
        position("A", ("B", ALWAYS), ("C", SPRING))
