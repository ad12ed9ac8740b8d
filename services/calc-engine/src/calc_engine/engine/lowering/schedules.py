"""What becomes of each share of pay on an order, told once per order and not once per line.

A share of a component on credits is released, held, dropped or taken back by the order's states
and its reversal alone. Components that pay in the same shares at the same states have one schedule.
"""

from collections.abc import Sequence
from typing import TypeAlias

from calc_engine.engine.codes import What, Why
from calc_engine.engine.ir import Column, Expression, Kind, Relation, extended
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.functions import months_later
from calc_engine.engine.lowering.scopes import state_column
from calc_engine.engine.lowering.taking import with_parts_taken
from calc_engine.engine.slots import slots
from calc_engine.engine.values import (
    FALSE,
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
from premia_plan.checked import CreditComponent, TakeBack

NO_MONTH = whole(None)
Due: TypeAlias = tuple[str | None, int]
"""A state, or None for the close, and how many months after it a share is due."""


def takes_back(context: Context, component: str) -> bool:
    """Say whether a storno settles the component share by share."""
    storno = context.plan.storno
    return storno is not None and isinstance(storno.effect.get(component), TakeBack)


def schedule_of(context: Context, component: str) -> int | None:
    """Return the number of the schedule of a component on credits; None for any other."""
    if not isinstance(context.plan.components[component], CreditComponent):
        return None
    return _schedules(context).index(_key(context, component))


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
    for number, (dues, reverses) in enumerate(_schedules(context)):
        competence = competence_column(number)
        first, _ = dues[0]
        by_month: Expression = Column("by_month", Kind.WHOLE)
        if first is not None:
            reached = Column(state_column(first), Kind.DATE)
            ahead = _paid_ahead(reached, dues[1:], reverses=reverses)
            placed = every(is_known(reached), negated(ahead))
            by_month = case([(placed, month_of(reached))], by_month)
        found = extended(found, **{competence: by_month})
        for place, due in enumerate(dues):
            what, lands, why = outcome(
                context, due, Column(competence, Kind.WHOLE), reverses=reverses
            )
            told = {"what": what, "lands": lands, "why": why}
            if reverses:
                told["back"] = is_reversed(context, due, Column(competence, Kind.WHOLE))
            found = extended(
                found, **{share_column(word, number, place): told[word] for word in told}
            )
    return found


def _paid_ahead(reached: Expression, others: Sequence[Due], *, reverses: bool) -> Expression:
    """Return whether some pay was due before a first state was reached, or all was void by then."""
    ahead: list[Expression] = []
    for state, months in others:
        if state is not None:
            other: Expression = Column(state_column(state), Kind.DATE)
            due = months_later(other, whole(months)) if months else other
            ahead.append(every(is_known(other), compare("<", due, reached)))
    if reverses:
        on, void = Column("reversed_on", Kind.DATE), Column("is_void", Kind.BOOL)
        ahead.append(every(is_known(on), void, compare("<", on, reached)))
    return some(*ahead) if ahead else FALSE


def outcome(
    context: Context,
    due: Due,
    competence: Expression,
    *,
    reverses: bool,
    closes: bool = False,
) -> tuple[Expression, Expression, Expression]:
    """Return what becomes of a share that is due at a state, in which month, and why.

    Args:
        context: the lowering.
        due: the state at which it is due, None for the close of the month of competence, and how
            many months later.
        competence: that month.
        reverses: whether a reversal of the order ends what was not released before it.
        closes: whether nothing is known, and so paid, before that month's close.
    """
    came, month, in_time = _due(context, due, competence)
    if not reverses:
        return (
            case([(came, whole(What.RELEASE))], whole(What.HELD)),
            case([(came, month)], NO_MONTH),
            case([(came, whole(Why.NONE))], whole(Why.WAITS)),
        )
    stays = is_unknown(Column("reversed_on", Kind.DATE))
    released = every(came, some(stays, known_or(in_time, FALSE)))
    void = Column("is_void", Kind.BOOL)
    reversal_month = Column("reversal_month", Kind.WHOLE)
    what = case(
        [
            (released, whole(What.RELEASE)),
            (stays, whole(What.HELD)),
            (void, whole(What.VOID_RELEASE)),
        ],
        whole(What.NOT_PAID),
    )
    ended = greatest(reversal_month, competence) if closes else reversal_month
    lands = case([(released, month), (stays, NO_MONTH), (void, ended)], NO_MONTH)
    why = case(
        [(released, whole(Why.NONE)), (stays, whole(Why.WAITS)), (void, whole(Why.VOID))],
        whole(Why.DROPPED),
    )
    return what, lands, why


def is_reversed(context: Context, due: Due, competence: Expression) -> Expression:
    """Return whether a share was released before a reversal that takes it back."""
    came, _, in_time = _due(context, due, competence)
    reversed_on = Column("reversed_on", Kind.DATE)
    return every(is_known(reversed_on), negated(Column("is_void", Kind.BOOL)), came, in_time)


def _due(
    context: Context, due: Due, competence: Expression
) -> tuple[Expression, Expression, Expression]:
    """Return whether a share came due, in which month, and whether no later than the reversal."""
    on, (state, months) = Column("reversed_on", Kind.DATE), due
    if state is None:
        later = compare(">", month_of(next_day(on)), competence)
        return negated(FALSE), competence, later
    reached: Expression = Column(state_column(state), Kind.DATE)
    if not months:
        return is_known(reached), month_of(reached), compare("<=", reached, on)
    reached = months_later(reached, whole(months))
    came = known_or(compare("<", reached, day(context.end)), FALSE)
    return came, month_of(reached), compare("<=", reached, on)


def _key(context: Context, component: str) -> tuple[tuple[Due, ...], bool]:
    dues = tuple((slot.state, slot.months) for slot in slots(context.plan.release[component]))
    return dues, takes_back(context, component)


def _schedules(context: Context) -> list[tuple[tuple[Due, ...], bool]]:
    return list(
        dict.fromkeys(
            _key(context, name)
            for name, component in context.plan.components.items()
            if isinstance(component, CreditComponent)
        )
    )
