"""From files to files: the same lines, under the same ids, sorted by payee."""

from pathlib import Path
from random import Random
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.result_files import calculate_files
from calc_engine.engine.segments import write_segments
from premia_common.periods import Month
from premia_plan.reference import calculate

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed

SIXTY_FOUR = (1 << 64) - 1


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_files_give_the_lines_of_the_reference_engine_under_their_ids(
    tmp_path: Path, name: str
) -> None:
    plan, facts, until = typed(name), world(Random(9), "EUR", 60), Month(2026, 6)
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
