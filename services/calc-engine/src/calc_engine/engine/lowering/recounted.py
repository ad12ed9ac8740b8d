"""What changes for each order when a cell is counted again, and cells that cannot be paid."""

from calc_engine.engine.codes import What, Why
from calc_engine.engine.id_halves import HALVES, nobodys, part_of_line
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import are_sealed, payee_halves
from calc_engine.engine.lowering.measured import CELL, PARTS, STAGE, Measured
from calc_engine.engine.lowering.settled import line
from calc_engine.engine.lowering.spread import CREDIT
from calc_engine.engine.values import TRUE, add, compare, greatest, negative, whole


def recounted(context: Context, component: str, staged: Scan, parts: Scan) -> Relation:
    """Return the lines of what a stage gives each credit more or less than the one before."""
    paid = Filter(staged, compare("=", column(staged, "refusal"), whole(0)))
    later = Filter(parts, compare(">", column(parts, "stage"), whole(1)))
    own = extended(later, change=column(parts, "part"), at_stage=column(parts, "stage"))
    following = extended(
        parts,
        change=negative(column(parts, "part")),
        at_stage=add(column(parts, "stage"), whole(1)),
    )
    halves = tuple(name for name in PARTS if name in parts.columns)
    carried = ("principal_no", "accepted", "change", "at_stage", *halves)
    both = Union((only(own, *CELL, *CREDIT, *carried), only(following, *CELL, *CREDIT, *carried)))
    # Few cells have another stage: the rest is left out before anything is added up.
    staying = Join(
        both,
        paid,
        (*((name, name) for name in CELL), ("at_stage", "stage")),
        {"as_of": "as_of"},
    )
    summed = Aggregate(
        staying,
        (*STAGE, "at_stage", *CREDIT, "principal_no", "accepted"),
        {
            "change": ("sum", Column("change", Kind.WHOLE)),
            **{name: ("min", Column(name, Kind.WHOLE)) for name in halves},
        },
    )
    changed = Filter(summed, compare("!=", Column("change", Kind.WHOLE), whole(0)))
    named = context.program.name(
        f"changes_{component}", extended(changed, competence=column(changed, "month")), kept=True
    )
    return line(
        context,
        component,
        named,
        what=whole(What.REVERSAL),
        month=column(named, "as_of"),
        event=column(named, "as_of"),
        why=whole(Why.RECOUNTED),
        units=column(named, "change"),
        share=whole(0),
    )


def refused(context: Context, component: str, staged: Scan, by: Measured) -> Relation:
    """Return a line per principal of each cell that could not be paid."""
    stopped = Filter(staged, compare("!=", column(staged, "refusal"), whole(0)))
    if context.since:
        late = greatest(column(stopped, "month"), column(stopped, "as_of"))
        stopped = Filter(stopped, compare(">=", late, whole(context.since)))
    narrow = only(stopped, *STAGE, "stage", "refusal", "refused_at")
    context.program.result(f"refused_{component}", narrow)
    principals = Aggregate(by.moves, (*CELL, "principal_no"), {})
    rows: Relation = Join(
        narrow, principals, tuple((name, name) for name in CELL), {"principal_no": "principal_no"}
    )
    rows = with_part(context, rows)
    unknown = whole(None)
    marked = extended(
        rows,
        competence=column(rows, "month"),
        accepted=TRUE,
    )
    return line(
        context,
        component,
        marked,
        what=whole(What.NOT_PAID),
        month=unknown,
        event=column(rows, "as_of"),
        why=whole(Why.REFUSED),
        units=whole(0),
        order_no=unknown,
        place=unknown,
        level=unknown,
        share=unknown,
    )


def with_part(context: Context, rows: Relation) -> Relation:
    """Add what the payee makes of the ids of lines that belong to no order."""
    if not are_sealed(context):
        return rows
    take = payee_halves(context)
    found = Join(rows, context.scan("payees"), (("payee_no", "payee_no"),), take, keeps_left=True)
    payee = {half: column(found, f"payee_{half}") for half in HALVES}
    return extended(found, **part_of_line({half: nobodys("order", half) for half in HALVES}, payee))
