"""A calculation from files to files: arranged segments in, lines and their lineage out."""

from dataclasses import replace
from pathlib import Path

from calc_engine.engine.database import Database
from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Relation, Scan, Union, columns_of
from calc_engine.engine.layout import Arranged
from calc_engine.engine.line_keys import (
    TOLD_BY_KIND,
    identified,
    kinds,
    kinds_on_credits,
    literals,
    with_months,
)
from calc_engine.engine.lowering.calculation import LINES, Lowering, told_by_earnings
from calc_engine.engine.lowering.facts import SOLD_AS
from calc_engine.engine.program import Program, given_columns
from calc_engine.engine.prune import pruned
from calc_engine.engine.segments import read_segments
from calc_engine.engine.trace.line_ids import LineParts
from calc_engine.engine.trace.rows import Rows
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, SummedMeasure

WRITTEN = ("lines", "credits_", "credited_", "counted_", "stages_", "bands_", "parts_", "cells_")
"""The results that are written: lines and what explains them, by the beginning of their names.

What is earned on a credit is told by its lines, which name the rows of the rate tables; roll-ups
that one component pays on are told by its lines too."""

TOLD_ELSEWHERE = frozenset({"of_units", "outcome", *SOLD_AS})
"""Columns of lines that are not written: what a line takes back is what its share released."""


def calculate_files(
    plan: CheckedPlan,
    source: Path,
    target: Path,
    *,
    since: Month | None,
    until: Month,
    database: Database | None = None,
) -> dict[str, Path]:
    """Calculate a folder of arranged relations and write every result as Parquet.

    Files are sorted by payee; lines carry the two halves of their ids. Results that an earlier
    calculation left in the folder are removed first: of two of them nothing could be explained.

    Args:
        plan: the typed plan.
        source: the folder of the relations.
        target: the folder that is written.
        since: the first month whose lines are wanted; all if None.
        until: the last month that is looked at.
        database: what works it out and may read and write these folders; a new one if None.

    Raises:
        NotLowered: if the plan says something this engine cannot express.
        FigureTooLarge: if a figure leaves the room that exact numbers have.
    """
    _remove_results(target)
    arranged = read_segments(source)
    program = _asked(plan, Lowering(plan, arranged, since=since, until=until).program())
    with database or Duck(source, target) as connection:
        connection.open(arranged)
        connection.run(program)
        _identify(plan, arranged, program, connection)
        return _written(program, target, connection)


def _asked(plan: CheckedPlan, program: Program) -> Program:
    """Return the program of the results that are written, and no others."""
    told = {f"credits_{rule}" for rule in told_by_earnings(plan)}
    for rule in plan.credits:
        if f"credited_{rule}" in program.results:
            told.add(f"credits_{rule}")
    told.update(
        f"counted_{name}"
        for name, measure in plan.measures.items()
        if isinstance(measure, SummedMeasure)
        and f"credited_{measure.of}" in program.results
        and f"counts_in_{name}" in program.results[f"credited_{measure.of}"].columns
    )
    results = {
        name: scan
        for name, scan in program.results.items()
        if name.startswith((*WRITTEN, *LINES)) and name not in {"lines", *told}
    }
    for name in results.keys() & set(LINES):
        lines = results[name]
        # The kinds of lines on credits are known beforehand, and those on months are looked up.
        left_out = TOLD_ELSEWHERE | set(TOLD_BY_KIND if name == "credit_lines" else ())
        kept = {name: kind for name, kind in lines.columns.items() if name not in left_out}
        results[name] = Scan(lines.name, kept)
    return pruned(replace(program, results=results))


def _identify(plan: CheckedPlan, arranged: Arranged, program: Program, database: Database) -> None:
    """Add their ids to the lines."""
    found = {"credit_lines": kinds_on_credits(plan)}
    lines: dict[str, Relation] = {n: program.results[n] for n in LINES if n in program.results}
    if "cell_lines" in lines:
        lines["cell_lines"] = with_months(lines["cell_lines"])
        naming = Program()
        naming.result("kinds", kinds(lines["cell_lines"]))
        database.run(naming)
        found["cell_lines"] = database.read("result_kinds")
    principals = tuple(arranged.tables["principals"]["principal"].to_pylist())
    parts = LineParts(plan, principals)
    with_ids = Program()
    named = []
    for name, relation in lines.items():
        literal = literals(parts, Rows(found[name]))
        with_ids.given[f"literals_of_{name}"] = literal
        told = Scan(f"literals_of_{name}", given_columns(literal.schema))
        named.append(identified(relation, told))
    with_ids.result("identified", Union(tuple(named)))
    database.run(with_ids)
    for name in lines:
        del program.results[name]
    program.results["lines"] = with_ids.results["identified"]


def _remove_results(target: Path) -> None:
    for file in target.glob("*.parquet"):
        if file.name.startswith(WRITTEN):
            file.unlink()


def _written(program: Program, target: Path, database: Database) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name, scan in program.results.items():
        if name.startswith(WRITTEN):
            word = name.replace("credited_", "credits_")
            files[word] = target / f"{word}.parquet"
            by = ("payee_no",) if "payee_no" in columns_of(scan) else ()
            database.write(scan.name, files[word], by)
    return files
