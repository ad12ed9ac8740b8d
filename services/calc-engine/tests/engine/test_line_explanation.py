"""A line of a run in files is explained from the facts that it rests on, and no others."""

from pathlib import Path
from random import Random
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.line_explanation import (
    LineExplainer,
    LineNotFound,
    RestsOnMore,
    ResultDiffers,
)
from calc_engine.engine.result_files import calculate_files
from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import metric
from premia_plan.reference import calculate
from premia_plan.results import Calculation

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed
from .segment_files import write_segments

UNTIL = Month(2026, 6)


def run(folder: Path) -> tuple[LineExplainer, Calculation]:
    plan, facts = typed("agency-energy"), world(Random(11), "EUR", 80)
    source, results = folder / "segments", folder / "results"
    source.mkdir()
    results.mkdir()
    write_segments(arrange(plan, facts).arranged, source)
    calculate_files(plan, source, results, since=None, until=UNTIL)
    explainer = LineExplainer(plan, source, results, until=UNTIL)
    return explainer, calculate(plan, facts, until=UNTIL)


def test_every_line_is_explained_with_the_nodes_of_the_whole_run(tmp_path: Path) -> None:
    explainer, whole = run(tmp_path)
    known = {node.node_id: node for node in whole.nodes}

    for line in whole.lines:
        found = explainer.explain(line.payee_id, line.line_id)

        assert found.line == line
        assert found.nodes[0].node_id == line.node_id
        for node in found.nodes:
            stored = known[node.node_id]
            assert (node.kind, node.value, node.children) == (
                stored.kind,
                stored.value,
                stored.children,
            )

    assert {line.kind for line in whole.lines} == {"commission", "bonus"}


@pytest.mark.parametrize("name", ["pharma-ranking", "pharma-portfolio"])
def test_a_plan_whose_lines_rest_on_more_than_their_own_month_is_refused(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(RestsOnMore, match="let a run of the service calculate it"):
        LineExplainer(typed(name), tmp_path, tmp_path, until=UNTIL)


@pytest.mark.parametrize("name", ["rolling-sales", "sales-this-year", "quarterly-sales"])
def test_a_plan_that_looks_back_over_other_months_is_refused_and_its_files_are_not_blamed(
    name: str, tmp_path: Path
) -> None:
    plan = check_plan(parse_plan(metric(name).worked_plan())).plan
    assert plan is not None

    with pytest.raises(RestsOnMore, match="more than their order or their payee's own month"):
        LineExplainer(plan, tmp_path, tmp_path, until=UNTIL)


def test_a_line_of_somebody_else_is_not_found(tmp_path: Path) -> None:
    explainer, whole = run(tmp_path)
    line = whole.lines[0]
    others = (each.payee_id for each in whole.lines if each.payee_id)
    other = next(payee_id for payee_id in others if payee_id != line.payee_id)

    with pytest.raises(LineNotFound):
        explainer.explain(other, line.line_id)
    with pytest.raises(LineNotFound):
        explainer.explain(line.payee_id, UUID(int=7))


def test_a_line_whose_amount_was_changed_is_not_explained(tmp_path: Path) -> None:
    explainer, whole = run(tmp_path)
    path = tmp_path / "results" / "lines.parquet"
    lines = pq.read_table(path)
    more = pa.array([units + 1 for units in lines.column("units").to_pylist()], pa.int64())
    changed = lines.set_column(lines.schema.get_field_index("units"), "units", more)
    pq.write_table(changed, path)
    line = whole.lines[0]

    with pytest.raises(ResultDiffers, match="replay the run"):
        explainer.explain(line.payee_id, line.line_id)
