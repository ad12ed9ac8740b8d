"""What the agency plan pays, read from its text.

An order is the plan's by its signing day. A quarter goes to the partner, if there is one, the
rest to the seller; a cent left over goes to the larger lost fraction, at a tie to the partner,
who is named first. Superiors up to the second level get half a per cent and a fifth of one. 65 %
is released when the order is activated, the rest when its first bill is paid. An order that ends
before activation, or within 180 days after it, gives back what was released and drops the rest,
unless the principal is the cause: then the rest is released at once, all of it if nothing was
(art. 1748 of the civil code). What a payee had activated in a month, above target, earns 1.5 %,
and above 115 % of it 3 %, if at least 92 % was right first time; never more than 2,500 euros.
"""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from landing import PLANS_FROM, PLANS_TO, Landed, half_up, month
from raw_rows import Folder, Order

PRINCIPAL = "1000"
LEVELS = (Fraction(5, 1000), Fraction(2, 1000))


def _line_of(parents: dict[str, str | None], code: str) -> list[str]:
    line: list[str] = []
    at: str | None = code
    while at is not None:
        line.append(at)
        at = parents.get(at)
    return line


class Rates:
    """The commission rates: the nearest territory wins, then the nearest category."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._rows: dict[tuple[str, str], list[tuple[date, date, Fraction]]] = defaultdict(list)
        for row in folder.rates:
            percent = Fraction(row["gives"].replace("%", "").strip())
            self._rows[row["territory"], row["category"]].append(
                (date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), percent / 100)
            )

    def on(self, order: Order) -> Fraction:
        for territory in _line_of(self._folder.territory_parent, order.territory):
            for category in _line_of(self._folder.category_parent, order.category):
                for first, end, rate in self._rows.get((territory, category), []):
                    if first <= order.signed < end:
                        return rate
        raise LookupError(f"no rate for order {order.number}")


def shares(order: Order) -> list[tuple[str, int]]:
    if not order.partner:
        return [(order.seller, order.cents)]
    partner, lost = divmod(order.cents, 4)
    if lost in (2, 3):  # two quarters is a tie, which the partner wins; three quarters are more
        partner += 1
    return [(order.partner, partner), (order.seller, order.cents - partner)]


def superiors(folder: Folder, payee: str, on: date) -> list[str]:
    found: list[str] = []
    at, text = payee, on.isoformat()
    while len(found) < len(LEVELS):
        above = [
            row["superior"]
            for row in folder.payees[at]["superiors"]
            if row["valid_from"] <= text and (row["valid_to"] is None or text < row["valid_to"])
        ]
        if not above:
            break
        at = above[0]
        found.append(at)
    return found


def _is_paid(folder: Folder, payee: str) -> bool:
    row = folder.payees[payee]
    return row["kind"] == "agency" and row["channel"] == "field" and PRINCIPAL in row["principals"]


def _ends_in_window(order: Order) -> bool:
    """Say whether the order ended before activation, or by the 180th day after it."""
    if order.ended is None:
        return False
    return order.activated is None or (order.ended - order.activated).days <= 180


def _settle(landed: Landed, order: Order, payee: str, component: str, earned: int) -> None:
    first = half_up(Fraction(earned) * 65 / 100)
    key = (payee, PRINCIPAL, component)
    released = 0
    for reached, share in ((order.activated, first), (order.paid, earned - first)):
        if reached is not None and not (_ends_in_window(order) and reached > order.ended):
            landed.add(*key, month(reached), share)
            released += share
    if _ends_in_window(order):
        due = earned - released if order.blame == "principal" else -released
        landed.add(*key, month(order.ended), due)


def _accelerator(total: int, target: int, quality: str) -> int:
    edge = Fraction(target) * 115 / 100
    upper = max(Fraction(0), total - edge)
    middle = max(Fraction(0), min(Fraction(total), edge) - target)
    exact = middle * 15 / 1000 + upper * 3 / 100
    if Fraction(quality) < Fraction(92, 100):
        return 0
    return min(half_up(exact), 2_500_00)


def pay(folder: Folder, landed: Landed) -> None:
    """Land everything the plan pays up to the month that is asked for."""
    rates = Rates(folder)
    activated: dict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    for order in folder.orders:
        if order.principal != PRINCIPAL or not PLANS_FROM <= order.signed < PLANS_TO:
            continue
        rate = rates.on(order)
        for payee, credit in shares(order):
            if _is_paid(folder, payee):
                _settle(landed, order, payee, "base", half_up(credit * rate))
                if order.activated is not None:
                    leaves = _ends_in_window(order) and order.blame != "principal"
                    activated[payee, month(order.activated)].append(
                        (credit, month(order.ended) if leaves else None)
                    )
            for superior, level in zip(
                superiors(folder, payee, order.signed), LEVELS, strict=False
            ):
                if _is_paid(folder, superior):
                    _settle(landed, order, superior, "override", half_up(credit * level))
    for (payee, measured), credits in activated.items():
        if measured > landed.until:
            continue
        target, quality = folder.targets[payee, measured], folder.quality[payee, measured]
        landed.pay_month_by_month(
            (payee, PRINCIPAL, "accelerator"),
            measured,
            credits,
            lambda total, target=target, quality=quality: _accelerator(total, target, quality),
        )
