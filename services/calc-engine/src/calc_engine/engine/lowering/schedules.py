"""What becomes of each share of pay on an order, told once per order and not once per line.

A share of a component on credits is released, held, dropped or taken back by the order's states
and its reversal alone. Components that pay in the same shares at the same states have one schedule.
"""

from collections.abc import Sequence

from calc_engine.engine.codes import What, Why
from calc_engine.engine.ir import Column, Expression, Kind, Relation, extended
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.moments import Due, met_column, with_due_day
from calc_engine.engine.lowering.scopes import state_column
from calc_engine.engine.lowering.taking import with_parts_taken
from calc_engine.engine.slots import slots
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    day,
    every,
    greatest,
    is_known,
    is_unknown,
    known_or,
    month_of,
    negated,
    next_day,
    some,
    whole,
)
from premia_plan.checked import CheckedPlan, CreditComponent, TakeBack

NO_MONTH = whole(None)


def takes_back(context: Context, component: str) -> bool:
    """Say whether a storno settles the component share by share."""
    return _takes_back(context.plan, component)


def schedule_of(context: Context, component: str) -> int | None:
    """Return the number of the schedule of a component on credits; None for any other."""
    if not isinstance(context.plan.components[component], CreditComponent):
        return None
    return _schedules(context.plan).index(_key(context.plan, component))


def due_columns(plan: CheckedPlan) -> dict[tuple[str, int], str]:
    """Return in which column the day of a component's share is that is not due at a state."""
    schedules = _schedules(plan)
    return {
        (name, place): due_column(schedules.index((dues, reverses)), place)
        for name, component in plan.components.items()
        if isinstance(component, CreditComponent)
        for dues, reverses in (_key(plan, name),)
        for place, due in enumerate(dues)
        if not due.is_plain
    }


def competence_column(schedule: int) -> str:
    """Return the column with the month in which pay by a schedule is earned.

    >>> competence_column(0)
    'competence_0'
    """
    return f"competence_{schedule}"


def share_column(word: str, schedule: int, place: int) -> str:
    """Return the column with the outcome, month or reason of a share, or whether it is taken back.

    >>> share_column("what", 0, 1)
    'what_0_1'
    """
    return f"{word}_{schedule}_{place}"


def with_outcomes(context: Context, orders: Relation) -> Relation:
    """Add the month in which pay is earned, and what becomes of each share, by every schedule."""
    found = with_parts_taken(context, orders)
    for number, (dues, reverses) in enumerate(_schedules(context.plan)):
        competence = competence_column(number)
        first = dues[0].state
        by_month: Expression = Column("by_month", Kind.WHOLE)
        for place, due in enumerate(dues):
            if not due.is_plain:
                found = with_due_day(context, found, due, by_month, due_column(number, place))
        if first is not None:
            reached = Column(state_column(first), Kind.DATE)
            others = [_day_of(due, number, place) for place, due in enumerate(dues)]
            ahead = _paid_ahead(reached, others[1:], reverses=reverses)
            placed = every(is_known(reached), negated(ahead))
            by_month = case([(placed, month_of(reached))], by_month)
        found = extended(found, **{competence: by_month})
        for place, due in enumerate(dues):
            on = _day_of(due, number, place)
            month = Column(competence, Kind.WHOLE)
            what, lands, why = outcome(context, due, month, on, reverses=reverses)
            told = {"what": what, "lands": lands, "why": why}
            if reverses:
                told["back"] = is_reversed(context, due, month, on)
            found = extended(
                found, **{share_column(word, number, place): told[word] for word in told}
            )
    return found


def due_column(schedule: int, place: int) -> str:
    """Return the column with the day on which a share is payable that is not due at a state.

    >>> due_column(0, 1)
    'due_0_1'
    """
    return f"due_{schedule}_{place}"


def _day_of(due: Due, schedule: int, place: int) -> Column:
    """Return the day of a share of pay on an order, in a column of its own or a state's."""
    if due.is_plain and due.state is not None:
        return Column(state_column(due.state), Kind.DATE)
    return Column(due_column(schedule, place), Kind.DATE)


def _paid_ahead(reached: Expression, others: Sequence[Expression], *, reverses: bool) -> Expression:
    """Return whether some pay was due before a first state was reached, or all was void by then."""
    ahead = [every(is_known(due), compare("<", due, reached)) for due in others]
    if reverses:
        on, void = Column("reversed_on", Kind.DATE), Column("is_void", Kind.BOOL)
        ahead.append(every(is_known(on), void, compare("<", on, reached)))
    return some(*ahead) if ahead else FALSE


