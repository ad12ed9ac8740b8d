"""Components on cells of any kind: their stages, what each pays, and the lines of it."""

from collections.abc import Mapping

from calc_engine.engine.codes import What, Why
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Union,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.asked import Asked
from calc_engine.engine.lowering.cells.changing import Changes
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.cells.groups import GROUPS, NOBODYS, OTHERS
from calc_engine.engine.lowering.cells.people import in_plan, with_assigned, with_reason
from calc_engine.engine.lowering.cells.periods import FACTS, periods
from calc_engine.engine.lowering.cells.sheet import CellSheet
from calc_engine.engine.lowering.cells.told_sheets import tell_groups, tell_places
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.measured import CELL, PARTS, STAGE
from calc_engine.engine.lowering.recounted import with_part
from calc_engine.engine.lowering.scopes import state_column
from calc_engine.engine.lowering.settled import line, settled
from calc_engine.engine.lowering.stepping import MOST_UNITS
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.slots import is_late
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    every,
    greatest,
    is_known,
    is_unknown,
    negated,
    some,
    subtract,
    whole,
)
from premia_plan.checked import CellComponent, PoolShare, Recount


def whole_cells(
    context: Context, component: CellComponent, counted: Mapping[str, Counted]
) -> list[Relation]:
    """Return the lines of a component that pays payees for whole periods.

    Asks for its stages as `stages_<component>`, with the columns of every figure.

    Raises:
        NotLowered: if it says something that is not lowered.
    """
    _check(component)
    asked = Asked(context, component.over, counted)
    staged = _stages(context, component, asked)
    sheet = CellSheet(context, component.name, component.over, staged, counted, asked)
    pay = sheet.pay(component)
    refused = case([(is_known(Column(f"{component.name}_why", Kind.WHOLE)), whole(1))], whole(0))
    is_told: Expression = Column("is_told", Kind.BOOL)
    others = sheet.others_of(component.name)
    if others != NOBODYS:
        # Who knows nothing loses nothing by what is a matter of others.
        losing = OTHERS if not isinstance(component.amount, PoolShare) else GROUPS
        about = every(compare(">=", others, whole(OTHERS)), compare("<=", others, whole(losing)))
        is_told = every(is_told, some(negated(about), Column("is_known", Kind.BOOL)))
    paid = extended(
        sheet.relation,
        is_told=is_told,
        refusal=refused,
        units=pay.rounded(context.places),
    )
    kept = _until_refused(paid)
    named = context.program.name(f"stages_{component.name}", kept, kept=True)
    told = [name for name in named.columns if name not in PARTS]
    context.program.result(f"stages_{component.name}", only(named, *told))
    tell_places(sheet, component.name)
    tell_groups(sheet)
    lines = _lines(context, component, _wanted(context, component, named))
    return [*lines, _outside(context, component, asked)]


def _check(component: CellComponent) -> None:
    if component.spread is not None:
        raise NotLowered("components of this kind that are spread")


def _stages(context: Context, component: CellComponent, asked: Asked) -> Relation:
    """Return the cells at their close and, where they are counted again, at later months.

    `changed` is the last month in which a cell changes.
    """
    take = {"principal_no": "principal_no", "accepted": "accepted"}
    inside = in_plan(context, component.over)
    due = Join(asked.cells(component), inside, tuple((name, name) for name in CELL), take)
    cells = context.program.name(f"asked_{component.name}", due, kept=True)
    same = tuple((name, name) for name in CELL)
    month = column(cells, "month")
    first = extended(only(cells, *CELL), as_of=month)
    parts: list[Relation] = [only(first, *STAGE)]
    parts.extend(
        Join(only(changes, *STAGE), only(cells, *CELL), same, {})
        for changes in Changes(asked).of(component)
    )
    until = whole(_until(context))
    every_stage: Relation = Distinct(Union(tuple(only(part, *STAGE) for part in parts)))
    every_stage = Filter(every_stage, compare("<=", column(every_stage, "as_of"), until))
    last = Aggregate(every_stage, CELL, {"changed": ("max", column(every_stage, "as_of"))})
    stages: Relation = every_stage
    if not is_recounted(context, component):
        stages = Filter(stages, compare("=", column(stages, "as_of"), column(stages, "month")))
    placed = Window(stages, "stage", "place", None, CELL, (("as_of", "rising"),))
    told = Join(placed, cells, same, {"is_told": "is_told", "is_known": "is_known", **take})
    dated = Join(told, last, same, {"changed": "changed"})
    facts = {name: name for name in FACTS}
    kind = periods(context, component.over)
    found: Relation = Join(dated, kind, (("plan_no", "plan_no"), ("month", "month")), facts)
    found = with_part(context, found)
    return context.program.name(f"staged_{component.name}", found, kept=True)


def is_recounted(context: Context, component: CellComponent) -> bool:
    """Say whether the periods of a component are counted again when orders leave them."""
    storno = context.plan.storno
    effect = None if storno is None else storno.effect.get(component.name)
    return isinstance(effect, Recount)


def _until(context: Context) -> int:
    return context.until.year * 100 + context.until.number


