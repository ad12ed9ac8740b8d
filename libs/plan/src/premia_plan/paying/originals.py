"""Where each share of each earning first landed: what corrects it later belongs there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from premia_plan.results import Line

Months: TypeAlias = Mapping[str, Fraction]
"""How much of an amount belongs to each month; a single month has all of it."""

_Earning: TypeAlias = tuple[str, str, str, str, str, str]
_RELEASED = frozenset({"release", "void_release"})
_COUNTED_AGAIN = frozenset({"recounted", "limited_again"})


class Originals:
    """Finds the months in which what a line corrects was released."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._released: dict[_Earning, dict[int | None, list[Line]]] = defaultdict(
            lambda: defaultdict(list)
        )
        known = [line for line in lines if line.month is not None]
        for line in known:
            if line.what in _RELEASED:
                self._released[_earning(line)][line.share].append(line)
        at_first = frozenset(self._released)
        for line in known:
            # Of what gave nothing at first, the count that gave something released it.
            gives = line.reason_code in _COUNTED_AGAIN and line.amount > 0
            if gives and _earning(line) not in at_first:
                self._released[_earning(line)][line.share].append(line)

    def months(self, line: Line) -> Months:
        """Return the months in which what a line is of landed first; its own if nothing did."""
        return self.find(line) or whole(line.month or "")

    def find(self, line: Line) -> Months | None:
        """Return the months in which what a line is of landed first; None if nothing did.

        A line of one share has the month of that share. One of the whole earning has those of its
        shares, each by what of it was released by then; so has a difference to a count before,
        which stands at the first share.
        """
        shares = self._released.get(_earning(line), {})
        is_of_all = line.what == "reversal" and line.reason_code in _COUNTED_AGAIN
        if line.share in shares and not (is_of_all and line.share == 0):
            return whole(min(line.month or "", _first(shares[line.share])))
        return _by_released(shares.values(), line.month or "")


def whole(month: str) -> Months:
    """Return all of an amount in one month."""
    return {month: Fraction(1)}


def _by_released(shares: Iterable[Sequence[Line]], month: str) -> Months | None:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for own in shares:
        released = sum(Fraction(each.amount) for each in own if (each.month or "") <= month)
        if released:
            found[_first(own)] += released
    return dict(found) if sum(found.values()) else None


def _first(lines: Iterable[Line]) -> str:
    return min(line.month or "" for line in lines)


def _earning(line: Line) -> _Earning:
    """Return what tells an earning from others: a correction has the same."""
    whose = (line.payee_id or "", line.principal, line.component)
    return (*whose, line.order_id or "", line.credit_id or "", line.competence)
