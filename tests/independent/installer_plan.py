"""What the installers' plan pays, read from its text.

A job earns a percentage by product and size and a fixed fee by product, paid when its first bill
is paid. What a payee had billed in a month earns 0.4 % from 60,000 euros and 0.8 % from 120,000,
on all of it. A job that ends within 120 days after its first bill gives back, unless the
principal is the cause; if it is, a job that was never billed is paid when it ends.
"""

from collections import defaultdict
from fractions import Fraction

from landing import PLANS_FROM, PLANS_TO, Landed, half_up, month
from raw_rows import Folder, Order

PRINCIPAL = "2000"
FEES = {"pv": 40_00, "heat-pump": 30_00, "insulation": 0}


def _rate(product: str, size: Fraction) -> Fraction:
    if product == "pv":
        percent = "3" if size < 6 else "2.5" if size < 12 else "2"
    else:
        percent = {"heat-pump": "2.2", "insulation": "1.5"}[product]
    return Fraction(percent) / 100


def _volume(total: int) -> int:
    if total >= 120_000_00:
        return half_up(Fraction(total) * 8 / 1000)
    if total >= 60_000_00:
        return half_up(Fraction(total) * 4 / 1000)
    return 0


def _ends_in_window(order: Order) -> bool:
    if order.ended is None:
        return False
    return order.paid is None or (order.ended - order.paid).days <= 120


def pay(folder: Folder, landed: Landed) -> None:
    """Land everything the plan pays up to the month that is asked for."""
    billed: dict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    for order in folder.orders:
        if order.principal != PRINCIPAL or not PLANS_FROM <= order.signed < PLANS_TO:
            continue
        if PRINCIPAL not in folder.payees[order.seller]["principals"]:
            continue
        rate = _rate(order.product, Fraction(order.size))
        earned = half_up(order.cents * rate + FEES[order.product])
        key = (order.seller, PRINCIPAL, "fee")
        ends, blamed = _ends_in_window(order), order.blame == "principal"
        if order.paid is None:
            if ends and blamed:
                landed.add(*key, month(order.ended), earned)
            continue
        landed.add(*key, month(order.paid), earned)
        back = ends and not blamed
        if back:
            landed.add(*key, month(order.ended), -earned)
        billed[order.seller, month(order.paid)].append(
            (order.cents, month(order.ended) if back else None)
        )
    for (payee, measured), credits in billed.items():
        landed.pay_month_by_month((payee, PRINCIPAL, "volume"), measured, credits, _volume)
