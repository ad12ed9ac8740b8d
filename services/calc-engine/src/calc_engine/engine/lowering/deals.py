"""Deals: the amounts of orders that are credited, and the most that is credited of one."""

from dataclasses import dataclass

from calc_engine.engine.ir import Column, Expression, Filter, Relation, extended, only
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Lowered, Missing
from calc_engine.engine.lowering.scopes import OrderScope
from calc_engine.engine.ratio import Ratio, either, greatest_of
from calc_engine.engine.values import absolute, case, compare, negated, some, whole
from premia_plan.checked import DirectCredit

DOES_NOT_ADD_UP = "shares that add up"
"""What is missing where the shares of an order do not add up as the plan says."""
EXACT = ("base_numerator", "base_denominator", "deal_numerator", "deal_denominator")
"""The columns with an order's exact amount, where it is worked out, and what a cap leaves of it."""


@dataclass(frozen=True, slots=True)
class Deals:
    """The orders that a rule credits, with the amount of each, and what it may be unknown for."""

    relation: Relation
    amount: Ratio
    missing: Missing


def deals_of(context: Context, rule: DirectCredit, orders: Relation) -> Deals:
    """Return the orders that a rule is for, with the amounts that its shares divide."""
    scope = OrderScope(context.plan, context.arranged)
    found = orders
    if rule.where is not None:
        found = Filter(orders, lower(rule.where.expression, scope).condition)
    amount = lower(rule.amount.expression, scope)
    if rule.cap is None:
        return Deals(found, amount.number, _missing(amount))
    limit = lower(rule.cap.limit.expression, scope)
    most = greatest_of(Ratio.written(0 * limit.number.most_below + _NOTHING), limit.number)
    capped = _at_most(amount.number, most)
    missing = (*_missing(amount), *_missing(limit, rule.cap.limit.text))
    return Deals(found, capped, missing)


def credited_only(
    context: Context, rule: DirectCredit, deals: Relation, missing: Missing
) -> Relation:
    """Return the deals that can be credited; ask for what is missing of the others."""
    gone = some(*(gap.condition for gap in missing))
    places = case([(gap.condition, whole(place)) for place, gap in enumerate(missing)], whole(None))
    context.program.words[f"uncredited_{rule.name}"] = tuple(gap.name for gap in missing)
    refused = extended(Filter(deals, gone), missing=places)
    context.program.result(f"uncredited_{rule.name}", only(refused, "order_no", "by_day", "missing"))
    return Filter(deals, negated(gone))
