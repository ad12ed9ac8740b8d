"""From files to files: the same lines, under the same ids, sorted by payee."""

from collections import defaultdict
from pathlib import Path
from random import Random
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.codes import Why
from calc_engine.engine.result_files import calculate_files
from premia_common.periods import Month
from premia_plan.apportion import round_units
from premia_plan.reference import calculate

from ..generated.period_worlds import of_one_principal  # noqa: TID252
from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed
from .segment_files import write_segments

SIXTY_FOUR = (1 << 64) - 1


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee", "outbound"])
def test_files_give_the_lines_of_the_reference_engine_under_their_ids(
    tmp_path: Path, name: str
) -> None:
    plan, facts, until = typed(name), world(Random(9), "EUR", 60), Month(2026, 6)
    if name == "outbound":  # it pays payees' months as a whole
        plan = typed(name, (' and payee.channel = "outbound"', ""), ("{from: 3, ", "{from: 1, "))
        facts = of_one_principal(facts)
    plain = calculate(plan, facts, since=None, until=until)
    source, target = tmp_path / "segments", tmp_path / "results"
    source.mkdir()
    target.mkdir()
    write_segments(arrange(plan, facts).arranged, source)

    files = calculate_files(plan, source, target, since=None, until=until)

    lines = pq.read_table(files["lines"]).to_pylist()
    found = {
        UUID(int=(row["id_high"] & SIXTY_FOUR) << 64 | row["id_low"] & SIXTY_FOUR): row["units"]
        for row in lines
    }
    assert len(found) == len(lines)
    assert found == {line.line_id: int(line.amount * 100) for line in plain.lines}
    assert found
    payees = [row["payee_no"] for row in lines if row["payee_no"] is not None]
    assert payees == sorted(payees)


def test_nothing_of_an_earlier_calculation_is_left_in_the_folder(tmp_path: Path) -> None:
    plan, facts = typed("agency-energy"), world(Random(9), "EUR", 60)
    source, target = tmp_path / "segments", tmp_path / "results"
    source.mkdir()
    target.mkdir()
    write_segments(arrange(plan, facts).arranged, source)
    for name in ("counted_of_before.parquet", "another.parquet"):
        (target / name).write_bytes(b"of an earlier day")

    files = calculate_files(plan, source, target, since=None, until=Month(2026, 6))

    assert {file.name for file in target.iterdir()} == {
        "another.parquet",
        *(file.name for file in files.values()),
    }


def test_a_line_names_the_row_of_the_rate_table_that_its_pay_follows_from(tmp_path: Path) -> None:
    plan, facts = typed("agency-energy"), world(Random(9), "EUR", 60)
    rates = {row.index: row.gives for row in plan.tables["commission_rate"].rows}
    base = list(plan.components).index("base")
    source, target = tmp_path / "segments", tmp_path / "results"
    source.mkdir()
    target.mkdir()
    write_segments(arrange(plan, facts).arranged, source)

    files = calculate_files(plan, source, target, since=None, until=Month(2026, 6))

    credited = {
        (row["order_no"], row["place"]): row["units"]
        for row in pq.read_table(files["credits_sale"]).to_pylist()
    }
    paid: dict[tuple[int, int, int], int] = defaultdict(int)
    kinds = {row["kind"]: row for row in pq.read_table(files["kinds"]).to_pylist()}
    for row in pq.read_table(files["lines"]).to_pylist():
        kind = kinds[row["kind"]]
        if kind["component"] == base and row["why"] in {Why.NONE, Why.WAITS, Why.DROPPED, Why.VOID}:
            paid[row["order_no"], kind["place"], row["row_0"]] += row["units"]
    assert len(paid) > 20
    for (order, place, found), units in paid.items():
        assert units == round_units(credited[order, place] * rates[found], 0)
