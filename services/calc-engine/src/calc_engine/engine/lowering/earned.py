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
    extended,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.rated import row_column, with_rate
from calc_engine.engine.lowering.scopes import CreditScope, OrderScope, state_column
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    month_of,
    negated,
    some,
    whole,
)
from premia_plan.checked import CreditComponent, RateTable, TakeBack


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
    tables = [
        context.plan.tables[name] for name in component.amount.names if name in context.plan.tables
    ]
    wanted = _wanted(context, component.name, credits)
    rated = _rated(context, component, tables, wanted, most_units)
    amount = lower(component.amount.expression, rated.scope)
    context.program.words[f"earned_{component.name}"] = tuple(name for _, name in amount.missing)
    refused = amount.missing_place
    marked = extended(rated.relation, refused=refused)
    is_refused = is_known(Column("refused", Kind.WHOLE))
    pay = case([(is_refused, whole(0))], amount.number.rounded(context.places))
    lenient = [
        is_unknown(column(rated.relation, row_column(table.name)))
        for table in tables
        if table.missing != "exception"
    ]
    unrated = some(*lenient) if lenient else negated(TRUE)
    paid = extended(
        marked,
        earned_units=pay,
        is_unrated=unrated,
        competence=_competence(context, component.name, credits),
    )
    own = Column("earned_units", Kind.WHOLE)
    standing = compare("=", column(paid, "standing"), whole(Standing.PAID))
    zero = every(Column("is_unrated", Kind.BOOL), compare("=", own, whole(0)))
    why = case(
        [
            (is_refused, whole(Why.REFUSED)),
            (negated(standing), whole(Why.STANDING)),
            (zero, whole(Why.RATE_MISSING)),
        ],
        whole(Why.NONE),
    )
    return context.program.name(f"earned_{component.name}", extended(paid, why=why))


def _wanted(context: Context, component: str, credits: Scan) -> Relation:
    """Leave out credits of orders that ended before the first month that is wanted."""
    if not context.since:
        return credits
    late = compare(">=", column(credits, "last_month"), whole(context.since))
    return Filter(credits, some(late, is_open(context, component)))


def is_open(context: Context, component: str) -> Expression:
    """Return whether a share of an order's pay still waits for a state."""
    states = [share.state for share in context.plan.release[component] if share.state is not None]
    waiting = some(*(is_unknown(Column(state_column(state), Kind.DATE)) for state in states))
    if takes_back(context, component):
        return every(is_unknown(Column("reversed_on", Kind.DATE)), waiting)
    return waiting


def takes_back(context: Context, component: str) -> bool:
    """Say whether a storno settles the component share by share."""
    storno = context.plan.storno
    return storno is not None and isinstance(storno.effect.get(component), TakeBack)


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
        relation, rate = with_rate(context, relation, table, plain, component.name)
        if table.missing != "exception":
            given = rate.numerator
            zero = case([(is_unknown(given), whole(0))], given)
            rate = Ratio(zero, rate.denominator, rate.most, rate.most_below)
        rates[table.name] = rate
    return Rated(relation, CreditScope(order, context.places, most_units, rates))


def _competence(context: Context, component: str, credits: Relation) -> Expression:
    """Return the month of the first release state, or while it is open of the order's own day."""
    state = context.plan.release[component][0].state
    by_month = column(credits, "by_month")
    if state is None:
        return by_month
    reached = Column(state_column(state), Kind.DATE)
    return case([(is_known(reached), month_of(reached))], by_month)
