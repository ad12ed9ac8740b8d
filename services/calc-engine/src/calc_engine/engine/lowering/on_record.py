"""What is on record of a payee and a month under a name: targets, and values that are loaded."""

from dataclasses import dataclass

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    column,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import compare, known_or, text, whole

FIGURES = {"targets": "amount", "measurements": "value"}
"""The relations of what people record by payee and month, with the column of the figure."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Cells with what is on record of them: how many rows there are, and the figure of one."""

    relation: Relation
    times: Expression
    figure: Column
    value: Ratio

    @property
    def nothing(self) -> Expression:
        """Whether there is no row."""
        return compare("=", self.times, whole(0))

    @property
    def ambiguous(self) -> Expression:
        """Whether there are several, of which none counts."""
        return compare(">", self.times, whole(1))


def recorded_rows(context: Context, table: str, name: str) -> Aggregate:
    """Return how many rows of a name each payee has in each month, with the figure of one."""
    rows = context.scan(table)
    named = Filter(rows, compare("=", column(rows, "name"), text(name)))
    own = FIGURES[table]
    figure = column(named, own)
    return Aggregate(
        named, ("payee_no", "month"), {"rows": ("count", figure), own: ("min", figure)}
    )


def with_recorded(
    context: Context, cells: Relation, table: str, rows: Relation, *, count: str, figure: str
) -> Recorded:
    """Add rows of a name to cells of payees and months, as columns `count` and `figure`."""
    own = FIGURES[table]
    relation = Join(
        cells,
        rows,
        (("payee_no", "payee_no"), ("month", "month")),
        {count: "rows", figure: own},
        keeps_left=True,
    )
    scale = context.arranged.scale(table, own)
    found = Column(figure, Kind.WHOLE)
    return Recorded(
        relation,
        known_or(Column(count, Kind.WHOLE), whole(0)),
        found,
        Ratio.scaled(found, scale.denominator, scale.most),
    )
