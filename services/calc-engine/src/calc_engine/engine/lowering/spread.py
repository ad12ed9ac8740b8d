"""A cell's pay pushed back to the orders, to the cent, by what each was credited with."""

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Window,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, PARTS, STAGE, Measured, weight_of
from calc_engine.engine.ratio import roomy
from calc_engine.engine.values import (
    absolute,
    add,
    case,
    compare,
    divide,
    every,
    is_unknown,
    multiply,
    narrow,
    negative,
    remainder,
    some,
    subtract,
    whole,
)

CREDIT = ("order_no", "place", "level")


def spread(context: Context, component: str, staged: Scan, by: Measured, most_units: int) -> Scan:
    """Return each standing credit's part of what a stage pays, which is never over `most_units`."""
    paying = Filter(
        staged,
        every(
            compare("=", column(staged, "refusal"), whole(0)),
            compare("!=", column(staged, "units"), whole(0)),
        ),
    )
    narrow_stages = only(paying, *STAGE, "stage", stage_units="units")
    leaves = Column("leaves_in", Kind.WHOLE)
    stands = some(is_unknown(leaves), compare(">", leaves, Column("as_of", Kind.WHOLE)))
    same = tuple((name, name) for name in CELL)
    moved = Join(
        by.moves,
        narrow_stages,
        same,
        {name: name for name in ("as_of", "stage", "stage_units")},
        test=stands,
    )
    weights = Aggregate(
        moved,
        (*STAGE, "stage", "stage_units"),
        {"weight": ("sum", Column("weight", Kind.WHOLE))},
    )
    take = {name: name for name in ("as_of", "stage", "stage_units", "weight")}
    weighed = Join(by.contributions, weights, same, take, test=stands)
    weight = Column("weight", Kind.WHOLE)
    shared = Filter(weighed, compare("!=", weight, whole(0)))
    parts = _parts(shared, weight, most_units * by.most_units)
    named = only(
        parts,
        *STAGE,
        "stage",
        *CREDIT,
        "stage_units",
        "credit_units",
        "part",
        "principal_no",
        "accepted",
        "last_month",
        *(name for name in PARTS if name in by.contributions.columns),
    )
    return context.program.name(f"parts_{component}", named, kept=True)


def _parts(shared: Relation, weight: Expression, most: int) -> Relation:
    size = absolute(Column("stage_units", Kind.WHOLE))
    own = column(shared, "units")
    sized = extended(shared, size=size, credit_units=own)
    product = multiply(roomy(Column("size", Kind.WHOLE), most), weight_of(own))
    cut = extended(sized, product=product)
    product = column(cut, "product")
    with_lost = extended(
        cut, floor=narrow(divide(product, weight)), lost=narrow(remainder(product, weight))
    )
    floor = Column("floor", Kind.WHOLE)
    given = Window(with_lost, "given", "total", floor, STAGE)
    order = (
        ("lost", "falling"),
        ("order_no", "rising"),
        ("place", "rising"),
        ("level", "rising"),
    )
    placed = Window(given, "turn", "place", None, STAGE, order)  # type: ignore[arg-type]
    left = subtract(Column("size", Kind.WHOLE), Column("given", Kind.WHOLE))
    one = case([(compare("<=", Column("turn", Kind.WHOLE), left), whole(1))], whole(0))
    part = add(floor, one)
    below = compare("<", Column("stage_units", Kind.WHOLE), whole(0))
    return extended(placed, part=case([(below, negative(part))], part))