def outcome(
    context: Context,
    due: Due,
    competence: Expression,
    on: Column,
    *,
    reverses: bool,
    closes: bool = False,
) -> tuple[Expression, Expression, Expression]:
    """Return what becomes of a share that is due on a day, in which month it lands, and why.

    Args:
        context: the lowering.
        due: when the share is due.
        competence: the month of competence, whose close it may wait for.
        on: the day on which it is due, unknown while that is open.
        reverses: whether a reversal of the order ends what was not released before it.
        closes: whether nothing is known, and so paid, before that month's close.
    """
    came, month, in_time = _due(context, due, competence, on)
    met = _met(due, on)
    if not reverses:
        paid, waits = every(came, met), negated(came)
        return (
            case([(paid, whole(What.RELEASE)), *_short(due, waits, What.HELD)], _fails(due)),
            case([(paid, month)], NO_MONTH),
            case([(paid, whole(Why.NONE)), *_short(due, waits, Why.WAITS)], _why_short(due)),
        )
    stays = is_unknown(Column("reversed_on", Kind.DATE))
    decided = every(came, some(stays, known_or(in_time, FALSE)))
    released = every(decided, met)
    void = Column("is_void", Kind.BOOL)
    reversal_month = Column("reversal_month", Kind.WHOLE)
    short = [] if due.proviso is None else [decided]
    what = case(
        [
            (released, whole(What.RELEASE)),
            *((each, _fails(due)) for each in short),
            (stays, whole(What.HELD)),
            (void, whole(What.VOID_RELEASE)),
        ],
        whole(What.NOT_PAID),
    )
    ended = greatest(reversal_month, competence) if closes else reversal_month
    nothing = [(each, NO_MONTH) for each in (*short, stays)]
    lands = case([(released, month), *nothing, (void, ended)], NO_MONTH)
    why = case(
        [
            (released, whole(Why.NONE)),
            *((each, _why_short(due)) for each in short),
            (stays, whole(Why.WAITS)),
            (void, whole(Why.VOID)),
        ],
        whole(Why.DROPPED),
    )
    return what, lands, why


def is_reversed(context: Context, due: Due, competence: Expression, on: Column) -> Expression:
    """Return whether a share was released before a reversal that takes it back."""
    came, _, in_time = _due(context, due, competence, on)
    reversed_on = Column("reversed_on", Kind.DATE)
    return every(
        is_known(reversed_on),
        negated(Column("is_void", Kind.BOOL)),
        came,
        in_time,
        _met(due, on),
    )


def _met(due: Due, on: Column) -> Expression:
    """Return whether a share's condition holds on the day it is due; true where it has none."""
    return TRUE if due.proviso is None else Column(met_column(on.name), Kind.BOOL)


def _short(due: Due, waits: Expression, code: What | Why) -> list[tuple[Expression, Expression]]:
    """Return what a share is that waits, where it could also have fallen short of a condition."""
    return [] if due.proviso is None else [(waits, whole(code))]


def _fails(due: Due) -> Expression:
    """Return what a share is whose condition does not hold; without one, it can only wait."""
    is_dropped = due.proviso is not None and due.proviso.otherwise == "dropped"
    return whole(What.NOT_PAID if is_dropped else What.HELD)


def _why_short(due: Due) -> Expression:
    return whole(Why.WAITS if due.proviso is None else Why.CONDITION)


def _due(
    context: Context, due: Due, competence: Expression, on: Column
) -> tuple[Expression, Expression, Expression]:
    """Return whether a share came due, in which month, and whether no later than the reversal."""
    reversed_on = Column("reversed_on", Kind.DATE)
    if due.is_plain and due.state is None:
        later = compare(">", month_of(next_day(reversed_on)), competence)
        return negated(FALSE), competence, later
    if due.is_plain:
        return is_known(on), month_of(on), compare("<=", on, reversed_on)
    came = known_or(compare("<", on, day(context.end)), FALSE)
    return came, month_of(on), compare("<=", on, reversed_on)


def _key(plan: CheckedPlan, component: str) -> tuple[tuple[Due, ...], bool]:
    dues = tuple(Due.of(slot) for slot in slots(plan.release[component]))
    return dues, _takes_back(plan, component)


def _schedules(plan: CheckedPlan) -> list[tuple[tuple[Due, ...], bool]]:
    return list(
        dict.fromkeys(
            _key(plan, name)
            for name, component in plan.components.items()
            if isinstance(component, CreditComponent)
        )
    )


def _takes_back(plan: CheckedPlan, component: str) -> bool:
    storno = plan.storno
    return storno is not None and isinstance(storno.effect.get(component), TakeBack)
