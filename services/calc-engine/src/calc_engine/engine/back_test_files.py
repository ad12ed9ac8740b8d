"""Two plans over the same facts, from files to what each payee would win or lose.

No line is written: both sides are added up as they are worked out.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from calc_engine.engine.database import Database
from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Aggregate, Column, Kind, Scan, Total, Union, extended, only
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.program import Program, given_columns
from calc_engine.engine.segments import read_segments
from calc_engine.engine.values import whole
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan

Sums = dict[str, pa.Table]
"""`paid` by payee, month and component, `sold` by component, territory and category."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What two plans pay, in minor units, as `before` and `after`.

    `payees` has each payee's months, `components` and `orders` what each component costs, in all
    and by territory and category of what was sold.
    """

    payees: pa.Table
    components: pa.Table
    orders: pa.Table


def compare_files(
    before: CheckedPlan, after: CheckedPlan, source: Path, *, since: Month | None, until: Month
) -> Compared:
    """Calculate two plans over a folder of arranged relations and compare what they pay.

    Components are numbered by their places in each plan; both plans have the same ones.

    Raises:
        ComponentsDiffer: if they have not.
        NotLowered: if a plan says something this engine cannot express.
        FigureTooLarge: if a figure leaves the room that exact numbers have.
    """
    if tuple(before.components) != tuple(after.components):
        raise ComponentsDiffer(before, after)
    sides = [_sums(plan, source, since, until) for plan in (before, after)]
    with Duck() as database:
        return Compared(
            _beside(database, sides, "paid", ("payee_no", "month")),
            _beside(database, sides, "paid", ("component",)),
            _beside(database, sides, "sold", ("component", "territory", "category")),
        )


class ComponentsDiffer(Exception):
    """Raised when two plans cannot be compared component by component."""

    def __init__(self, before: CheckedPlan, after: CheckedPlan) -> None:
        names = sorted(set(before.components) ^ set(after.components))
        super().__init__(
            f"the plans have not the same components in the same order ({', '.join(names)}); "
            "compare them order by order instead"
        )


def _sums(plan: CheckedPlan, source: Path, since: Month | None, until: Month) -> Sums:
    arranged = read_segments(source)
    program = Lowering(plan, arranged, since=since, until=until).sums()
    with Duck(source) as database:
        database.open(arranged)
        database.run(program)
        return {name: database.read(scan.name) for name, scan in program.results.items()}


def _beside(database: Database, sides: list[Sums], name: str, by: tuple[str, ...]) -> pa.Table:
    """Return one row for each key of two sides, with what each comes to."""
    program = Program()
    both = []
    word = "_".join((name, *by))
    for place, side in enumerate(sides):
        table = side[name]
        program.given[f"{word}_{place}"] = table
        units = Column("units", Kind.WHOLE)
        scan = Scan(f"{word}_{place}", given_columns(table.schema))
        parts = (units, whole(0)) if place == 0 else (whole(0), units)
        rows = extended(scan, before=parts[0], after=parts[1])
        both.append(only(rows, *by, "before", "after"))
    totals: dict[str, Total] = {
        side: ("sum", Column(side, Kind.WHOLE)) for side in ("before", "after")
    }
    program.result(word, Aggregate(Union(tuple(both)), by, totals))
    database.run(program)
    return database.read(f"result_{word}")
