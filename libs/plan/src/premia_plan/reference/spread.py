"""A cell's pay pushed back to the orders that made it, to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import are_weights, spread_units
from premia_plan.checked import CellComponent
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.cell import restated
from premia_plan.reference.credit import Credit
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.subject import is_payee, payee_of
from premia_plan.reference.summed import SummedFigures


def spread_kind(kind: str, weights: Sequence[Fraction]) -> str:
    """Return the kind of node that says how weights below zero, or none above it, counted."""
    if not are_weights(weights):
        return f"{kind}_equally"
    return f"{kind}_above_zero" if any(weight < 0 for weight in weights) else kind


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a cell's pay: an order's, or where `credit` is None what is for no order.

    `principal` is whose part of that it is, "" for all of it. `payee_id` is to whom it is given
    of what several share, None where the cell's own payee or the credit's has it.
    """

    credit: Credit | None
    units: int
    node_id: UUID
    principal: str = ""
    payee_id: str | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A cell's pay at one moment: its node, and its parts by credit id ("" for the whole)."""

    node_id: UUID
    parts: Mapping[str, Part]


class Spread:
    """Pushes the pay of one component's cells back by the credits of a measure."""

    def __init__(self, component: CellComponent, measure: SummedFigures, book: Book) -> None:
        self._name = component.name
        self._clause = f"{component.path}/spread"
        self._by = component.spread_by
        self._leftover = component.leftover
        self._measure = measure
        self._book = book

    def parts(self, subject: str, period: str, as_of: str, units: int, total: UUID) -> Paid:
        """Return each order's part; leftover cents go to whom the component says, by credit id.

        A credit that weighs less than nothing has no part; where none weighs more, all weigh the
        same. What no credit stands for is for no order.
        """
        standing = self._measure.standing(subject, period, as_of)
        counted = [item for item in standing if not item.credit.order.is_carried]
        weighed = [self._weight(item.credit) for item in counted]
        weights = [weight.value for weight in weighed]
        if units == 0:
            return Paid(total, {})
        key = (self._name, subject, period, restated(period, as_of))
        if not counted:
            return Paid(total, {"": self._unspread(key, units, total)})
        parts = spread_units(units, weights, self._leftover)
        spread = self._book.node(
            "spread",
            *key,
            kind=spread_kind("spread", weights),
            value=self._book.money(units),
            unit="money",
            operation="spread",
            payee_id=payee_of(subject),
            detail={
                "clause": self._clause,
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
                **leftover_detail(self._leftover),
            },
            children=(total, *(weight.node_id for weight in weighed)),
        )
        found: dict[str, Part] = {}
        for index, (item, part) in enumerate(zip(counted, parts, strict=True)):
            credit = item.credit
            node_id = self._book.node(
                "part",
                *key,
                credit.credit_id,
                kind="part",
                value=self._book.money(part),
                unit="money",
                operation="part",
                payee_id=subject if is_payee(subject) else credit.payee_id,
                detail={"index": index, "order_id": credit.order.row.order_id},
                children=(spread, weighed[index].node_id),
            )
            found[credit.credit_id] = Part(credit, part, node_id)
        return Paid(total, found)

    def _unspread(self, key: tuple[str, ...], units: int, total: UUID) -> Part:
        node_id = self._book.node(
            "unspread",
            *key,
            kind="unspread",
            value=self._book.money(units),
            unit="money",
            operation="same",
            payee_id=payee_of(key[1]),
            detail={"clause": self._clause, "month": key[2]},
            children=(total,),
        )
        return Part(None, units, node_id)

    def _weight(self, credit: Credit) -> Figure:
        """Return what a credit weighs: its amount, a formula of it, or as much as any other.

        Raises:
            NotCalculated: if the formula needs what is not known.
        """
        if self._by is None:
            return Figure(credit.amount, credit.credit_node())
        if self._by == "equally":
            node_id = self._book.node(
                "equal weight",
                self._name,
                kind="equal_weight",
                value="1",
                unit=Unit.COUNT.value,
                detail={"clause": self._clause},
            )
            return Figure(Fraction(1), node_id)
        key = ("weight", self._name, credit.credit_id)
        return figure_of(
            self._by, credit, self._book, key=key, kind="spread_weight", unit=self._by.unit
        )
