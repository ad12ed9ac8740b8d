"""What the loop looks up for a payee or an order on a day, each question worked out once."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bench.decimal_loop.data import Order, Tenant

FROM, SPRING, MIDDLE, TURN, UNTIL = (
    date(2026, 1, 1),
    date(2026, 4, 1),
    date(2026, 7, 1),
    date(2027, 1, 1),
    date(2027, 3, 1),
)
RATES = (
    ("nord", "gas", FROM, MIDDLE, Decimal("0.03")),
    ("nord", "gas", MIDDLE, UNTIL, Decimal("0.032")),
    ("nord", "energy", FROM, UNTIL, Decimal("0.029")),
    ("centro", "power", FROM, UNTIL, Decimal("0.0275")),
    ("sud", "home", FROM, UNTIL, Decimal("0.035")),
    ("R03", "solar", FROM, UNTIL, Decimal("0.04")),
    ("R07", "any", SPRING, TURN, Decimal("0.031")),
    ("R12", "dual", FROM, UNTIL, Decimal("0.0335")),
    ("T041", "heat", FROM, UNTIL, Decimal("0.0425")),
    ("italia", "any", FROM, UNTIL, Decimal("0.025")),
)


class Standing(NamedTuple):
    """Why a payee is not paid on a day (0 if paid), and whether the plan is accepted."""

    reason: int
    is_accepted: bool


class Rate(NamedTuple):
    """A rate and the place of its row."""

    row: int
    value: Decimal


class LookUp:
    """Answers from the tenant's rows and the plan's rates."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._standings: dict[tuple[int, date], Standing] = {}
        self._rates: dict[tuple[str, str, date], Rate | None] = {}

    def standing(self, payee_no: int, day: date) -> Standing:
        """Return how a payee stands towards the plan on a day."""
        key = (payee_no, day)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = self._work_out(payee_no, day)
        return found

    def _work_out(self, payee_no: int, day: date) -> Standing:
        if payee_no == 0:
            return Standing(4, is_accepted=False)
        takes_part = any(
            kind == "agency" and channel == "field"
            for (start, end), kind, channel in self._tenant.attributes[payee_no]
            if start <= day < end
        )
        valid = [
            accepted
            for (start, end), accepted in self._tenant.assignments[payee_no]
            if start <= day < end
        ]
        reason = 1 if not takes_part else 0 if valid else 2
        return Standing(reason, any(valid))

    def superior(self, payee_no: int, day: date) -> int | None:
        """Return to whom a payee reports on a day."""
        for (start, end), above in self._tenant.superiors.get(payee_no, ()):
            if start <= day < end:
                return above
        return None

    def rate(self, order: Order) -> Rate | None:
        """Return the nearest rate by territory, then by category."""
        key = (order.territory, order.category, order.signed_on)
        if key not in self._rates:
            self._rates[key] = self._nearest(*key)
        return self._rates[key]

    def _nearest(self, territory: str, category: str, day: date) -> Rate | None:
        for above in self._upwards("territory", territory):
            for kind in (*self._upwards("category", category), "any"):
                for row, (where, what, start, end, rate) in enumerate(RATES):
                    if (where, what) == (above, kind) and start <= day < end:
                        return Rate(row, rate)
        return None

    def _upwards(self, tree: str, code: str) -> list[str]:
        codes = [code]
        while (parent := self._tenant.parents.get((tree, codes[-1]))) is not None:
            codes.append(parent)
        return codes
