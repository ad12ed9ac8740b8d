"""The places of figures in the groups of a population, compared exactly."""

from dataclasses import dataclass

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Expression,
    Filter,
    Join,
    Kind,
    Order,
    Relation,
    Scan,
    Total,
    Window,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.populations import IN_GROUP
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import STAGE
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    is_known,
    is_unknown,
    multiply,
    negative,
    remainder,
    subtract,
    whole,
    wide,
)

GROUP = ("plan_no", "month", "as_of", IN_GROUP)
"""What the rows of one group at one stage have in common."""
_DIGIT = 1 << 62
"""Numbers whose denominators are smaller differ in the first three digits of this base."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the members of groups are compared by: the rows of all, and one or two figures."""

    rows: Relation
    of: Ratio
    ties: Ratio | None
    highest_first: bool


def placed(context: Context, name: str, asked: Comparison) -> Scan:
    """Return the place of every member of a group.

    `best` and `worst` are the first and last place of the figure, `ordinal` tells all apart, by
    the second figure and then by id. `members` is how many there are, `all_same` whether all have
    the same figure; `refused` is the first without one, `refused_tie` without a second one.
    """
    numbers = digits(asked.rows, "v", asked.of)
    own = tuple(name for name in numbers.columns)
    rows = numbers.relation
    order = [(name, asked.highest_first) for name in own]
    missing = {"refused": is_unknown(asked.of.numerator)}
    if asked.ties is not None:
        further = digits(rows, "w", asked.ties)
        rows = further.relation
        order += [(name, asked.highest_first) for name in further.columns]
        missing["refused_tie"] = is_unknown(asked.ties.numerator)
    payee = Column("payee_no", Kind.WHOLE)
    told = {name: case([(is_none, payee)], whole(None)) for name, is_none in missing.items()}
    kept = only(
        Filter(extended(rows, **told), is_known(column(rows, IN_GROUP))),
        *STAGE,
        IN_GROUP,
        *(name for name, _ in order),
        *told,
    )
    named = context.program.name(f"compared_{name}", kept, kept=True)
    level = _levels(named, own, falling=asked.highest_first)
    found: Relation = Join(
        named,
        level,
        tuple((key, key) for key in (*GROUP, *own)),
        {"best": "best", "worst": "worst"},
        keeps_left=True,
    )
    by: Order = tuple((name, "falling" if falls else "rising") for name, falls in order)
    found = Window(found, "ordinal", "place", None, GROUP, (*by, ("payee_no", "rising")))
    summary = _summary(named, own, tuple(told))
    take = {name: f"all_{name}" for name in ("members", "same", *told)}
    joined = Join(
        only(found, *STAGE, "best", "worst", "ordinal", IN_GROUP),
        summary,
        tuple((key, key) for key in GROUP),
        {("all_same" if name == "same" else name): column for name, column in take.items()},
    )
    return context.program.name(f"placed_{name}", joined, kept=True)


def _levels(rows: Scan, own: tuple[str, ...], *, falling: bool) -> Relation:
    """Return the first and last place of each figure of a group."""
    payee = Column("payee_no", Kind.WHOLE)
    counted = Aggregate(rows, (*GROUP, *own), {"times": ("count", payee)})
    by: Order = tuple((name, "falling" if falling else "rising") for name in own)
    times = Column("times", Kind.WHOLE)
    running = Window(counted, "worst", "running", times, GROUP, by)
    first = add(subtract(Column("worst", Kind.WHOLE), times), whole(1))
    return extended(running, best=first)


def _summary(rows: Scan, own: tuple[str, ...], told: tuple[str, ...]) -> Relation:
    """Return of each group how many are in it, who lacks a figure, and whether all are the same."""
    totals: dict[str, Total] = {"all_members": ("count", Column("payee_no", Kind.WHOLE))}
    for name in told:
        totals[f"all_{name}"] = ("min", column(rows, name))
    for name in own:
        totals[f"{name}_lo"] = ("min", column(rows, name))
        totals[f"{name}_hi"] = ("max", column(rows, name))
    grouped = Aggregate(rows, GROUP, totals)
    same = every(
        *(compare("=", column(grouped, f"{n}_lo"), column(grouped, f"{n}_hi")) for n in own)
    )
    return extended(grouped, all_same=same)


@dataclass(frozen=True, slots=True)
class Digits:
    """Rows with columns that order as a number does, one after the other."""

    relation: Relation
    columns: tuple[str, ...]


def digits(rows: Relation, name: str, value: Ratio) -> Digits:
    """Add whole numbers that compare, one after the other, as a number does.

    Over a denominator that is the same everywhere that is the numerator. Another number is written
    out to more places than two fractions can have in common that differ.
    """
    if isinstance(value.denominator, Constant):
        return Digits(extended(rows, **{name: value.numerator}), (name,))
    below = wide(value.denominator)
    found: Relation = extended(
        rows,
        **{f"{name}_left": absolute(wide(value.numerator)), f"{name}_over": below},
        **{f"{name}_negative": compare("<", value.numerator, whole(0))},
    )
    names = []
    for place in range(3):
        left, over = column(found, f"{name}_left"), column(found, f"{name}_over")
        upper: Expression = left if place == 0 else multiply(left, wide(whole(_DIGIT)))
        digit = divide(upper, over)
        signed = case([(column(found, f"{name}_negative"), negative(digit))], digit)
        found = extended(
            found, **{f"{name}{place}": signed, f"{name}_left": remainder(upper, over)}
        )
        names.append(f"{name}{place}")
    return Digits(found, tuple(names))


def first_of(rows: Relation, value: Ratio, *, falling: bool) -> Relation:
    """Return of each group the row with the highest or lowest number, as `v` over `v_under`."""
    written = extended(rows, v=value.numerator, v_under=value.denominator)
    told = digits(written, "d", value)
    by: Order = tuple((name, "falling" if falling else "rising") for name in told.columns)
    ranked = Window(told.relation, "at", "place", None, GROUP, (*by, ("payee_no", "rising")))
    return only(
        Filter(ranked, compare("=", Column("at", Kind.WHOLE), whole(1))), *GROUP, "v", "v_under"
    )


def nothing_known(known: Relation, relation: Relation, name: str) -> Relation:
    """Add whether nothing is known in a row's period."""
    marked = extended(known, one=whole(1))
    joined = Join(
        relation,
        marked,
        (("plan_no", "plan_no"), ("month", "month")),
        {name: "one"},
        keeps_left=True,
    )
    return extended(joined, **{name: is_unknown(Column(name, Kind.WHOLE))})
