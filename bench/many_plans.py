"""Many plans of few shapes beside one plan over the same orders, as processes of their own."""

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from shutil import copyfile

import duckdb

from bench.child import answer, least, run
from bench.compiled import ROOM, UNTIL, typed_plan
from bench.data import HERE, Data
from bench.rows import Row, Target
from calc_engine.engine.duck import Duck
from calc_engine.engine.result_files import calculate_files, calculate_plans
from premia_plan.checked import CellComponent, CheckedPlan, Tiers

PLANS = 300
SHAPES = 3
ROUNDS = 3
TOLD = "component, payee_no, month, competence, units, order_no, place, level, outcome, why, event"
LINES = """
SELECT k.*, l.* FROM read_parquet('$folder/**/lines.parquet', filename = true) AS l
JOIN read_parquet('$folder/**/kinds.parquet', filename = true) AS k
  ON k.kind = l.kind AND parse_dirpath(k.filename) = parse_dirpath(l.filename)
"""
DAYS = "within: {days: 180, after: activated}"


class PlansDiffer(Exception):
    """Raised when many plans of the same numbers pay something else than one plan does."""

    def __init__(self, many: str, one: str) -> None:
        super().__init__(
            f"the lines differ: {many} by {PLANS} plans of the same numbers, {one} by one plan; "
            "find the first line that does before comparing what they cost"
        )


def measure(data: Data, work: Path) -> tuple[Row, ...]:
    """Run 300 plans in turn with a single one and return the row about them.

    Raises:
        PlansDiffer: if plans of the same numbers do not pay what the one plan pays.
    """
    many, one = work / "facts of many", work / "facts of one"
    run(["bench.many_plans", "prepare", str(data.folder), str(many), str(one)])
    commands = {
        how: ["bench.many_plans", how, str(facts), str(work / how)]
        for how, facts in (("one", one), ("same", many), ("alike", many), ("shapes", many))
    }
    run(commands["same"])
    run(commands["one"])
    same, alone = (answer(["bench.many_plans", "digest", str(work / w)]) for w in ("same", "one"))
    if same != alone:
        raise PlansDiffer(same, alone)
    used = least({how: commands[how] for how in ("one", "alike", "shapes")}, rounds=ROUNDS)
    baseline, target = used["one"].cpu_seconds, Target("ratio", "<=", 1.1)
    rows = (("one shape", "alike"), (f"{SHAPES} shapes", "shapes"))
    return tuple(
        Row(
            f"{PLANS} plans of {words} against one plan",
            "CPU s",
            used[how].cpu_seconds,
            baseline,
            target,
        )
        for words, how in rows
    )


def prepare(source: Path, many: Path, one: Path) -> None:
    """Write the facts for many plans and for one beside each other."""
    script = (HERE / "many_plans.sql").read_text(encoding="utf-8")
    values = {"$in": source, "$many": many, "$one": one, "$plans": PLANS}
    for name, value in values.items():
        script = script.replace(name, str(value))
    for folder in (many, one):
        folder.mkdir(parents=True, exist_ok=True)
        for file in source.iterdir():
            copyfile(file, folder / file.name)
    with duckdb.connect() as connection:
        connection.execute(script)


def variants(shapes: int) -> dict[int, CheckedPlan]:
    """Return the plans: of each shape, every plan with rates and bands of its own."""
    bases = [
        typed_plan(HERE / "plan.yaml", (DAYS, DAYS.replace("180", str(180 - place))))
        for place in range(shapes)
    ]
    return {
        number: _varied(bases[number % shapes], number, 1 + Fraction(number, 1_000))
        for number in range(PLANS)
    }


def same() -> dict[int, CheckedPlan]:
    """Return as many plans that differ in their names only."""
    base = typed_plan()
    return {number: _varied(base, number, Fraction(1)) for number in range(PLANS)}


def _varied(plan: CheckedPlan, number: int, times: Fraction) -> CheckedPlan:
    tables = {
        name: replace(table, rows=tuple(replace(r, gives=r.gives * times) for r in table.rows))
        for name, table in plan.tables.items()
    }
    components = dict(plan.components)
    for name, component in plan.components.items():
        if isinstance(component, CellComponent) and isinstance(component.amount, Tiers):
            bands = tuple(replace(b, gives=b.gives * times) for b in component.amount.bands)
            amount = replace(component.amount, bands=bands)
            components[name] = replace(component, amount=amount)
    return replace(plan, name=f"{plan.name}-{number}", tables=tables, components=components)


def digest_of(folder: Path) -> str:
    """Return count, sum and exclusive or of the hashes of all lines, without ids and plans."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*), sum(hash(line)::HUGEINT), bit_xor(hash(line)) "  # noqa: S608 - ours
            f"FROM (SELECT ({TOLD})::TEXT AS line FROM ({LINES.replace('$folder', str(folder))}))"
        ).fetchone()
    return "-".join(map(str, found or ()))


def main(how: str, source: Path, *rest: Path) -> None:
    """Do one of the things that are run as processes of their own."""
    if how == "prepare":
        prepare(source, *rest)
    elif how == "digest":
        sys.stdout.write(digest_of(source))
    elif how == "one":
        rest[0].mkdir(parents=True, exist_ok=True)
        database = Duck(source, *rest, room=ROOM)
        calculate_files(typed_plan(), source, rest[0], since=None, until=UNTIL, database=database)
    else:
        rest[0].mkdir(parents=True, exist_ok=True)
        plans = variants(SHAPES) if how == "shapes" else same() if how == "same" else variants(1)
        for _ in calculate_plans(plans, source, rest[0], since=None, until=UNTIL, room=ROOM):
            pass


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
