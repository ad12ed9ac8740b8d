"""What a change does to pay: amounts before and after, side by side."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from calc_engine.domain.statement_line import ResultLine
from premia_plan.paying.results import PaymentWhat
from premia_plan.results import PAID

ZERO = Decimal(0)
Standing: TypeAlias = Literal["paid", "held", "not_paid"]


PAYING = frozenset(get_args(PaymentWhat))
"""What terms of payment add to a month's pay, or take from it."""


def standing_of(line: ResultLine) -> Standing:
    """Say whether a line counts in a month's pay, waits, or is not paid at all."""
    if line.what in PAID or line.what in PAYING:
        return "paid"
    return "held" if line.what == "held" else "not_paid"


@dataclass(slots=True)
class Side:
    """One side of a comparison: the amount, why it is held or not paid, and what explains it."""

    amount: Decimal = ZERO
    reasons: list[str] = field(default_factory=list)
    nodes: list[UUID] = field(default_factory=list)

    def add(self, line: ResultLine) -> None:
        """Count a line in."""
        self.amount += line.amount
        self.nodes.append(line.node_id)
        if line.reason is not None and line.reason not in self.reasons:
            self.reasons.append(line.reason)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What is compared: one component of one payee, of one order or of none, in one month.

    Or what terms of payment move in it: then the component is the draw, reserve or loan, or the
    component that a cap takes from.
    """

    payee_id: str
    component: str
    order_id: str
    """Empty for what no single order earns."""
    month: str
    """The month it lands in; empty for what is held or not paid."""
    standing: Standing
    currency: str
    movement: str = ""
    """What terms of payment do, such as draw; empty for what the plan's components pay."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One place with its amount before and after."""

    place: Place
    before: Side
    after: Side

    @property
    def difference(self) -> Decimal:
        """What the change adds; negative for what it takes."""
        return self.after.amount - self.before.amount

    @property
    def is_changed(self) -> bool:
        """Say whether amount or reason differ."""
        return bool(self.difference) or self.before.reasons != self.after.reasons


def compare(before: Iterable[ResultLine], after: Iterable[ResultLine]) -> tuple[Compared, ...]:
    """Return both sides of every place that either has, in the order of places."""
    sides: dict[Place, tuple[Side, Side]] = {}
    for side, lines in enumerate((before, after)):
        for line in lines:
            standing = standing_of(line)
            place = Place(
                line.payee_id or "",
                line.component,
                line.order_id or "",
                (line.month or "") if standing == "paid" else "",
                standing,
                line.currency,
                line.what if line.what in PAYING else "",
            )
            pair = sides.get(place)
            if pair is None:
                pair = sides[place] = (Side(), Side())
            pair[side].add(line)
    return tuple(Compared(place, *sides[place]) for place in sorted(sides))


@dataclass(slots=True)
class Change:
    """A sum before and after."""

    before: Decimal = ZERO
    after: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """What the change adds."""
        return self.after - self.before


def paid_by(
    compared: Iterable[Compared], key: Callable[[Compared], str]
) -> Mapping[tuple[str, str], Change]:
    """Return what is paid before and after, by a key and the currency.

    That is after terms of payment: draws, reserves, caps, what is carried.
    """
    sums: dict[tuple[str, str], Change] = {}
    for item in compared:
        if item.place.standing == "paid":
            change = sums.setdefault((key(item), item.place.currency), Change())
            change.before += item.before.amount
            change.after += item.after.amount
    return {name: sums[name] for name in sorted(sums)}


def earned_by(
    compared: Iterable[Compared], key: Callable[[Compared], str]
) -> Mapping[tuple[str, str], Change]:
    """Return what plans' components pay before and after, by a key and the currency."""
    return paid_by((item for item in compared if not item.place.movement), key)


def moved_by_terms(compared: Iterable[Compared]) -> Mapping[tuple[str, str], Change]:
    """Return what terms of payment add or take before and after, by what they do."""
    moved = (item for item in compared if item.place.movement)
    return paid_by(moved, lambda item: item.place.movement)
