"""A calculation from files to files: arranged segments in, lines and their lineage out."""

from pathlib import Path

import pyarrow as pa

from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Scan, columns_of
from calc_engine.engine.layout import Arranged
from calc_engine.engine.line_keys import coded, identified, kinds, kinds_on_credits, literals
from calc_engine.engine.lowering.calculation import Lowering, told_by_earnings
from calc_engine.engine.program import Program, given_columns
from calc_engine.engine.segments import read_segments
from calc_engine.engine.trace.line_ids import LineParts
from calc_engine.engine.trace.rows import Rows
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan

WRITTEN = ("lines", "credits_", "earned_", "counted_", "stages_", "bands_", "parts_", "cells_")
"""The results that are written: lines and what explains them, by the beginning of their names.

Credits that one component pays on are told by what is earned on them, and not written again."""


def calculate_files(
    plan: CheckedPlan,
    source: Path,
    target: Path,
    *,
    since: Month | None,
    until: Month,
    duck: Duck | None = None,
) -> dict[str, Path]:
    """Calculate a folder of arranged relations and write every result as Parquet.

    Files are sorted by payee; lines carry the two halves of their ids.

    Args:
        plan: the typed plan.
        source: the folder of the relations.
        target: the folder that is written.
        since: the first month whose lines are wanted; all if None.
        until: the last month that is looked at.
        duck: the connection, which may read and write these folders; a new one if None.

    Raises:
        NotLowered: if the plan says something this engine cannot express.
        FigureTooLarge: if a figure leaves the room that exact numbers have.
    """
    arranged = read_segments(source)
    program = Lowering(plan, arranged, since=since, until=until).program()
    with duck or Duck(source, target) as connection:
        connection.open(arranged)
        connection.run(program)
        _identify(plan, arranged, program, connection)
        return _written(plan, program, target, connection)


def _identify(plan: CheckedPlan, arranged: Arranged, program: Program, duck: Duck) -> None:
    """Add their ids to the lines."""
    found = [kinds_on_credits(plan)]
    if "cell_lines" in program.results:
        naming = Program()
        naming.result("kinds", kinds(coded(plan, program.results["cell_lines"])))
        duck.run(naming)
        found.append(duck.read("result_kinds"))
    principals = tuple(arranged.tables["principals"]["principal"].to_pylist())
    parts = LineParts(plan, principals)
    literal = pa.concat_tables([literals(parts, Rows(table)) for table in found])
    duck.load({"line_literals": literal})
    with_ids = Program()
    payees, orders = (Scan(name, arranged.columns(name)) for name in ("payees", "orders"))
    lines = coded(plan, program.results["lines"])
    told = Scan("line_literals", given_columns(literal.schema))
    with_ids.result("identified", identified(lines, payees, orders, told))
    duck.run(with_ids)
    program.results["lines"] = with_ids.results["identified"]


def _written(plan: CheckedPlan, program: Program, target: Path, duck: Duck) -> dict[str, Path]:
    files: dict[str, Path] = {}
    told = {f"credits_{rule}" for rule in told_by_earnings(plan)}
    for name, scan in program.results.items():
        if name.startswith(WRITTEN) and name not in told:
            files[name] = target / f"{name}.parquet"
            by = ("payee_no",) if "payee_no" in columns_of(scan) else ()
            duck.write(scan.name, files[name], by)
    return files
