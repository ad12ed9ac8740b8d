"""Where a payee stands after the last month that was paid: what later months go on from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from premia_plan.relations import SourceRef

AccountKind: TypeAlias = Literal["draw", "loan", "reserve", "capped", "taken_back", "carried"]
ACCOUNTS: tuple[AccountKind, ...] = ("draw", "loan", "reserve", "capped", "taken_back", "carried")
OF_CAPS: frozenset[AccountKind] = frozenset({"capped", "taken_back"})
"""What only a payee's cap remembers: nobody owes it."""


@dataclass(frozen=True, slots=True)
class StandingAccount:
    """What is owed of a draw or loan, held in a reserve, or carried on (a debt is negative).

    Of a component that is `capped` it is what the payee's cap took of it; its parts below zero
    were given back when it was taken back, and are taken again when it is reinstated. What was
    `taken_back` of it has had its cap when it is reinstated. `parts` are the months that the amount
    is from, the oldest first; of what is capped or taken back each names the period
    it was earned in and, after a blank, the month in which that was released. `opened` is how much
    of it an opening balance brought in since, and `openings` the periods of those that were, or
    were before. A reserve that once reached its ceiling `was_full`.
    """

    kind: AccountKind
    name: str
    amount: Decimal
    parts: tuple[tuple[str, Decimal], ...] = ()
    opened: Decimal = Decimal(0)
    openings: tuple[str, ...] = ()
    was_full: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Every account of one payee under one principal, after a month."""

    after: str
    accounts: tuple[StandingAccount, ...]
    source: SourceRef

    def find(self, kind: AccountKind, name: str) -> StandingAccount | None:
        """Return an account, if there is one."""
        return next(
            (item for item in self.accounts if (item.kind, item.name) == (kind, name)), None
        )


Standings: TypeAlias = Mapping[tuple[str, str], Standing]
"""By payee and principal."""
NOBODY: Standings = MappingProxyType({})


def oldest_first(
    came_in: Sequence[tuple[str, Fraction]], went_out: Fraction
) -> list[tuple[str, Fraction]]:
    """Return what is left of amounts by month when the oldest go first.

    >>> oldest_first([("2026-01", Fraction(5)), ("2026-02", Fraction(7))], Fraction(6))
    [('2026-02', Fraction(6, 1))]
    """
    left = []
    for month, amount in sorted(came_in, key=lambda part: part[0]):
        gone = min(went_out, amount)
        went_out -= gone
        if amount > gone:
            left.append((month, amount - gone))
    return left
