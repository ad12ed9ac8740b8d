"""Earnings cut into release shares: released, held, dropped, and taken back on a reversal."""

from collections.abc import Sequence
from fractions import Fraction

from calc_engine.engine.codes import What, Why
from calc_engine.engine.ir import (
    Column,
    Constant,
    Expression,
    Filter,
    Kind,
    Project,
    Relation,
    column,
    extended,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.earned import takes_back
from calc_engine.engine.lowering.scopes import state_column
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    FALSE,
    absolute,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    known_or,
    least,
    month_of,
    negated,
    negative,
    next_day,
    some,
    subtract,
    whole,
)
from premia_plan.checked import ReleaseShare, TakeBack

NO_MONTH = whole(None)
EARNED = Column("earned_units", Kind.WHOLE)


def settled(
    context: Context, component: str, earnings: Relation, most_units: int
) -> list[Relation]:
    """Return the lines of earnings, one relation per share and outcome.

    The earnings have `earned_units`, `competence` and `accepted`, and where the component's
    release or storno asks for them the order's states and reversal. None earns more than
    `most_units`.
    """
    schedule = context.plan.release[component]
    cut = _cut(earnings, schedule, most_units)
    reverses = takes_back(context, component)
    lines = []
    for place, share in enumerate(schedule):
        lines.append(_share_lines(context, component, cut, share, place, reverses=reverses))
        if reverses:
            lines.append(_taken_back(context, component, cut, place, most_units))
    return lines


def line(context: Context, component: str, rows: Relation, **values: Expression) -> Relation:
    """Return rows as lines; what lands before the first month that is wanted is left out.

    A line that lands is held instead while its payee has not accepted the plan.
    """
    names = list(context.plan.components)
    lands = is_known(values["month"])
    held = every(lands, negated(column(rows, "accepted")))
    outputs: dict[str, Expression] = {
        "plan_no": column(rows, "plan_no"),
        "component": whole(names.index(component)),
        "payee_no": column(rows, "payee_no"),
        "principal_no": column(rows, "principal_no"),
        "what": case([(held, whole(What.HELD))], values["what"]),
        "was": case([(held, values["what"])], whole(None)),
        "month": case([(held, NO_MONTH)], values["month"]),
        "competence": column(rows, "competence"),
        "units": values["units"],
        "of_units": values.get("of_units", values["units"]),
        "order_no": values.get("order_no", column(rows, "order_no")),
        "place": values.get("place", column(rows, "place")),
        "level": values.get("level", column(rows, "level")),
        "share": values["share"],
        "event": values.get("event", whole(0)),
        "why": values["why"],
    }
    wanted = rows
    if context.since:
        late = some(
            is_unknown(values["month"]),
            known_or(compare(">=", values["month"], whole(context.since)), FALSE),
        )
        wanted = Filter(rows, late)
    return Project(wanted, outputs)


def _cut(earnings: Relation, schedule: Sequence[ReleaseShare], most_units: int) -> Relation:
    """Add what each share takes; the share without a ratio takes what is left."""
    size: Expression = absolute(EARNED)
    cut = extended(earnings, left_size=size)
    for place, share in enumerate(schedule):
        left = Column("left_size", Kind.WHOLE)
        taken = left if share.ratio is None else least(left, _part(size, share.ratio, most_units))
        signed = f"share_{place}"
        cut = extended(cut, **{f"taken_{place}": taken})
        own = Column(f"taken_{place}", Kind.WHOLE)
        cut = extended(
            cut,
            left_size=subtract(left, own),
            **{signed: case([(compare("<", EARNED, whole(0)), negative(own))], own)},
        )
    return cut


def _part(size: Expression, ratio: Fraction, most_units: int) -> Expression:
    """Return a part of a size, rounded half up."""
    return (Ratio.scaled(size, 1, most_units) * Ratio.written(ratio)).rounded(0)


def _due(share: ReleaseShare) -> tuple[Expression, Expression, Expression]:
    """Return whether a share came due, in which month, and whether no later than the reversal."""
    on = Column("reversed_on", Kind.DATE)
    if share.state is None:
        month = Column("competence", Kind.WHOLE)
        return negated(FALSE), month, compare(">", month_of(next_day(on)), month)
    reached = Column(state_column(share.state), Kind.DATE)
    return is_known(reached), month_of(reached), compare("<=", reached, on)


def _share_lines(
    context: Context,
    component: str,
    cut: Relation,
    share: ReleaseShare,
    place: int,
    *,
    reverses: bool,
) -> Relation:
    came, month, in_time = _due(share)
    if not reverses:
        outcome = case([(came, whole(What.RELEASE))], whole(What.HELD))
        lands = case([(came, month)], NO_MONTH)
        why = case([(came, whole(Why.NONE))], whole(Why.WAITS))
    else:
        stays = is_unknown(column(cut, "reversed_on"))
        released = every(came, some(stays, known_or(in_time, FALSE)))
        void = column(cut, "is_void")
        reversal_month = column(cut, "reversal_month")
        outcome = case(
            [
                (released, whole(What.RELEASE)),
                (stays, whole(What.HELD)),
                (void, whole(What.VOID_RELEASE)),
            ],
            whole(What.NOT_PAID),
        )
        lands = case([(released, month), (stays, NO_MONTH), (void, reversal_month)], NO_MONTH)
        why = case(
            [
                (released, whole(Why.NONE)),
                (stays, whole(Why.WAITS)),
                (void, whole(Why.VOID)),
            ],
            whole(Why.DROPPED),
        )
    rows = extended(cut, o_what=outcome, o_month=lands, o_why=why)
    return line(
        context,
        component,
        rows,
        what=Column("o_what", Kind.WHOLE),
        month=Column("o_month", Kind.WHOLE),
        why=Column("o_why", Kind.WHOLE),
        units=Column(f"share_{place}", Kind.WHOLE),
        share=whole(place),
    )


def _taken_back(
    context: Context, component: str, cut: Relation, place: int, most_units: int
) -> Relation:
    """Return what a storno takes of the shares that were released before it."""
    came, _, in_time = _due(context.plan.release[component][place])
    reversed_ = every(
        is_known(column(cut, "reversed_on")), negated(column(cut, "is_void")), came, in_time
    )
    own = Column(f"share_{place}", Kind.WHOLE)
    storno = context.plan.storno
    effect = storno.effect[component] if storno is not None else None
    ratio = effect.ratio if isinstance(effect, TakeBack) else Fraction(0)
    size = absolute(own)
    taken = least(size, _part(size, ratio, most_units))
    signed = case([(compare("<", own, whole(0)), taken)], negative(taken))
    return line(
        context,
        component,
        Filter(cut, reversed_),
        what=whole(What.REVERSAL),
        month=column(cut, "reversal_month"),
        why=whole(Why.TAKEN_BACK),
        units=signed,
        of_units=own,
        share=whole(place),
    )


def not_paid(context: Context, component: str, earnings: Relation) -> Relation:
    """Return the lines of what could not be paid: one per credit, with the reason."""
    refused = Filter(earnings, compare("!=", column(earnings, "why"), whole(Why.NONE)))
    return line(
        context,
        component,
        refused,
        what=whole(What.NOT_PAID),
        month=Constant(None, Kind.WHOLE),
        why=column(refused, "why"),
        units=EARNED,
        share=whole(0),
    )
