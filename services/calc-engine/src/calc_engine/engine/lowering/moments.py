"""The days on which shares of pay are due: at a state, some time after it, on a day of the order.

A share that is due at a state or at a close, and at once, needs no day of its own.
"""

from dataclasses import dataclass

from calc_engine.engine.ir import Column, Constant, Expression, Kind
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.functions import last_day_of_month, months_later
from calc_engine.engine.lowering.scopes import OrderScope, state_column
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.slots import Slot, base_state, is_at_once, slots
from calc_engine.engine.values import (
    add_days,
    case,
    day_of_month,
    first_day,
    least,
    month_of,
    subtract,
    whole,
)
from premia_plan.checked import (
    AtClose,
    AtState,
    CellComponent,
    CheckedPlan,
    Later,
    Moment,
    OnDay,
    Proviso,
)
from premia_plan.language import Formula

NO_DAY = Constant(None, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Due:
    """When a share is payable: so many months after a moment, if a condition holds then."""

    at: Moment
    months: int
    proviso: Proviso | None

    @classmethod
    def of(cls, slot: Slot) -> "Due":
        """Return when a payment of a schedule is payable."""
        return cls(slot.share.at, slot.months, slot.share.proviso)

    @property
    def is_plain(self) -> bool:
        """Say whether it is due at a state or a close, at once."""
        return is_at_once(self.at, self.months)

    @property
    def state(self) -> str | None:
        """The state its moment counts from, if it counts from one."""
        return base_state(self.at)


def due_day(context: Context, due: Due, competence: Expression) -> Expression:
    """Return the day on which a share is payable, unknown while that is open.

    `competence` is the last month of the period whose close a share may wait for.

    Raises:
        NotLowered: if its formula says something that this engine cannot express.
    """
    on = _moment(context, due.at, competence)
    return months_later(on, whole(due.months)) if due.months else on


def holds_on(context: Context, proviso: Proviso, on: Expression) -> Expression:
    """Return whether a share's condition holds of the order as it stood on a day."""
    scope = OrderScope(context.plan, context.arranged, as_of=on)
    return lower(proviso.condition.expression, scope).condition


def _moment(context: Context, at: Moment, competence: Expression) -> Expression:
    match at:
        case AtState(state):
            return Column(state_column(state), Kind.DATE)
        case AtClose():
            return last_day_of_month(competence)
        case Later():
            return _later(context, at, competence)
        case OnDay(formula):
            return _asked(context, formula)


def _later(context: Context, at: Later, competence: Expression) -> Expression:
    start = _moment(context, at.after, competence)
    found = lower(at.number.expression, _order(context))
    number = found.number.truncated()
    later = add_days(start, number) if at.unit == "days" else months_later(start, number)
    if at.day_of_month is not None:
        last = last_day_of_month(month_of(later))
        on = least(whole(at.day_of_month), day_of_month(last))
        later = add_days(first_day(month_of(later)), subtract(on, whole(1)))
    return case([(found.unknown, NO_DAY)], later) if found.missing else later


def _asked(context: Context, formula: Formula) -> Expression:
    found = lower(formula.expression, _order(context))
    return case([(found.unknown, NO_DAY)], found.plain) if found.missing else found.plain


def _order(context: Context) -> OrderScope:
    return OrderScope(context.plan, context.arranged)


def check_release(plan: CheckedPlan, component: CellComponent) -> None:
    """Check that the days are lowered on which the pay of a period is due.

    Raises:
        NotLowered: if one is not.
    """
    for slot in slots(plan.release[component.name]):
        at, number = slot.share.at, slot.formula
        if slot.share.proviso is not None:
            raise NotLowered("periods whose pay is released while a condition holds")
        if slot.state is not None and not isinstance(at, AtState):
            raise NotLowered("periods whose pay is released some time after a state")
        if isinstance(at, OnDay) or (number is not None and number.inputs):
            raise NotLowered("periods whose pay is released on a day of the order")
