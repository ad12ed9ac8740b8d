"""Amounts by the month they land in, and the arithmetic both plans share."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction

PLANS_FROM, PLANS_TO = date(2025, 11, 1), date(2027, 1, 1)


def half_up(exact: Fraction) -> int:
    """Whole cents; a half goes away from zero."""
    if exact < 0:
        return -half_up(-exact)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def month(on: date) -> str:
    return f"{on.year:04d}-{on.month:02d}"


class Landed:
    """Cents by (payee, principal, component, month)."""

    def __init__(self, until: str) -> None:
        self.until = until
        self.cents: dict[tuple[str, str, str, str], int] = defaultdict(int)

    def add(self, payee: str, principal: str, component: str, on: str, amount: int) -> None:
        if amount and on <= self.until:
            self.cents[payee, principal, component, on] += amount

    def pay_month_by_month(
        self,
        key: tuple[str, str, str],
        measured: str,
        credits: list[tuple[int, str | None]],
        pay: Callable[[int], int],
    ) -> None:
        """Land what a measured month pays, and what each later month takes back of it.

        `credits` are cents, and the month in which they left the measure, if they did.
        """
        total = sum(amount for amount, left in credits if left is None or left > measured)
        held = pay(total)
        self.add(*key, measured, held)
        for leaving in sorted(
            {left for _, left in credits if left is not None and left > measured}
        ):
            total -= sum(amount for amount, left in credits if left == leaving)
            recounted = pay(total)
            self.add(*key, leaving, recounted - held)
            held = recounted
