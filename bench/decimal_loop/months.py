"""The loop over the payees' months: tiers, gate, cap, spread, and the same after reversals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from bench.decimal_loop.data import Tenant
from bench.decimal_loop.lines import (
    HELD,
    NOT_PAID,
    RELEASE,
    REVERSAL,
    WHATS,
    Line,
    LineIds,
    cents,
)
from bench.decimal_loop.orders import CENT, Credit
from bench.relations import month_text

EDGES = (Decimal(1), Decimal("1.15"))
BAND_RATES = (Decimal("0.015"), Decimal("0.03"))
GATE, CAP = Decimal("0.92"), Decimal(2500)

Parts = Mapping[tuple[int, int], int]


class Refused(Exception):
    """Raised when a month cannot be paid, with the number of the reason."""

    def __init__(self, reason: int) -> None:
        self.reason = reason
        super().__init__(reason)


class Target(NamedTuple):
    """A month's target, and the days it counts for of the month's."""

    amount: Decimal
    days: int
    of_days: int


class MonthLoop:
    """Pays what is paid on a payee's month."""

    def __init__(self, tenant: Tenant, ids: LineIds) -> None:
        self._tenant = tenant
        self._ids = ids
        self._months: dict[tuple[int, int], list[Credit]] = defaultdict(list)

    def count(self, credit: Credit) -> None:
        """Let a credit count for its payee's month, if it is paid and its order activated."""
        if credit.standing.reason == 0 and credit.fate.activated_in is not None:
            self._months[credit.payee_no, credit.fate.activated_in].append(credit)

    def lines(self) -> Iterator[Line]:
        """Return the lines of all months."""
        for (payee_no, month), credits in self._months.items():
            try:
                yield from self._paid(payee_no, month, credits)
            except Refused as refused:
                line_id = self._ids.of(
                    None, payee_no, (2, "", NOT_PAID, "", f"{month_text(month)} 1000")
                )
                yield Line(
                    2, payee_no, 1, NOT_PAID, None, month, 0, None, None, None, None, 0,
                    refused.reason, None, *line_id,
                )  # fmt: skip

    def _paid(self, payee_no: int, month: int, credits: Sequence[Credit]) -> Iterator[Line]:
        target = self._target(payee_no, month)
        leaving = {credit.fate.leaves_in for credit in credits}
        by_key = {credit.key: credit for credit in credits}
        before: Parts = {}
        for as_of in (month, *sorted(later for later in leaving if later and later > month)):
            counted = [c for c in credits if c.fate.leaves_in is None or c.fate.leaves_in > as_of]
            base = sum((credit.amount for credit in counted), Decimal(0))
            parts = spread(self._pay(payee_no, month, base, target), counted, base)
            event = as_of if as_of > month else 0
            for key in parts.keys() | before.keys():
                units = parts.get(key, 0) - before.get(key, 0)
                if units or not event:
                    yield self._line(by_key[key], month, event, units)
            before = parts

    def _target(self, payee_no: int, month: int) -> Target:
        amount = self._tenant.targets.get((payee_no, month))
        if amount is None:
            raise Refused(13)
        if amount <= 0:
            raise Refused(14)
        first = date(month // 100, month % 100, 1)
        following = (first + timedelta(days=31)).replace(day=1)
        joined = min(start for (start, _), _ in self._tenant.assignments[payee_no])
        days = (following - min(max(first, joined), following)).days
        if days == 0:
            raise Refused(13)
        return Target(amount, days, (following - first).days)

    def _pay(self, payee_no: int, month: int, base: Decimal, target: Target) -> Decimal:
        paid = tiered(base, target)
        if not paid:
            return paid
        measured = self._tenant.measured.get((payee_no, month))
        if measured is None:
            raise Refused(15)
        return min(paid, CAP) if measured >= GATE else Decimal(0)

    def _line(self, credit: Credit, month: int, event: int, units: int) -> Line:
        what, lands_in, why = (REVERSAL, event, 11) if event else (RELEASE, month, 0)
        counted_in, again_in = month_text(month), month_text(event) if event else ""
        told = f"{counted_in} {again_in}"
        if not credit.standing.is_accepted:
            told = f"{counted_in} {WHATS[what]} {again_in}"
            what, why = HELD, 12
        line_id = self._ids.of(
            credit.order, credit.payee_no, (2, f"/sale.{credit.place}", what, "0", told)
        )
        return Line(
            2,
            credit.payee_no,
            1,
            what,
            lands_in if credit.standing.is_accepted else None,
            month,
            units,
            credit.order.order_no,
            credit.place,
            0,
            0,
            event,
            why,
            None,
            *line_id,
        )


def tiered(base: Decimal, target: Target) -> Decimal:
    """Return what the bands give for a month, to the cent.

    A part of a target may have no last decimal; times the days of the month it has.

    >>> tiered(Decimal(66_000), Target(Decimal(50_000), 31, 31))
    Decimal('367.50')
    """
    edges = [target.amount * target.days * edge for edge in EDGES]
    scaled = base * target.of_days
    in_first = max(min(scaled, edges[1]) - edges[0], Decimal(0))
    in_second = max(scaled - edges[1], Decimal(0))
    paid = (in_first * BAND_RATES[0] + in_second * BAND_RATES[1]) / target.of_days
    return paid.quantize(CENT, ROUND_HALF_UP)


def spread(paid: Decimal, credits: Sequence[Credit], base: Decimal) -> Parts:
    """Split an amount by credits: cents rounded down, those left to the largest lost parts."""
    if not paid or not base:
        return {}
    parts: dict[tuple[int, int], int] = {}
    lost: list[tuple[Decimal, tuple[int, int]]] = []
    for credit in credits:
        whole, rest = divmod(paid.scaleb(2) * credit.amount, base)
        parts[credit.key] = int(whole)
        lost.append((-rest, credit.key))
    for _, key in sorted(lost)[: cents(paid) - sum(parts.values())]:
        parts[key] += 1
    return parts
