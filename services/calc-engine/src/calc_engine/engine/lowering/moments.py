"""The days on which shares of pay are due: at a state, some time after it, on a day of the order.

A share that is due at a state or at a close, and at once, needs no day of its own.
"""

from dataclasses import dataclass

from calc_engine.engine.ir import Column, Constant, Expression, Kind, Relation, extended
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.functions import last_day_of_month, months_later
from calc_engine.engine.lowering.lowered import Lowered
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
    AtState,
    CellComponent,
    CheckedPlan,
    Later,
    Moment,
    OnDay,
    Proviso,
)


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
        """Say whether it is due at a state or a close, at once, whatever else holds."""
        return is_at_once(self.at, self.months) and self.proviso is None

    @property
    def state(self) -> str | None:
        """The state its moment counts from, if it counts from one."""
        return base_state(self.at)


def with_due_day(
    context: Context, rows: Relation, due: Due, competence: Expression, name: str
) -> Relation:
    """Add the day on which a share is payable, unknown while that is open, and `met_` before it.

    `met_` says whether the share's condition holds then. The day is worked out column by column:
    what reckons with months writes its arguments many times. `competence` is the last month of the
    period whose close a share may wait for.

    Raises:
        NotLowered: if a formula says something that this engine cannot express.
    """
    found, at, day_column = rows, due.at, Column(name, Kind.DATE)
    if isinstance(at, Later):
        number = lower(at.number.expression, _order(context))
        steps = f"{name}_number"
        found = extended(found, **{steps: known_where(number, number.number.truncated())})
        found = extended(found, **{name: _moment(context, at.after, competence)})
        passed = Column(steps, Kind.WHOLE)
        later = add_days if at.unit == "days" else months_later
        found = extended(found, **{name: later(day_column, passed)})
        if at.day_of_month is not None:
            month = Column(f"{name}_month", Kind.WHOLE)
            found = extended(found, **{month.name: month_of(day_column)})
            on = least(whole(at.day_of_month), day_of_month(last_day_of_month(month)))
            found = extended(found, **{name: add_days(first_day(month), subtract(on, whole(1)))})
    else:
        found = extended(found, **{name: _moment(context, at, competence)})
    if due.months:
        found = extended(found, **{name: months_later(day_column, whole(due.months))})
    if due.proviso is not None:
        scope = OrderScope(context.plan, context.arranged, as_of=day_column)
        met = lower(due.proviso.condition.expression, scope).condition
        found = extended(found, **{met_column(name): met})
    return found


def met_column(due: str) -> str:
    """Return the column that says whether a share's condition holds on the day in a column.

    >>> met_column("due_0_1")
    'met_due_0_1'
    """
    return f"met_{due}"


def known_where(found: Lowered, value: Expression) -> Expression:
    """Return a value, unknown where something of its formula is missing."""
    return case([(found.unknown, Constant(None, value.kind))], value) if found.missing else value


def _moment(context: Context, at: Moment, competence: Expression) -> Expression:
    match at:
        case AtState(state):
            return Column(state_column(state), Kind.DATE)
        case OnDay(formula):
            found = lower(formula.expression, _order(context))
            return known_where(found, found.plain)
    return last_day_of_month(competence)


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
