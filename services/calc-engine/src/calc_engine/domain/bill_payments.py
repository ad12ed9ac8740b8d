"""What each payment of a bill adds to what was paid of it, and what reversals of payments undo."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from calc_engine.domain.fact import Fact

REVERSED = "payment.reversed"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Undone:
    """What a signal reverses of one payment."""

    signal: Fact
    payment: Fact
    amount: Decimal


@dataclass(slots=True)
class BillPayments:
    """The payments of one bill, day by day; the order in which facts arrive does not matter.

    Each says what was paid of the bill so far. Of one day the larger total is later. A reversal
    comes before the payments of its day, but after them where nothing was left to reverse at the
    start of the day; a total of that day that was there already is then paid again.
    """

    added: dict[str, Decimal] = field(default_factory=dict)
    """What each payment adds, by its key."""
    undone: list[Undone] = field(default_factory=list)
    _paid: Decimal = NOTHING
    _left: list[tuple[Fact, Decimal]] = field(default_factory=list)
    """What is not reversed of the payments so far."""

    @classmethod
    def of(cls, payments: Iterable[Fact], reversals: Iterable[Fact]) -> "BillPayments":
        """Go through what was said of one bill."""
        made, days = cls(), defaultdict[str, tuple[list[Fact], list[Fact]]](lambda: ([], []))
        for payment in payments:
            days[payment.body["on"]][0].append(payment)
        for signal in reversals:
            days[signal.body["on"]][1].append(signal)
        for day in sorted(days):
            paid, back = days[day]
            made._go_through(sorted(paid, key=_size), sorted(back, key=lambda each: each.key))
        return made

    def _go_through(self, paid: Sequence[Fact], back: Sequence[Fact]) -> None:
        if back and not self._left:
            first: dict[Decimal, Fact] = {}
            for payment in paid:
                first.setdefault(_amount(payment), payment)
            self._pay(first.values())
        for signal in back:
            self._reverse(signal)
        self._pay([payment for payment in paid if payment.key not in self.added])

    def _pay(self, payments: Iterable[Fact]) -> None:
        for payment in payments:
            total = _amount(payment)
            more = self.added[payment.key] = total - self._paid
            self._paid = max(self._paid, total)
            if more:
                self._left.append((payment, more))

    def _reverse(self, signal: Fact) -> None:
        """Take back all that is left, or the last of it up to what the signal says."""
        said, whole = signal.body["amount"], sum((more for _, more in self._left), NOTHING)
        wanted = whole if said is None else abs(Decimal(said["amount"]))
        if wanted >= whole:
            self.undone += [Undone(signal, *each) for each in self._left]
            self._left, self._paid = [], NOTHING
            return
        self._paid -= wanted
        while wanted > 0:
            payment, more = self._left.pop()
            part = min(more, wanted)
            self.undone.append(Undone(signal, payment, part))
            wanted -= part
            if part < more:
                self._left.append((payment, more - part))


def _amount(payment: Fact) -> Decimal:
    return Decimal(payment.body["amount"]["amount"])


def _size(payment: Fact) -> tuple[Decimal, str]:
    return _amount(payment), payment.key
