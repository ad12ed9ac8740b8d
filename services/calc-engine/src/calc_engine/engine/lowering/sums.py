"""What lines come to, without the lines: for comparing two plans over the same facts.

Each component is added up by itself: one that two plans agree on is worked out once.
"""

from collections.abc import Mapping, Sequence

from calc_engine.engine.ir import (
    Aggregate,
    Distinct,
    Filter,
    Join,
    Kind,
    Order,
    Relation,
    Scan,
    Total,
    Union,
    Window,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import SOLD_AS, SOLD_NO
from calc_engine.engine.values import is_known, whole
from premia_plan.checked import CreditComponent

_SOLD = "sold_as"
"""The relation with the texts of each number of what was sold."""
PAID = ("payee_no", "month")


def with_sale(context: Context, orders: Scan) -> Scan:
    """Return the orders with the number of what was sold, carried instead of texts."""
    differing = Distinct(only(context.scan("orders"), *SOLD_AS))
    order: Order = tuple((name, "rising") for name in SOLD_AS)
    numbered = Window(differing, SOLD_NO, "place", None, (), order)
    told = context.program.name(_SOLD, numbered, kept=True)
    same = tuple((name, name) for name in SOLD_AS)
    found = Join(orders, told, same, {SOLD_NO: SOLD_NO}, unknown_fits=True)
    return context.program.name("sold_orders", found)


def tell_sums(context: Context, lines: Mapping[str, Sequence[Relation]]) -> None:
    """Ask for the sums of lines that land in a month.

    The results are `paid_<component>` by payee and month, and `sold_<component>` by what was sold.
    """
    for name, parts in lines.items():
        on_credits = isinstance(context.plan.components[name], CreditComponent)
        by_sale = (SOLD_NO,) if on_credits else ("order_no",)
        landing = Union(
            tuple(
                only(Filter(each, is_known(column(each, "month"))), *PAID, *by_sale, "units")
                for each in parts
            )
        )
        # Months make few lines, which are added up twice; those on credits are worked out anew.
        every = context.program.name(f"landing_{name}", landing, kept=not on_credits)
        units: dict[str, Total] = {"units": ("sum", column(every, "units"))}
        place = whole(list(context.plan.components).index(name))
        paid = extended(Aggregate(every, PAID, units), component=place)
        context.program.result(f"paid_{name}", paid, kept=True)
        sold = _by_number(every, units) if on_credits else _by_order(context, every, units)
        context.program.result(f"sold_{name}", extended(sold, component=place), kept=True)


def _by_number(lines: Scan, units: Mapping[str, Total]) -> Relation:
    """Return the sums of lines by what was sold, of lines with its number."""
    kinds = {SOLD_NO: Kind.WHOLE, **dict.fromkeys(SOLD_AS, Kind.TEXT)}
    take = {name: name for name in SOLD_AS}
    summed = Aggregate(lines, (SOLD_NO,), units)
    return only(Join(summed, Scan(_SOLD, kinds), ((SOLD_NO, SOLD_NO),), take), *SOLD_AS, "units")


def _by_order(context: Context, lines: Scan, units: Mapping[str, Total]) -> Relation:
    """Return the sums of lines by what was sold, of lines with the order."""
    parts = only(lines, "units", paid_order="order_no")
    orders = only(context.scan("orders"), "order_no", *SOLD_AS)
    found = Join(orders, parts, (("order_no", "paid_order"),), {"units": "units"})
    return Aggregate(found, SOLD_AS, units)
