"""What part a storno takes where it depends on the reversal: told once per order."""

from fractions import Fraction

from calc_engine.engine.ir import Column, Expression, Kind, Relation, extended
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.functions import MOST_DAYS, months_between
from calc_engine.engine.lowering.scopes import OrderScope, state_column
from calc_engine.engine.ratio import Ratio, either
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    days_between,
    greatest,
    known_or,
    whole,
)
from premia_plan.checked import CreditComponent, TakeBack, TakesBySteps, TakesInProportion
from premia_plan.elapsed import Elapsed


def taken_columns(context: Context, component: str) -> tuple[str, str, str]:
    """Return the columns with the part a storno takes, over what, and the time that had passed."""
    number = list(context.plan.components).index(component)
    return f"takes_{number}", f"takes_below_{number}", f"passed_{number}"


def depends(context: Context, component: str) -> TakesBySteps | TakesInProportion | None:
    """Return how the part depends on the reversal, if it does; one part of all is None."""
    storno = context.plan.storno
    effect = None if storno is None else storno.effect.get(component)
    takes = effect.takes if isinstance(effect, TakeBack) else None
    return takes if isinstance(takes, (TakesBySteps, TakesInProportion)) else None


def with_parts_taken(context: Context, orders: Relation) -> Relation:
    """Add what a storno takes of each component's pay on an order, where that differs.

    Raises:
        NotLowered: if the size of a storno may be unknown.
    """
    found = orders
    for name, component in context.plan.components.items():
        takes = depends(context, name)
        if takes is None:
            continue
        if not isinstance(component, CreditComponent):
            raise NotLowered(f"a storno that depends on the reversal for {name}, paid on cells,")
        part, below, passed = taken_columns(context, name)
        found = extended(found, **{passed: _elapsed(takes.elapsed, takes.since)})
        time = Column(passed, Kind.WHOLE)
        ratio = (
            _by_steps(takes, time)
            if isinstance(takes, TakesBySteps)
            else _in_proportion(context, takes, time)
        )
        found = extended(found, **{part: ratio.numerator, below: ratio.denominator})
    return found


def part_taken(context: Context, component: str) -> Ratio:
    """Return the part that a storno takes of what was released.

    Raises:
        TypeError: if no storno takes a part.
    """
    part, below, _ = taken_columns(context, component)
    if depends(context, component) is not None:
        return Ratio(Column(part, Kind.WHOLE), Column(below, Kind.WHOLE), 1 << 40, 1 << 40)
    storno = context.plan.storno
    effect = None if storno is None else storno.effect.get(component)
    if not isinstance(effect, TakeBack):
        raise TypeError(f"no storno takes a part of {component}")
    return Ratio.written(effect.ratio)


def _elapsed(kind: Elapsed, since: str) -> Expression:
    """Return the time from a state to the reversal; none where it was not reached before."""
    first, last = Column(state_column(since), Kind.DATE), Column("reversed_on", Kind.DATE)
    match kind:
        case "days":
            time = days_between(first, last)
        case "completed months":
            time = months_between(first, last)
        case "started months":
            time = months_between(first, last, started=True)
    is_later = known_or(compare(">", last, first), FALSE)
    return case([(is_later, time)], whole(0))


def _by_steps(takes: TakesBySteps, passed: Expression) -> Ratio:
    """Return the part of the first step whose time had not passed; nothing after the last."""
    found = Ratio.written(Fraction(0))
    for within, ratio in reversed(takes.steps):
        found = either(compare("<=", passed, whole(within)), Ratio.written(ratio), found)
    return found


def _in_proportion(context: Context, takes: TakesInProportion, passed: Expression) -> Ratio:
    """Return the part of the term that had not passed."""
    if takes.each_year:
        raise NotLowered("stornos in proportion to each contract year")
    term = lower(takes.term.expression, OrderScope(context.plan, context.arranged))
    if term.missing:
        raise NotLowered(f"stornos in proportion to {takes.term.text}, which may be unknown,")
    number = term.number
    gone = Ratio.scaled(passed, 1, MOST_DAYS)
    left = number - gone
    below = case([(compare("<=", number.numerator, whole(0)), whole(1))], number.numerator)
    size = greatest(left.numerator, whole(0))
    upper = case([(compare("<=", number.numerator, whole(0)), whole(0))], size)
    if number.fixed_denominator is None or left.fixed_denominator != number.fixed_denominator:
        raise NotLowered(f"stornos in proportion to {takes.term.text}, a quotient,")
    return Ratio(upper, below, left.most, number.most)
