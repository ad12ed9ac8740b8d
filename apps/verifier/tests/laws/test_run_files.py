"""The files that calc-engine keeps of a run are re-added as they lie in its store."""

import shutil
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.domain.lineage import node_rows
from calc_engine.domain.proposal import propose
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.statement_line import PostedLine, ResultLine
from premia_common.periods import Month
from premia_plan.results import Calculation
from premia_runtime.store import FolderStore
from premia_verifier.run import Run, problems

from .stored_runs import calculated, plan, relations

TENANT, RUN = UUID(int=1), UUID(int=2)
PERIOD, GO_LIVE = Month(2026, 4), Month(2026, 1)


def results(found: Calculation) -> list[ResultLine]:
    return [
        ResultLine(
            line.line_id,
            line.payee_id,
            line.principal,
            "agency-energy-2026",
            "EUR",
            line.component,
            line.kind,
            line.what,
            line.month,
            line.competence,
            line.amount,
            line.order_id,
            line.credit_id,
            line.share,
            line.reason,
            line.reason_code,
            line.node_id,
        )
        for line in found.lines
    ]


def posted(lines: list[ResultLine]) -> list[PostedLine]:
    """Return what an earlier statement paid: some lines too much, some not at all."""
    return [
        PostedLine(
            line.line_id,
            UUID(int=3),
            "2026-03",
            line.payee_id or "",
            line.principal_id,
            line.plan,
            line.component,
            line.kind,
            line.competence,
            line.currency,
            line.amount + number % 2,
            line.order_id,
            line.credit_id,
            line.share,
        )
        for number, line in enumerate(lines)
        if line.month == "2026-03" and number % 3
    ]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """The files of a run with statements, restatements and lines that are held."""
    found = calculated(plan(), relations(60), str(PERIOD))
    lines = results(found)
    stated, differences = lines_of_period(
        lines, posted(lines), period=PERIOD, go_live=GO_LIVE, approved={}, order_sources={}
    )
    proposals = propose(TENANT, PERIOD, stated, balances={}, held={})
    paid = (line.node_id for proposal in proposals for line in proposal.lines)
    nodes = node_rows([*found.nodes, *differences], paid)
    unpaid = [line for line in lines if line.what in {"held", "not_paid"}]
    files = ParquetRunFiles(FolderStore(tmp_path))
    await files.put_nodes(TENANT, RUN, nodes)
    await files.put_lines(TENANT, RUN, proposals, unpaid)
    await files.put_json(TENANT, RUN, "manifest", b'{"result_digest":"x"}')
    return tmp_path / str(TENANT) / "runs" / str(RUN)


async def test_a_stored_run_adds_up(folder: Path) -> None:
    run = Run.read(folder)

    kinds = {line["what"] for line in run.tables["lines"]}
    assert {"release", "restatement", "held"} <= kinds
    assert list(problems(run)) == []


@pytest.mark.parametrize("table", ["lines", "nodes"])
def test_a_field_that_is_changed_is_found(table: str, folder: Path, tmp_path: Path) -> None:
    [stored] = folder.glob(f"{table}-*.parquet")
    whole = pq.read_table(stored)

    for field in whole.column_names:
        column = whole.column(field).to_pylist()
        column[5] = f"{column[5]}0"
        forged = tmp_path / field
        shutil.copytree(folder, forged)
        index = whole.column_names.index(field)
        pq.write_table(whole.set_column(index, field, [column]), forged / stored.name)

        assert f"{stored.name} is not the file that was stored" in list(problems(Run.read(forged)))


async def test_an_amount_is_found_though_the_file_was_named_anew(folder: Path) -> None:
    run = Run.read(folder)
    rows = run.tables["lines"]

    for row in (row for row, line in enumerate(rows) if line["statement_id"] is not None):
        if row % 10 == 0:
            forged = [*rows]
            forged[row] = {**rows[row], "amount": f"{rows[row]['amount']}1"}
            found = list(problems(Run({**run.tables, "lines": forged}, run.sha256, run.manifest)))
            assert len(found) == 1
            assert str(rows[row]["line_id"]) in found[0]
