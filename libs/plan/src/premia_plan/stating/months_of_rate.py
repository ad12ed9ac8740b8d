"""The months whose rates state a line: its own, or those of what it corrects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from premia_plan.paying import Months, PaymentLine, whole
from premia_plan.paying.cap_account import Earned
from premia_plan.results import Line, Node

_OF_CORRECTIONS = frozenset(
    {"payee_cap_moved", "payee_cap_returned", "payee_cap_returned_of", "payee_cap_again"}
)


class Movements:
    """Which months' rates state the movements of one payee and principal, month after month."""

    def __init__(self, nodes: Mapping[UUID, Node]) -> None:
        self._nodes = nodes
        self._withheld: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)

    def had_withheld(self, name: str, parts: Iterable[tuple[str, Fraction]]) -> None:
        """Go on from what a reserve held when the first month began, by when it was withheld.

        The month is "" for what was withheld elsewhere, and so never stated.
        """
        self._withheld[name] = sorted([*self._withheld[name], *parts])

    def of_month(
        self, lines: Sequence[tuple[Line, Months]], payments: Sequence[PaymentLine]
    ) -> Mapping[UUID, Months]:
        """Return the months of the rates of a month's movements, later months after earlier ones.

        What a payee's cap gives back, or takes again, has the month of the release that it took
        it of; where that is not known, those of what is taken back, or reinstated, there. What a
        reserve meets or releases has those in which it was withheld, the oldest first. All else
        has its own.
        """
        found: dict[UUID, Months] = {}
        for line in sorted(payments, key=lambda each: _ORDER.get(each.what, 0)):
            found[line.line_id] = whole(line.month)
            if line.what == "payee_cap":
                found[line.line_id] = self._capped(line, lines)
            elif line.what == "reserve_withheld":
                self._withheld[line.name].append((line.month, -Fraction(line.amount)))
            elif line.what in {"reserve_used", "reserve_released"}:
                found[line.line_id] = self._oldest(line)
        return found

    def _capped(self, line: PaymentLine, lines: Sequence[tuple[Line, Months]]) -> Months:
        found: dict[str, Fraction] = defaultdict(Fraction)
        left = Fraction(line.amount)
        for node in self._returned(line.node_id):
            earned = Earned.named(str(node.detail["name"]))
            months = whole(earned.released) if earned.released else _turned(earned, node, lines)
            for month, part in _shares(months).items():
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
            found[month or line.month] += gone
            left -= gone
            if amount > gone:
                kept.insert(0, (month, amount - gone))
        if left:
            found[line.month] += left
        return dict(found)


def _turned(earned: Earned, node: Node, lines: Sequence[tuple[Line, Months]]) -> Months:
    """Return the months of what is taken back, or reinstated, of some earnings."""
    met: dict[str, Fraction] = defaultdict(Fraction)
    for line, months in lines:
        if (line.component, line.competence) == earned[:2]:
            for month, part in _shares(months).items():
                met[month] += Fraction(line.amount) * part
    again = Fraction(node.value)
    turned = {month: -amount for month, amount in met.items() if amount * again < 0}
    return turned or whole(earned.competence)


_ORDER = {"reserve_withheld": 1, "reserve_released": 2}
"""A reserve meets reversals before it withholds, and releases last."""


def _shares(months: Months) -> Months:
    total = sum(months.values())
    return {month: part / total for month, part in months.items()}
