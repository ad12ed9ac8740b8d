"""Calculate the plan over a folder of data, and write the lines to another."""

import sys
from pathlib import Path

from bench.decimal_loop.data import read_orders, read_states, read_tenant
from bench.decimal_loop.lines import Line, LineIds, write_lines
from bench.decimal_loop.lookup import UNTIL
from bench.decimal_loop.months import MonthLoop
from bench.decimal_loop.orders import OrderLoop, fate_of


def main(data: Path, out: Path) -> None:
    """Walk the orders, then the months."""
    tenant = read_tenant(data)
    ids = LineIds(tenant.ids)
    by_order, by_month = OrderLoop(tenant, ids), MonthLoop(tenant, ids)
    activated, reversed_on = read_states(data, UNTIL)
    lines: list[Line] = []
    for order in read_orders(data):
        number = order.order_no
        fate = fate_of(order, activated.get(number), reversed_on.get(number))
        for credit in by_order.credits(order, fate):
            lines.extend(by_order.lines(credit))
            by_month.count(credit)
    lines.extend(by_month.lines())
    write_lines(lines, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
