"""What lines come to, without the lines: for comparing two plans over the same facts."""

from collections.abc import Mapping

from calc_engine.engine.ir import (
    Aggregate,
    Filter,
    Join,
    Relation,
    Scan,
    Total,
    Union,
    column,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import SOLD_AS
from calc_engine.engine.values import is_known

PAID = ("payee_no", "month", "component")
SOLD = ("component", *SOLD_AS)


def tell_sums(context: Context, lines: Mapping[str, Scan]) -> dict[str, Scan]:
    """Return the sums of lines that land in a month: `paid` by payee and month, `sold` by order."""
    narrow = {
        name: only(
            Filter(each, is_known(column(each, "month"))), *PAID, *SOLD_AS, "order_no", "units"
        )
        for name, each in lines.items()
    }
    every = context.program.name("paid_lines", Union(tuple(narrow.values())))
    units: dict[str, Total] = {"units": ("sum", column(every, "units"))}
    paid = Aggregate(every, PAID, units)
    sold: list[Relation] = []
    for name, each in narrow.items():
        if name == "credit_lines":
            sold.append(only(each, *SOLD, "units"))
            continue
        # Months make few lines: these are what is kept in memory, and the orders go by.
        parts = only(each, "component", "units", paid_order="order_no")
        orders = only(context.scan("orders"), "order_no", *SOLD_AS)
        take = {"component": "component", "units": "units"}
        found = Join(orders, parts, (("order_no", "paid_order"),), take)
        sold.append(only(found, *SOLD, "units"))
    by_order = Aggregate(Union(tuple(sold)), SOLD, units)
    return {
        "paid": context.program.name("sums_paid", paid, kept=True),
        "sold": context.program.name("sums_sold", by_order, kept=True),
    }
