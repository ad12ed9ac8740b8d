"""What each payment of a bill adds to what was paid of it, and what reversals of payments undo."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from calc_engine.domain.fact import Fact
from premia_common.money import Money, round_half_up

REVERSED = "payment.reversed"
_ZERO = Decimal(0)
_QUANTITY_PLACES = 12


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid of a bill: an amount, the tax in it, and the quantity that it is for."""

    amount: Decimal = _ZERO
    tax: Decimal = _ZERO
    quantity: Decimal = _ZERO

    @classmethod
    def said_by(cls, payment: Fact) -> "Paid":
        """Return what a payment says; what it does not say is zero."""
        body = payment.body
        return cls(
            Decimal(body["amount"]["amount"]),
            Decimal(body.get("tax") or 0),
            Decimal(body.get("quantity") or 0),
        )

    def beyond(self, before: "Paid") -> "Paid":
        """Return what this is more than before; of what is less, nothing.

        >>> Paid(Decimal(122), Decimal(22)).beyond(Paid(Decimal(61), Decimal(11), Decimal(5)))
        Paid(amount=Decimal('61'), tax=Decimal('11'), quantity=Decimal('0'))
        """
        return Paid(
            max(self.amount - before.amount, _ZERO),
            max(self.tax - before.tax, _ZERO),
            max(self.quantity - before.quantity, _ZERO),
        )

    def plus(self, more: "Paid") -> "Paid":
        """Return both together."""
        return Paid(self.amount + more.amount, self.tax + more.tax, self.quantity + more.quantity)

    def minus(self, part: "Paid") -> "Paid":
        """Return what is left without a part."""
        return Paid(self.amount - part.amount, self.tax - part.tax, self.quantity - part.quantity)

    def part(self, amount: Decimal, currency: str) -> "Paid":
        """Return the part with an amount: as much of tax and quantity, the tax in whole cents."""
        share = Fraction(amount) / Fraction(self.amount)
        return Paid(
            amount,
            Money.rounded(Fraction(self.tax) * share, currency).amount,
            round_half_up(Fraction(self.quantity) * share, _QUANTITY_PLACES),
        )


NOTHING = Paid()


@dataclass(frozen=True, slots=True)
class Undone:
    """What a signal reverses of one payment."""

    signal: Fact
    payment: Fact
    amount: Decimal


@dataclass(slots=True)
class BillPayments:
    """The payments of one bill, day by day; the order in which facts arrive does not matter.

    Each says what was paid of the bill so far, and adds what that is more than ever before; a
    reversal alone makes it less. So a total below one before adds nothing and takes nothing: what
    came back without a reversal that counts, and comes in again, is paid once, and what exceeds
    the highest total adds in full. Tax and quantity are of that total and follow the same rule; a
    reversal of a part takes back as much of them. Of one day the larger total is later. A reversal
    comes before the payments of its day, but after them where nothing was left to reverse at the
    start of the day; a total of that day that was there already is then paid again.
    """

    added: dict[str, Paid] = field(default_factory=dict)
    """What each payment adds, by its key."""
    undone: list[Undone] = field(default_factory=list)
    _paid: Paid = NOTHING
    _left: list[tuple[Fact, Paid]] = field(default_factory=list)
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
        if back and not self._paid.amount:
            first: dict[Decimal, Fact] = {}
            for payment in paid:
                first.setdefault(Paid.said_by(payment).amount, payment)
            self._pay(first.values())
        for signal in back:
            self._reverse(signal)
        self._pay([payment for payment in paid if payment.key not in self.added])

    def _pay(self, payments: Iterable[Fact]) -> None:
        for payment in payments:
            more = self.added[payment.key] = Paid.said_by(payment).beyond(self._paid)
            self._paid = self._paid.plus(more)
            if more != NOTHING:
                self._left.append((payment, more))

    def _reverse(self, signal: Fact) -> None:
        """Take back all that is left, or the last of it up to what the signal says."""
        said, whole = signal.body["amount"], self._paid.amount
        wanted = whole if said is None else abs(Decimal(said["amount"]))
        if wanted >= whole:
            self.undone += [Undone(signal, each, more.amount) for each, more in self._left]
            self._left, self._paid = [], NOTHING
            return
        while wanted > 0:
            payment, more = self._left.pop()
            part = more
            if wanted < more.amount:
                part = more.part(wanted, payment.body["amount"]["currency"])
                self._left.append((payment, more.minus(part)))
            self.undone.append(Undone(signal, payment, part.amount))
            self._paid = self._paid.minus(part)
            wanted -= part.amount


def _size(payment: Fact) -> tuple[Decimal, str]:
    return Paid.said_by(payment).amount, payment.key
