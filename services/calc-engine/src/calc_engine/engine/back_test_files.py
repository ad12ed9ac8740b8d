"""Two plans over the same facts, from files to what each payee would win or lose.

No line is written: both sides are added up as they are worked out, and what they have in common is
worked out once.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from calc_engine.engine.database import Database
from calc_engine.engine.duck import Duck, Room
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Kind,
    Relation,
    Total,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.lowering.facts import SOLD_AS
from calc_engine.engine.program import Program
from calc_engine.engine.prune import pruned
from calc_engine.engine.segments import read_segments
from calc_engine.engine.side_by_side import SideBySide, side_by_side
from calc_engine.engine.values import whole
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan

SIDES = ("before", "after")


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
    before: CheckedPlan,
    after: CheckedPlan,
    source: Path,
    *,
    since: Month | None,
    until: Month,
    room: Room | None = None,
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
    arranged = read_segments(source)
    one, other = (
        Lowering(plan, arranged, since=since, until=until, beside=beside).sums()
        for plan, beside in ((before, after), (after, before))
    )
    both = side_by_side(one, other)
    with Duck(source, room=room) as database:
        database.open(arranged)
        database.run(pruned(both.program))
        return Compared(
            _beside(database, both, "paid_", ("payee_no", "month")),
            _beside(database, both, "paid_", ("component",)),
            _beside(database, both, "sold_", ("component", *SOLD_AS)),
        )


class ComponentsDiffer(Exception):
    """Raised when two plans cannot be compared component by component."""

    def __init__(self, before: CheckedPlan, after: CheckedPlan) -> None:
        names = sorted(set(before.components) ^ set(after.components))
        super().__init__(
            f"the plans have not the same components in the same order ({', '.join(names)}); "
            "compare them order by order instead"
        )


def _beside(database: Database, both: SideBySide, kind: str, by: tuple[str, ...]) -> pa.Table:
    """Return one row for each key of two sides, with what each comes to."""
    program = Program()
    rows: list[Relation] = []
    for name in both.before:
        if not name.startswith(kind):
            continue
        before, after = both.before[name], both.after[name]
        units, none = column(before, "units"), whole(0)
        if before == after:
            rows.append(only(extended(before, before=units, after=units), *by, *SIDES))
            continue
        rows.append(only(extended(before, before=units, after=none), *by, *SIDES))
        rows.append(only(extended(after, before=none, after=units), *by, *SIDES))
    totals: dict[str, Total] = {side: ("sum", Column(side, Kind.WHOLE)) for side in SIDES}
    word = "_".join((kind, *by))
    program.result(word, Aggregate(Union(tuple(rows)), by, totals))
    database.run(program)
    return database.read(f"result_{word}")
