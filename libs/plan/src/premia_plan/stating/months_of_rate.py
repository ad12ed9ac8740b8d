"""The months whose rates state a line: its own, or those of what it corrects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from premia_plan.paying import PaymentLine
from premia_plan.results import Line, Node

Months: TypeAlias = Mapping[str, Fraction]
"""How much of an amount has the rate of each month; a single month has all of it."""

_Earning: TypeAlias = tuple[str, str, str, str, str, str]
_RELEASED = frozenset({"release", "void_release"})
_OF_CORRECTIONS = frozenset({"payee_cap_moved", "payee_cap_returned", "payee_cap_again"})


class Originals:
    """Where each share of each earning first landed: what corrects it later has that rate."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._released: dict[_Earning, dict[int | None, list[Line]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for line in lines:
            if line.what in _RELEASED and line.month is not None:
                self._released[_earning(line)][line.share].append(line)

    def months(self, line: Line) -> Months:
        """Return the months of a line's rate.

        A line of one share has the month in which that first landed. One of the whole earning has
        those of its shares, each by what of it was released by then.
        """
        month, shares = line.month or "", self._released.get(_earning(line), {})
        if line.share in shares:
            return _whole(min(month, _first(shares[line.share])))
        found: dict[str, Fraction] = defaultdict(Fraction)
        for own in shares.values():
            released = sum(Fraction(each.amount) for each in own if (each.month or "") <= month)
            if released:
                found[_first(own)] += released
        return dict(found) if sum(found.values()) else _whole(month)


class Movements:
    """Which months' rates state the movements of one payee and principal, month after month."""

    def __init__(self, nodes: Mapping[UUID, Node]) -> None:
        self._nodes = nodes
        self._withheld: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)

    def had_withheld(self, name: str, parts: Iterable[tuple[str, Fraction]]) -> None:
        """Go on from what a reserve held when the first month began, by when it was withheld."""
        self._withheld[name] = sorted(parts)

    def of_month(
        self, lines: Sequence[tuple[Line, Months]], payments: Sequence[PaymentLine]
    ) -> Mapping[UUID, Months]:
        """Return the months of the rates of a month's movements, later months after earlier ones.

        What a payee's cap gives back, or takes again, has the months of what is taken back, or
        reinstated, there. What a reserve meets has those in which it was withheld, the oldest
        first. All else has its own.
        """
        found: dict[UUID, Months] = {}
        for line in sorted(payments, key=lambda each: _ORDER.get(each.what, 0)):
            found[line.line_id] = _whole(line.month)
            if line.what == "payee_cap":
                found[line.line_id] = self._capped(line, lines)
            elif line.what == "reserve_withheld":
                self._withheld[line.name].append((line.month, -Fraction(line.amount)))
            elif line.what in {"reserve_used", "reserve_released"}:
                gone = self._oldest(line)
                if line.what == "reserve_used":
                    found[line.line_id] = gone
        return found

    def _capped(self, line: PaymentLine, lines: Sequence[tuple[Line, Months]]) -> Months:
        found: dict[str, Fraction] = defaultdict(Fraction)
        left = Fraction(line.amount)
        for node in self._returned(line.node_id):
            component, competence = str(node.detail["name"]).rsplit(" ", 1)
            met: dict[str, Fraction] = defaultdict(Fraction)
            for own, months in lines:
                if (own.component, own.competence) == (component, competence):
                    for month, part in _shares(months).items():
                        met[month] += Fraction(own.amount) * part
            again = Fraction(node.value)
            turned = {month: -amount for month, amount in met.items() if amount * again < 0}
            for month, part in _shares(turned or _whole(competence)).items():
                found[month] += Fraction(node.value) * part
            left -= Fraction(node.value)
        found[line.month] += left
        return {month: amount for month, amount in found.items() if amount}

    def _returned(self, node_id: UUID) -> Iterable[Node]:
        """Give what of a cap's movement goes with corrections, by what it was earned in."""
        node = self._nodes.get(node_id)
        if node is None or node.kind not in _OF_CORRECTIONS:
            return
        if node.operation == "sum":
            for child in node.children:
                yield from self._returned(child)
        else:
            yield node

    def _oldest(self, line: PaymentLine) -> Months:
        """Take what goes out of a reserve from what was withheld first."""
        kept, left = self._withheld[line.name], Fraction(line.amount)
        found: dict[str, Fraction] = defaultdict(Fraction)
        while left > 0 and kept:
            month, amount = kept.pop(0)
            gone = min(amount, left)
            found[month] += gone
            left -= gone
            if amount > gone:
                kept.insert(0, (month, amount - gone))
        if left:
            found[line.month] += left
        return dict(found)


_ORDER = {"reserve_withheld": 1, "reserve_released": 2}
"""A reserve meets reversals before it withholds, and releases last."""


def _whole(month: str) -> Months:
    return {month: Fraction(1)}


def _shares(months: Months) -> Months:
    total = sum(months.values())
    return {month: part / total for month, part in months.items()}


def _first(lines: Iterable[Line]) -> str:
    return min(line.month or "" for line in lines)


def _earning(line: Line) -> _Earning:
    """Return what tells an earning from others: a correction has the same."""
    whose = (line.payee_id or "", line.principal, line.component)
    return (*whose, line.order_id or "", line.credit_id or "", line.competence)
