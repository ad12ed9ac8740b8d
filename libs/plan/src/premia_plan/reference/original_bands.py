"""Tiers of a period that is counted again, each order staying at the bands of its own place."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import add_up
from premia_plan.checked import Tiers
from premia_plan.period import last_month
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.cell import CellKey, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.subject import payee_of
from premia_plan.reference.summed import Contribution, SummedFigures
from premia_plan.reference.tier_amount import TiersAmount


class OriginalBands:
    """The amounts of marginal tiers less what orders that left gave in their places.

    At its close a period pays as any other. Whatever of an order leaves later takes that part of
    its own bands away, and the orders after it stay where they are. What counts only later comes
    on top of all that counted at the close.
    """

    is_known_ahead = False

    def __init__(
        self, component: str, tiers: Tiers, amount: TiersAmount, measure: SummedFigures, book: Book
    ) -> None:
        self._component = component
        self._clause = tiers.path
        self._amount = amount
        self._measure = measure
        self._book = book
        self.over = amount.over

    def cells(self) -> Iterable[CellKey]:
        """Return the cells in which there is something to pay on, in order."""
        return self._amount.cells()

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which what is paid on or looked up changes."""
        return self._amount.changes(subject, period)

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return what the bands give together, less what left of them by the end of a month.

        Raises:
            NotCalculated: if a target is missing.
        """
        close = last_month(period)
        paid = self._amount.at(subject, period, close)
        if as_of <= close:
            return paid
        cell, month = (subject, period), restated(period, as_of)
        counted = self._measure.in_business(self._measure.standing(subject, period, close))
        now = {
            item.credit.credit_id: item for item in self._measure.standing(subject, period, as_of)
        }
        gone = [
            self._gone(cell, month, counted[: index + 1], now.pop(item.credit.credit_id, None))
            for index, item in enumerate(counted)
        ]
        taken = [figure for figure in gone if figure is not None]
        added = self._added(cell, month, counted, list(now.values()))
        if not taken and added is None:
            return paid
        return self._together(cell, month, paid, taken, added)

    def _gone(
        self,
        cell: CellKey,
        month: str,
        upto: Sequence[Contribution],
        left: Contribution | None,
    ) -> Figure | None:
        """Return what the last of some orders gave at its bands, for the part of it that left."""
        own = upto[-1]
        value = Fraction(0) if left is None else left.value
        if value == own.value:
            return None
        before, after = self._paid_up_to(cell, upto[:-1]), self._paid_up_to(cell, upto)
        amount, parts = after.value - before.value, [after.node_id, before.node_id]
        formula, inputs = "upto - before", ["upto", "before"]
        if left is not None:
            amount *= 1 - value / own.value
            formula, inputs = (
                "(upto - before) * (1 - (left / counted else 0))",
                [*inputs, "left", "counted"],
            )
            parts += [self._measure.contribution_node(left), self._measure.contribution_node(own)]
        return self._worked_out(
            "at_its_bands",
            (*cell, month, own.credit.credit_id),
            amount,
            (formula, inputs),
            parts,
            own.credit.order.row.order_id,
        )

    def _added(
        self, cell: CellKey, month: str, counted: Sequence[Contribution], new: list[Contribution]
    ) -> Figure | None:
        """Return what orders give on top that did not count at the close."""
        if not new:
            return None
        before = self._paid_up_to(cell, counted)
        after = self._paid_up_to(cell, [*counted, *self._measure.in_business(new)], month)
        about = ("upto - before", ["upto", "before"])
        return self._worked_out(
            "on_top",
            (*cell, month),
            after.value - before.value,
            about,
            [after.node_id, before.node_id],
        )

    def _paid_up_to(
        self, cell: CellKey, counted: Sequence[Contribution], month: str = ""
    ) -> Figure:
        """Return what the bands give on some orders of a cell, the first ones in business."""
        last = counted[-1].credit.credit_id if counted else "none"
        word = f"{last} {month}".rstrip()
        base = self._measure.in_place(counted, *cell, word)
        return self._amount.on(base, *cell, f"up to {word}")

    def _together(
        self, cell: CellKey, month: str, paid: Figure, taken: Sequence[Figure], added: Figure | None
    ) -> Figure:
        gone = add_up(figure.value for figure in taken)
        key = (self._component, *cell, month)
        gone_node = self._book.node(
            "taken at bands",
            *key,
            kind="taken_at_bands",
            value=exact_text(gone),
            unit="money",
            operation="sum" if taken else "given",
            payee_id=payee_of(cell[0]),
            detail={"clause": self._clause, "month": cell[1]},
            children=tuple(figure.node_id for figure in taken),
        )
        value, formula, inputs = paid.value - gone, "close - taken", ["close", "taken"]
        parts = [paid.node_id, gone_node]
        if added is not None:
            value, formula = value + added.value, f"{formula} + added"
            inputs, parts = [*inputs, "added"], [*parts, added.node_id]
        return self._worked_out("tiers_in_place", (*cell, month), value, (formula, inputs), parts)

    def _worked_out(  # noqa: PLR0917 - what a node consists of
        self,
        kind: str,
        key: tuple[str, ...],
        value: Fraction,
        about: tuple[str, list[str]],
        parts: Sequence[UUID],
        order_id: str = "",
    ) -> Figure:
        formula, inputs = about
        node_id = self._book.node(
            kind,
            self._component,
            *key,
            kind=kind,
            value=exact_text(value),
            unit="money",
            operation="formula",
            payee_id=payee_of(key[0]),
            detail={
                "clause": self._clause,
                "month": key[1],
                "formula": formula,
                "inputs": inputs,
                **({"order_id": order_id} if order_id else {}),
            },
            children=tuple(parts),
        )
        return Figure(value, node_id)
