"""Rates that an order's own values decide: looked up once an order, not once a credit or line.

Orders and their credits carry only the number of what they ask a table with: plans with other
rates have the same credits.
"""

from calc_engine.engine.ir import Relation, Scan
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import orders_read
from calc_engine.engine.lowering.rated import is_by_order, with_question
from calc_engine.engine.lowering.scopes import OrderScope
from premia_plan.checked import CreditComponent


def with_order_rates(context: Context, orders: Scan) -> Scan:
    """Return the orders with what they ask of every such table that a component looks up."""
    plan, scope = context.plan, OrderScope(context.plan, context.arranged)
    asked = [
        name
        for component in plan.components.values()
        if isinstance(component, CreditComponent)
        for name in component.amount.names
        if name in plan.tables and is_by_order(plan.tables[name])
    ]
    found: Relation = orders
    for name in dict.fromkeys(asked):
        found = with_question(context, found, plan.tables[name], scope, orders_read(context))
    return context.program.name("rated_orders", found) if asked else orders