def _until_refused(paid: Relation) -> Relation:
    """Leave out what follows a stage that cannot be paid: it ends its cell."""
    refused = case([(compare("!=", column(paid, "refusal"), whole(0)), whole(1))], whole(0))
    counted = Window(
        extended(paid, is_refused=refused),
        "refusals",
        "running",
        Column("is_refused", Kind.WHOLE),
        CELL,
        (("as_of", "rising"),),
    )
    before = subtract(Column("refusals", Kind.WHOLE), Column("is_refused", Kind.WHOLE))
    return only(Filter(counted, compare("=", before, whole(0))), *columns_of(paid))


def _wanted(context: Context, component: CellComponent, staged: Scan) -> Relation:
    """Leave out cells of which no line could land in a month that is wanted."""
    if not context.since or is_late(context.plan.release[component.name]):
        return staged
    late = greatest(column(staged, "month"), column(staged, "changed"))
    return Filter(staged, compare(">=", late, whole(context.since)))


def _lines(context: Context, component: CellComponent, staged: Relation) -> list[Relation]:
    name = component.name
    paying = Filter(
        staged,
        every(
            compare("=", column(staged, "refusal"), whole(0)),
            compare("!=", column(staged, "units"), whole(0)),
        ),
    )
    halves = tuple(name for name in PARTS if name in columns_of(paying))
    parts = only(
        extended(paying, part=column(paying, "units")),
        *(*STAGE, "stage", "part", "principal_no", "accepted", *halves),
    )
    kept = context.program.name(f"parts_{name}", parts, kept=True)
    first = Filter(kept, compare("=", column(kept, "stage"), whole(1)))
    earnings = extended(
        first,
        earned_units=column(first, "part"),
        competence=column(first, "month"),
        **_no_order(context, component),
    )
    lines = list(settled(context, name, earnings, MOST_UNITS))
    wanted = context.program.name(f"wanted_{name}", staged, kept=True)
    if is_recounted(context, component):
        lines.append(_recounted(context, name, wanted))
    lines.append(_refused(context, component, wanted))
    return lines


def _recounted(context: Context, component: str, staged: Scan) -> Relation:
    """Return the lines of what a stage pays more or less than the one before."""
    paid = Filter(staged, compare("=", column(staged, "refusal"), whole(0)))
    after = Window(paid, "before", "before", column(paid, "units"), CELL, (("stage", "rising"),))
    change = subtract(column(after, "units"), Column("before", Kind.WHOLE))
    changed = extended(Filter(after, compare(">", column(after, "stage"), whole(1))), change=change)
    rows = extended(
        Filter(changed, compare("!=", column(changed, "change"), whole(0))),
        competence=column(changed, "month"),
    )
    return line(
        context,
        component,
        rows,
        what=whole(What.REVERSAL),
        month=column(rows, "as_of"),
        event=column(rows, "as_of"),
        why=whole(Why.RECOUNTED),
        units=column(rows, "change"),
        share=whole(0),
    )


def _no_order(context: Context, component: CellComponent) -> dict[str, Expression]:
    """Return the columns of an order's states and reversal, which a whole period has not."""
    unknown = Constant(None, Kind.DATE)
    states = [share.state for share in context.plan.release[component.name]]
    return {
        **{state_column(state): unknown for state in states if state is not None},
        "reversed_on": unknown,
        "is_void": FALSE,
        "reversal_month": whole(None),
    }


def _refused(context: Context, component: CellComponent, staged: Scan) -> Relation:
    """Return a line for each cell that could not be paid, and is told."""
    stopped = Filter(
        staged,
        every(
            compare("!=", column(staged, "refusal"), whole(0)),
            column(staged, "is_told"),
        ),
    )
    if context.since:
        late = greatest(column(stopped, "month"), column(stopped, "as_of"))
        stopped = Filter(stopped, compare(">=", late, whole(context.since)))
    context.program.result(f"refused_{component.name}", only(stopped, *STAGE))
    marked = extended(
        stopped,
        competence=column(stopped, "month"),
        accepted=TRUE,
    )
    return line(
        context,
        component.name,
        marked,
        what=whole(What.NOT_PAID),
        month=whole(None),
        event=column(stopped, "as_of"),
        why=whole(Why.REFUSED),
        units=whole(0),
        share=whole(None),
    )


def _outside(context: Context, component: CellComponent, asked: Asked) -> Relation:
    """Return a line for each cell with something to pay on whose payee is not in the plan."""
    kind = component.over
    inside = extended(only(in_plan(context, kind), *CELL), present=TRUE)
    same = tuple((name, name) for name in CELL)
    marked = Join(asked.payable(component), inside, same, {"present": "present"}, keeps_left=True)
    outside: Relation = Filter(marked, is_unknown(column(marked, "present")))
    if context.since:
        outside = Filter(outside, compare(">=", column(outside, "month"), whole(context.since)))
    facts = {name: name for name in (*FACTS, "w_last")}
    by_month = (("plan_no", "plan_no"), ("month", "month"))
    dated = Join(only(outside, *CELL), periods(context, kind), by_month, facts)
    told = with_part(context, with_reason(context, with_assigned(context, dated)))
    rows = extended(told, competence=column(told, "month"), accepted=TRUE)
    return line(
        context,
        component.name,
        rows,
        what=whole(What.NOT_PAID),
        month=whole(None),
        event=column(rows, "month"),
        why=whole(Why.STANDING),
        units=whole(0),
        share=whole(None),
    )
