"""The orders under the plan, with the days of their states and their reversal."""

from collections.abc import Mapping

import pyarrow as pa

from calc_engine.engine.id_halves import HALVES
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Total,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context, names_of, states_of
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.schedules import with_outcomes
from calc_engine.engine.lowering.scopes import ORDER_TEXTS, OrderScope, order_column, state_column
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    day,
    days_between,
    every,
    greatest,
    is_known,
    is_unknown,
    known_or,
    least,
    month_of,
    one_of,
    some,
    text,
    whole,
)
from premia_plan.checked import Storno
from premia_plan.language import Formula

UNKNOWN_DAY = Constant(None, Kind.DATE)

SOLD_AS = ("territory", "category")
"""What sums of lines are told by; read where they are asked for."""
SOLD_NO = "sold_no"
"""The column with the number of what was sold, where sums of lines are asked for."""
IDENTITY = ("plan_no", "order_no", "principal_no", "seller_no", "partner_no", "currency")


def under_plan(context: Context) -> Scan:
    """Return the orders of the plan as known before the end; ask for what is wrong with some."""
    plan = context.plan
    scope = OrderScope(plan, context.arranged)
    orders = _with_states(context, orders_read(context))
    by_day = lower(plan.by.expression, scope).plain
    dated = Filter(
        extended(orders, by_day=by_day),
        every(
            compare("<", Column("by_day", Kind.DATE), day(context.end)),
            compare(">=", Column("by_day", Kind.DATE), day(plan.valid_from)),
            compare("<", Column("by_day", Kind.DATE), day(plan.valid_to)),
        ),
    )
    _ask_unreadable(context, dated)
    covered = dated if plan.covers is None else Filter(dated, _holds(plan.covers, scope))
    in_currency = compare("=", column(covered, "currency"), text(plan.currency))
    context.program.result(
        "other_currency",
        only(
            Filter(covered, compare("!=", column(covered, "currency"), text(plan.currency))),
            "order_no",
            "by_day",
        ),
    )
    kept = _with_reversal(context, Filter(covered, in_currency))
    last = column(kept, "last_day")
    by = column(kept, "by_day")
    named = extended(
        kept, by_month=month_of(by), last_month=month_of(greatest(by, known_or(last, by)))
    )
    return context.program.name("under_plan", with_outcomes(context, named), kept=True)


def are_sealed(context: Context) -> bool:
    """Say whether orders and payees lie with the halves of their part of line ids."""
    return bool(order_halves(context))


def order_halves(context: Context) -> Mapping[str, str]:
    """Return the columns with the halves of orders' part of line ids, where they were sealed."""
    return _halves(context, "order")


def payee_halves(context: Context) -> Mapping[str, str]:
    """Return the columns with the halves of payees' part of line ids, where they were sealed."""
    return _halves(context, "payee")


def _halves(context: Context, whose: str) -> Mapping[str, str]:
    sealed = "id_high" in context.arranged.columns(f"{whose}s")
    return {f"{whose}_{half}": f"id_{half}" for half in HALVES} if sealed else {}


def _holds(formula: Formula, scope: OrderScope) -> Expression:
    return lower(formula.expression, scope).condition


def orders_read(context: Context) -> Relation:
    """Return the orders with the columns that the plan speaks of."""
    orders: Relation = context.scan("orders")
    if context.plans:
        schema = pa.schema([("plan_no", pa.int32())])
        plans = context.program.give("plans", schema, [(number,) for number in context.plans])
        orders = Join(orders, plans, (("plan_no", "plan_no"),), {})
    names = names_of(context.plan)
    wanted = [
        order_column(name)
        for name in sorted(names)
        if name.startswith(("order.", "reversal.")) and name != "order.principal"
    ]
    halves = order_halves(context)
    read: Relation = only(orders, *dict.fromkeys([*IDENTITY, *SOLD_AS, *wanted]), **halves)
    if "order.principal" in names:
        principals = context.scan("principals")
        take = {ORDER_TEXTS["order.principal"]: "principal"}
        read = Join(read, principals, (("principal_no", "principal_no"),), take)
    return read


def _with_states(context: Context, orders: Relation) -> Relation:
    """Add a column per state with the day of the first arrival, and the day of the last state."""
    states = context.scan("states")
    seen = Filter(states, compare("<", column(states, "day"), day(context.end)))
    name, on = column(states, "state"), column(states, "day")
    wanted = states_of(context.plan)
    days: dict[str, Total] = {
        state_column(state): (
            "min",
            case([(compare("=", name, text(state)), on)], UNKNOWN_DAY),
        )
        for state in wanted
    }
    by_order = (("order_no", "order_no"),)
    found: Relation = orders
    if wanted:
        asked = Filter(seen, one_of(name, [text(state) for state in wanted]))
        first = Aggregate(asked, ("order_no",), days)
        found = Join(found, first, by_order, {day_of: day_of for day_of in days}, keeps_left=True)
    last = Aggregate(seen, ("order_no",), {"last_day": ("max", on)})
    return Join(found, last, by_order, {"last_day": "last_day"}, keeps_left=True)


def _ask_unreadable(context: Context, dated: Relation) -> None:
    unreadable = context.scan("unreadable")
    if not context.arranged.tables["unreadable"].num_rows:
        none = extended(unreadable, by_day=UNKNOWN_DAY)
        context.program.result("unreadable", none)
        return
    found = Join(unreadable, dated, (("order_no", "order_no"),), {"by_day": "by_day"})
    context.program.result("unreadable", found)


def _with_reversal(context: Context, orders: Relation) -> Relation:
    """Add the day of the order's reversal, its state's place in order, and whether it is void."""
    storno = context.plan.storno
    if storno is None:
        none = Constant(None, Kind.WHOLE)
        return extended(
            orders, reversed_on=UNKNOWN_DAY, reversed_by=none, is_void=FALSE, reversal_month=none
        )
    states = sorted(storno.when.states)
    found = extended(orders, first_met=_first_met(context, storno, states))
    met = column(found, "first_met")
    inside = extended(found, reversed_on=case([(_is_inside(storno, met), met)], UNKNOWN_DAY))
    on = column(inside, "reversed_on")
    by = case(
        [
            (compare("=", Column(state_column(state), Kind.DATE), on), whole(place))
            for place, state in enumerate(states)
        ],
        whole(None),
    )
    scope = OrderScope(context.plan, context.arranged, as_of=on)
    void = (
        FALSE
        if storno.void_when is None
        else every(is_known(on), lower(storno.void_when.expression, scope).condition)
    )
    return extended(inside, reversed_by=by, is_void=void, reversal_month=month_of(on))


def _first_met(context: Context, storno: Storno, states: list[str]) -> Expression:
    """Return the first day on which the storno's condition holds, of those on which it may."""
    far = day(context.end)
    candidates = []
    for state in states:
        on = Column(state_column(state), Kind.DATE)
        scope = OrderScope(context.plan, context.arranged, as_of=on)
        holds = every(is_known(on), lower(storno.when.expression, scope).condition)
        candidates.append(case([(holds, on)], far))
    if not candidates:
        return UNKNOWN_DAY
    first = least(*candidates)
    return case([(compare("<", first, far), first)], UNKNOWN_DAY)


def _is_inside(storno: Storno, met: Expression) -> Expression:
    if storno.days is None or storno.after is None:
        return TRUE
    entered = Column(state_column(storno.after), Kind.DATE)
    passed = known_or(compare("<=", days_between(entered, met), whole(storno.days)), FALSE)
    return some(is_unknown(entered), passed)
