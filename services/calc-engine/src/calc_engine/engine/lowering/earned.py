"""Components that pay on each credit: what is earned, in minor units, and why sometimes not."""

from dataclasses import dataclass

from calc_engine.engine.codes import Standing, Why
from calc_engine.engine.ir import (
    Column,
    Expression,
    Filter,
    Kind,
    Relation,
    Scan,
    column,
    columns_of,
    extended,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.credit_steps import only_rounds, stepped
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Lowered
from calc_engine.engine.lowering.rated import (
    question_column,
    rate_of,
    row_column,
    with_answer,
    with_rate,
)
from calc_engine.engine.lowering.schedules import competence_column, schedule_of, takes_back
from calc_engine.engine.lowering.scopes import CreditScope, OrderScope, state_column
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.slots import slots
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    negated,
    some,
    whole,
)
from premia_plan.checked import CreditComponent, RateTable


@dataclass(frozen=True, slots=True)
class Rated:
    """Credits with the rates a component looks up."""

    relation: Relation
    scope: CreditScope


def earned(context: Context, component: CreditComponent, credits: Scan, most_units: int) -> Scan:
    """Return the credits with what the component gives for each.

    `units` of the result is what was credited, `earned_units` what is earned. `refused` is the
    place of the first input that is missing among the program's words for it; unknown if none.
    """
    names = dict.fromkeys(name for formula in component.formulas for name in formula.names)
    tables = [context.plan.tables[name] for name in names if name in context.plan.tables]
    wanted = _wanted(context, component.name, credits)
    rated = _rated(context, component, tables, wanted, most_units)
    amount = lower(component.amount.expression, rated.scope)
    asked: Expression = TRUE
    words, number = amount.words, amount.number
    schedule = schedule_of(context, component.name) or 0
    refused = _missing_place(amount)
    marked: Relation = rated.relation
    if not only_rounds(component):
        after = stepped(context, component, marked, amount, rated.scope)
        marked, number, refused = after.relation, after.pay, after.refused
        words, asked = after.words, after.asked
    context.program.words[f"earned_{component.name}"] = words
    marked = extended(marked, refused=refused)
    is_refused = is_known(Column("refused", Kind.WHOLE))
    pay = case([(is_refused, whole(0))], number.rounded(context.places))
    lenient = [
        is_unknown(column(rated.relation, row_column(table.name)))
        for table in tables
        if table.missing != "exception" and table.name in component.amount.names
    ]
    unrated = every(asked, some(*lenient)) if lenient else negated(TRUE)
    paid = extended(
        marked,
        earned_units=pay,
        is_unrated=unrated,
        competence=column(credits, competence_column(schedule)),
    )
    own = Column("earned_units", Kind.WHOLE)
    standing = compare("=", column(paid, "standing"), whole(Standing.PAID))
    zero = every(Column("is_unrated", Kind.BOOL), compare("=", own, whole(0)))
    reasons: list[tuple[Expression, Expression]] = [
        (is_refused, whole(Why.REFUSED)),
        (negated(standing), whole(Why.STANDING)),
    ]
    if lenient:
        reasons.append((zero, whole(Why.RATE_MISSING)))
    why = case(reasons, whole(Why.NONE))
    return context.program.name(f"earned_{component.name}", extended(paid, why=why))


def _missing_place(amount: Lowered) -> Expression:
    """Return the place of what is missing first; what was credited never is."""
    credited = is_unknown(Column("units", Kind.WHOLE))
    places = [
        (gap.condition, whole(place))
        for place, gap in enumerate(amount.missing)
        if gap.condition != credited
    ]
    return case(places, whole(None))


def _wanted(context: Context, component: str, credits: Scan) -> Relation:
    """Leave out credits of orders that ended before the first month that is wanted."""
    if not context.since:
        return credits
    late = compare(">=", column(credits, "last_month"), whole(context.since))
    return Filter(credits, some(late, is_open(context, component)))


def is_open(context: Context, component: str) -> Expression:
    """Return whether a share of an order's pay still waits for a state."""
    due = slots(context.plan.release[component])
    states = {slot.state for slot in due if slot.state is not None}
    waiting = (
        TRUE
        if any(slot.is_open for slot in due)
        else some(*(is_unknown(Column(state_column(state), Kind.DATE)) for state in sorted(states)))
    )
    if takes_back(context, component):
        return every(is_unknown(Column("reversed_on", Kind.DATE)), waiting)
    return waiting


def _rated(
    context: Context,
    component: CreditComponent,
    tables: list[RateTable],
    credits: Relation,
    most_units: int,
) -> Rated:
    order = OrderScope(context.plan, context.arranged)
    plain = CreditScope(order, context.places, most_units, {})
    relation, rates = credits, dict[str, Ratio]()
    for table in tables:
        rate = rate_of(table)
        if question_column(table.name) in columns_of(credits):
            relation, rate = with_answer(context, relation, table)
        elif row_column(table.name) not in columns_of(credits):
            relation, rate = with_rate(context, relation, table, plain, component.name)
        if table.missing != "exception":
            given = rate.numerator
            zero = case([(is_unknown(given), whole(0))], given)
            rate = Ratio(zero, rate.denominator, rate.most, rate.most_below)
        rates[table.name] = rate
    return Rated(relation, CreditScope(order, context.places, most_units, rates))
