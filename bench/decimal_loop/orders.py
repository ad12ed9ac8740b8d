"""The loop over the orders: who is credited, what that pays, and what becomes of it."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from bench.decimal_loop.data import Order, Tenant
from bench.decimal_loop.lines import (
    HELD,
    NOT_PAID,
    RELEASE,
    REVERSAL,
    VOID_RELEASE,
    WHATS,
    Line,
    LineIds,
    cents,
)
from bench.decimal_loop.lookup import LookUp, Standing

CENT = Decimal("0.01")
OVERRIDES = tuple(map(Decimal, ("0.005", "0.002", "0.0015", "0.001", "0.0005")))
STORNO_DAYS = 180
PARTNER, SELLER = 0, 1
PARTNER_PART = Decimal("0.25")


class Fate(NamedTuple):
    """What becomes of an order's pay: one line, and another where it is taken back."""

    what: int
    month: int | None
    why: int
    competence: int
    activated_in: int | None
    leaves_in: int | None

    @property
    def taken_in(self) -> int | None:
        """The month in which what was released is taken back."""
        return self.leaves_in if self.what == RELEASE else None


class Credit(NamedTuple):
    """A payee's part of an order."""

    order: Order
    place: int
    payee_no: int
    amount: Decimal
    fate: Fate
    standing: Standing

    @property
    def key(self) -> tuple[int, int]:
        """Tell the credit apart from every other."""
        return self.order.order_no, self.place


class Earned(NamedTuple):
    """What a component gives somebody for a credit."""

    component: int
    payee_no: int
    level: int
    amount: Decimal
    rate_row: int | None
    refused: int
    is_accepted: bool


@cache
def month_of(day: date) -> int:
    """Return a day's month as a number.

    >>> month_of(date(2026, 3, 31))
    202603
    """
    return day.year * 100 + day.month


def fate_of(order: Order, activated: date | None, reversed_on: date | None) -> Fate:
    """Return what becomes of an order's pay."""
    is_void = order.imputable_to == "principal"
    if activated is not None and reversed_on is not None:
        reversed_on = reversed_on if (reversed_on - activated).days <= STORNO_DAYS else None
    competence = month_of(activated or order.signed_on)
    active = None if activated is None else month_of(activated)
    leaves = None if reversed_on is None or is_void else month_of(reversed_on)
    if activated is not None and (reversed_on is None or activated <= reversed_on):
        return Fate(RELEASE, active, 0, competence, active, leaves)
    if reversed_on is None:
        return Fate(HELD, None, 7, competence, active, leaves)
    if is_void:
        # What is paid before the order is active stays in the month of the order.
        own = month_of(order.signed_on)
        return Fate(VOID_RELEASE, month_of(reversed_on), 10, own, active, leaves)
    return Fate(NOT_PAID, None, 8, competence, active, leaves)


class OrderLoop:
    """Pays what is paid order by order."""

    def __init__(self, tenant: Tenant, ids: LineIds) -> None:
        self._look_up = LookUp(tenant)
        self._ids = ids

    def credits(self, order: Order, fate: Fate) -> Iterator[Credit]:
        """Return the credits of an order: the partner's quarter and the seller's rest."""
        part = Decimal(0)
        if order.partner_no is not None:
            part = (order.amount * PARTNER_PART).quantize(CENT, ROUND_HALF_UP)
            yield self._credit(order, PARTNER, order.partner_no, part, fate)
        yield self._credit(order, SELLER, order.seller_no, order.amount - part, fate)

    def _credit(
        self, order: Order, place: int, payee_no: int, amount: Decimal, fate: Fate
    ) -> Credit:
        standing = self._look_up.standing(payee_no, order.signed_on)
        return Credit(order, place, payee_no, amount, fate, standing)

    def lines(self, credit: Credit) -> Iterator[Line]:
        """Return the lines of a credit: its own, and those of the payees above."""
        for earned in self._earned(credit):
            yield from self._settled(credit, earned)

    def _earned(self, credit: Credit) -> Iterator[Earned]:
        payee_no, day, standing = credit.payee_no, credit.order.signed_on, credit.standing
        rate = self._look_up.rate(credit.order)
        if rate is None:
            yield Earned(0, payee_no, 0, Decimal(0), None, 6, standing.is_accepted)
        else:
            pay = (credit.amount * rate.value).quantize(CENT, ROUND_HALF_UP)
            yield Earned(0, payee_no, 0, pay, rate.row, standing.reason, standing.is_accepted)
        for row, override in enumerate(OVERRIDES):
            above = self._look_up.superior(payee_no, day)
            if above is None:
                return
            payee_no, standing = above, self._look_up.standing(above, day)
            pay = (credit.amount * override).quantize(CENT, ROUND_HALF_UP)
            yield Earned(1, above, row + 1, pay, row, standing.reason, standing.is_accepted)

    def _settled(self, credit: Credit, earned: Earned) -> Iterator[Line]:
        fate, units = credit.fate, cents(earned.amount)
        if earned.refused:
            yield self._line(credit, earned, NOT_PAID, None, units, earned.refused)
            return
        yield self._line(credit, earned, fate.what, fate.month, units, fate.why)
        if fate.taken_in is not None:
            yield self._line(credit, earned, REVERSAL, fate.taken_in, -units, 9)

    def _line(  # noqa: PLR0917 - in the order of the tuple
        self, credit: Credit, earned: Earned, what: int, month: int | None, units: int, why: int
    ) -> Line:
        event = ""
        if month is not None and not earned.is_accepted:
            event, what, month, why = f"{WHATS[what]} ", HELD, None, 12
        below = f"/team.{earned.level}" if earned.level else ""
        line_id = self._ids.of(
            credit.order,
            earned.payee_no,
            (earned.component, f"/sale.{credit.place}{below}", what, "0", event),
        )
        return Line(
            earned.component,
            earned.payee_no,
            1,
            what,
            month,
            credit.fate.competence,
            units,
            credit.order.order_no,
            credit.place,
            earned.level,
            0,
            0,
            why,
            earned.rate_row,
            *line_id,
        )
