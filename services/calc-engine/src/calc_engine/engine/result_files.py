"""A calculation from files to files: arranged segments in, lines and their lineage out."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from calc_engine.engine.alike import Plans, by_shape, with_all_rows
from calc_engine.engine.codes import Why
from calc_engine.engine.database import Database
from calc_engine.engine.duck import Duck, Room
from calc_engine.engine.ir import (
    Distinct,
    Kind,
    Project,
    Relation,
    Scan,
    Union,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.layout import Arranged
from calc_engine.engine.line_keys import (
    TOLD_BY_KIND,
    identified,
    kinds,
    kinds_on_credits,
    literals,
    told_by_kind,
    with_months,
)
from calc_engine.engine.lowering.calculation import LINES, Lowering, told_by_earnings
from calc_engine.engine.lowering.facts import SOLD_NO
from calc_engine.engine.program import Program, given_columns
from calc_engine.engine.prune import pruned
from calc_engine.engine.segments import read_segments
from calc_engine.engine.trace.line_ids import LineParts
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.values import add, case, compare, whole
from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan, SummedMeasure, Tiers

WRITTEN = ("lines", "kinds", "credits_", "credited_", "counted_", "stages_", "cells_")
"""The results that are written: lines and what explains them, by the beginning of their names.

What is earned on a credit is told by its lines, which name the rows of the rate tables; roll-ups
that one component pays on are told by its lines too. So are the parts of a month's pay, and its
bands follow from the total and the target of its stage. A line tells its kind by a number; what
component, place, level, outcome and share that is stands in `kinds` once."""

TOLD_ELSEWHERE = frozenset({"of_units", "standing", SOLD_NO})
"""Columns of lines that are not written: what a line takes back is what its share released.

Each column is moved through the sort: `why` tells how a payee stands who is not paid."""

STANDS_AS = 20
"""Added to how its payee stands, it is why a line is not paid, in files."""


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

    Files are sorted by payee; lines carry the number of their kind and the two halves of their
    ids. Results that an earlier calculation left in the folder are removed first: of two of them
    nothing could be explained.

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
    arranged = read_segments(source)
    lowering = Lowering(plan, arranged, since=since, until=until)
    return _results({0: plan}, arranged, lowering, target, database or Duck(source, target))


def calculate_plans(
    plans: Plans,
    source: Path,
    target: Path,
    *,
    since: Month | None,
    until: Month,
    room: Room | None = None,
) -> Iterator[tuple[Plans, Mapping[str, Path]]]:
    """Calculate plans, each over the orders of its number: those of one shape in one pass.

    Every shape (`by_shape`) gets a folder of its own below the target. The kinds of lines tell the
    number of their plan where a shape has several.

    Yields:
        The plans of each shape and their files, when they are written.

    Raises:
        NotLowered: if a plan says something that several plans cannot be asked in one pass.
        FigureTooLarge: if a figure leaves the room that exact numbers have.
    """
    arranged = read_segments(source)
    for place, group in enumerate(by_shape(plans)):
        folder = target / f"shape_{place}"
        folder.mkdir(exist_ok=True)
        plan = with_all_rows(group)
        lowering = Lowering(plan, arranged, since=since, until=until, plans=group)
        database = Duck(source, folder, room=room)
        yield group, _results(group, arranged, lowering, folder, database)


def _results(
    plans: Plans, arranged: Arranged, lowering: Lowering, target: Path, database: Database
) -> dict[str, Path]:
    _remove_results(target)
    program = _asked(plans, lowering.program())
    with database as connection:
        connection.open(arranged)
        connection.run(program)
        _identify(plans, arranged, program, connection)
        return _written(program, target, connection)


def _asked(plans: Plans, program: Program) -> Program:
    """Return the program of the results that are written, and no others."""
    plan = next(iter(plans.values()))
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
    told.update(
        f"cells_{component.amount.attainment.of}"
        for name, component in plan.components.items()
        if isinstance(component, CellComponent)
        and isinstance(component.amount, Tiers)
        and component.amount.attainment is not None
        and "target_amount" in _columns(program, f"stages_{name}")
    )
    results = {
        name: scan
        for name, scan in program.results.items()
        if name.startswith((*WRITTEN, *LINES)) and name not in {"lines", *told}
    }
    for name, stages in results.items():
        if name.startswith("stages_"):
            columns = {each: kind for each, kind in stages.columns.items() if not _follows(each)}
            results[name] = Scan(stages.name, columns)
    for name in results.keys() & set(LINES):
        # The kinds of lines on credits are known beforehand, and those on months are looked up.
        elsewhere = {*TOLD_ELSEWHERE, *(TOLD_BY_KIND if name == "credit_lines" else ())}
        lines = _with_standing(results[name])
        kept = [each for each in lines.outputs if each not in elsewhere]
        results[name] = program.name(f"told_{name}", only(lines, *kept), kept=name == "cell_lines")
    return pruned(replace(program, results=results))


def _follows(column: str) -> bool:
    """Say whether a stage's figure follows from others: what bands and steps give on the way."""
    return column.startswith(("tier_", "exact_"))


def _columns(program: Program, result: str) -> Mapping[str, Kind]:
    found = program.results.get(result)
    return {} if found is None else found.columns


def _with_standing(lines: Scan) -> Project:
    """Tell how the payee stands in the reason why a line is not paid."""
    why, standing = column(lines, "why"), column(lines, "standing")
    stands = compare("=", why, whole(Why.STANDING))
    return extended(lines, why=case([(stands, add(standing, whole(STANDS_AS)))], why))


def _identify(plans: Plans, arranged: Arranged, program: Program, database: Database) -> None:
    """Add their ids to the lines, and tell their kinds; of a single plan its number is not told."""
    found = {"credit_lines": kinds_on_credits(plans)}
    lines: dict[str, Relation] = {n: program.results[n] for n in LINES if n in program.results}
    if "cell_lines" in lines:
        lines["cell_lines"] = with_months(lines["cell_lines"])
        naming = Program()
        naming.result("kinds_on_cells", kinds(lines["cell_lines"]))
        database.run(naming)
        found["cell_lines"] = database.read("result_kinds_on_cells")
    principals = tuple(arranged.tables["principals"]["principal"].to_pylist())
    parts = {number: LineParts(plan, principals) for number, plan in plans.items()}
    with_ids = Program()
    named, told_kinds = [], []
    for name, relation in lines.items():
        literal = literals(parts, Rows(found[name]))
        with_ids.given[f"literals_of_{name}"] = literal
        told = Scan(f"literals_of_{name}", given_columns(literal.schema))
        named.append(identified(relation, told))
        told_kinds.append(told_by_kind(told, with_plan=len(plans) > 1))
    with_ids.result("identified", Union(tuple(named)))
    with_ids.result("kinds", Distinct(Union(tuple(told_kinds))))
    database.run(with_ids)
    for name in lines:
        del program.results[name]
    program.results["lines"] = with_ids.results["identified"]
    program.results["kinds"] = with_ids.results["kinds"]


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
