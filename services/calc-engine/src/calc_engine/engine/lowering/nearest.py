"""The row of a table that fits best: nearest on the first key, then on the second, and so on."""

from dataclasses import dataclass
from fractions import Fraction

from calc_engine.engine.ir import (
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    known_or,
    some,
    subtract,
    text,
    whole,
)
from premia_plan.checked import ANY, TableKey

FARTHEST = 1_000_000
"""How far a row is that fits whatever the value is; any real distance is less."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """One key of a table: its place, the value that is looked up, and how rows are compared.

    `units` is the denominator over which a numeric key and its rows are written; `starts` are the
    bands' edges. Both are empty for texts.
    """

    place: int
    key: TableKey
    value: Value
    units: int
    starts: tuple[Fraction, ...]

    @property
    def asked(self) -> str:
        """The column with what is asked."""
        return f"key_{self.place}"

    @property
    def wanted(self) -> str:
        """The column with what a row wants."""
        return f"wanted_{self.place}"

    @property
    def is_text(self) -> bool:
        """Whether texts are compared, not numbers."""
        return not isinstance(self.value, Ratio)

    def expression(self) -> Expression:
        """Return what is asked: the text, the number over its units, or the place of its band."""
        if not isinstance(self.value, Ratio):
            return self.value
        if self.key.match != "band":
            return self.value.over(self.units)
        edges = [
            (self.value.compared(">=", Ratio.written(start)), whole(place))
            for place, start in reversed(list(enumerate(self.starts)))
        ]
        return case(edges, whole(None))

    def cell(self, value: str | Fraction) -> str | int | None:
        """Return a row's key as it is compared; None fits everything."""
        if isinstance(value, str):
            return value if self.is_text or value != ANY else None
        return self.starts.index(value) if self.key.match == "band" else int(value * self.units)


def best_rows(context: Context, asked: Relation, rows: Relation, keys: list[LookedUp]) -> Relation:
    """Return for what is asked the row nearest on the first key, then on the second, and so on."""
    piece = Column("key_day", Kind.WHOLE)
    valid = some(
        is_unknown(piece),
        every(
            compare("<=", Column("from_piece", Kind.WHOLE), piece),
            compare("<", piece, Column("until_piece", Kind.WHOLE)),
        ),
    )
    take = {name: name for name in columns_of(rows) if name != "plan_no"}
    pairs: Relation = Join(
        asked, rows, (("plan_no", "plan_no"),), take, test=known_or(valid, FALSE)
    )
    for key in keys:
        pairs = _with_distance(context, pairs, key)
    fitting = Filter(
        pairs, every(*(is_known(Column(f"far_{key.place}", Kind.WHOLE)) for key in keys))
    )
    order = tuple((f"far_{key.place}", "rising") for key in keys)
    placed = Window(
        fitting,
        "best",
        "place",
        None,
        tuple(columns_of(asked)),
        (*order, ("row", "rising")),  # type: ignore[arg-type]
    )
    return only(
        Filter(placed, compare("=", Column("best", Kind.WHOLE), whole(1))),
        *columns_of(asked),
        "row",
        "gives",
    )


def _with_distance(context: Context, pairs: Relation, key: LookedUp) -> Relation:
    """Add how far a row's key is from what is asked; unknown where it does not fit."""
    asked, wanted = column(pairs, key.asked), column(pairs, key.wanted)
    far = f"far_{key.place}"
    if key.key.match == "band":
        fits = compare("<=", wanted, asked)
        return extended(pairs, **{far: case([(fits, subtract(asked, wanted))], whole(None))})
    same = (compare("=", asked, wanted), whole(0))
    if not key.is_text:
        anything = (is_unknown(wanted), whole(FARTHEST))
        return extended(pairs, **{far: case([same, anything], whole(None))})
    anything = (compare("=", wanted, text(ANY)), whole(FARTHEST))
    if key.key.tree is None:
        return extended(pairs, **{far: case([same, anything], whole(None))})
    paths = context.scan("tree_paths")
    of_tree = Filter(paths, compare("=", column(paths, "tree"), text(key.key.tree)))
    climbed = Join(
        pairs,
        of_tree,
        ((key.asked, "code"), (key.wanted, "above")),
        {"climbed": "distance"},
        keeps_left=True,
    )
    found = extended(climbed, **{far: case([same, anything], Column("climbed", Kind.WHOLE))})
    return only(found, *columns_of(pairs), far)
