"""Amounts of one payee's month, each the result of a formula over others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.language import evaluate_inputs
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure
from premia_plan.relations import SourceRef
from premia_plan.results import Detail


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Writes the figures of a payee, a principal and a month.

    The nodes' kinds choose their words; `name` is the draw, reserve, loan or adjustment they are
    about, "" for the month as a whole.
    """

    book: Book
    payee_id: str
    principal: str
    month: str

    def given(
        self,
        kind: str,
        name: str,
        value: Fraction,
        *,
        unit: Unit = Unit.MONEY,
        clause: str | None = None,
        source: SourceRef | None = None,
        facts: Mapping[str, Detail] | None = None,
    ) -> Figure:
        """Write a value that a clause of the plan or a fact gives."""
        detail = {"name": name, "month": self.month, **(facts or {})}
        node_id = self.book.node(
            *self._key(kind, name),
            kind=kind,
            value=self.book.text(value, unit),
            unit=unit.value,
            payee_id=self.payee_id,
            detail=detail if clause is None else {**detail, "clause": clause},
            source=source,
        )
        return Figure(value, node_id)

    def formula(
        self, kind: str, name: str, text: str, inputs: Mapping[str, Figure], *, clause: str
    ) -> Figure:
        """Write what a formula over other figures gives, rounded to the minor unit."""
        exact = evaluate_inputs(text, {key: figure.value for key, figure in inputs.items()})
        if not isinstance(exact, Fraction):
            raise TypeError(f"{text} gives no number")
        units = round_units(exact, self.book.places)
        node_id = self.book.node(
            *self._key(kind, name),
            kind=kind,
            value=self.book.money(units),
            unit="money",
            operation="formula",
            payee_id=self.payee_id,
            detail={
                "clause": clause,
                "name": name,
                "month": self.month,
                "formula": text,
                "inputs": tuple(inputs),
                "rounding": "half_up",
                "places": self.book.places,
            },
            children=tuple(figure.node_id for figure in inputs.values()),
        )
        return Figure(Fraction(units, 10**self.book.places), node_id)

    def total(self, kind: str, name: str, parts: Sequence[Figure]) -> Figure:
        """Return the sum of other figures; the only one stands for itself."""
        return parts[0] if len(parts) == 1 else self.sum_of(kind, name, parts)

    def sum_of(self, kind: str, name: str, parts: Sequence[Figure]) -> Figure:
        """Write the sum of other figures, also of a single one."""
        value = sum((part.value for part in parts), Fraction(0))
        return self._derived(kind, name, "sum", value, children=[part.node_id for part in parts])

    def opposite(self, kind: str, name: str, of: Figure) -> Figure:
        """Write a figure with the other sign."""
        return self._derived(kind, name, "opposite", -of.value, children=[of.node_id])

    def days(
        self,
        kind: str,
        name: str,
        of: Figure,
        *,
        counted: int,
        whole: int,
        basis: str,
        clause: str,
    ) -> Figure:
        """Write the part of a figure that some of the period's days or months bear."""
        detail: dict[str, Detail] = {
            "days": counted,
            "of_days": whole,
            "basis": basis,
            "clause": clause,
        }
        value = of.value * counted / whole
        return self._derived(kind, name, "days", value, children=[of.node_id], detail=detail)

    def _derived(
        self,
        kind: str,
        name: str,
        operation: str,
        value: Fraction,
        *,
        children: Sequence[UUID],
        detail: Mapping[str, Detail] = MappingProxyType({}),
    ) -> Figure:
        node_id = self.book.node(
            *self._key(kind, name),
            kind=kind,
            value=self.book.text(value, Unit.MONEY),
            unit="money",
            operation=operation,
            payee_id=self.payee_id,
            detail={"name": name, "month": self.month, **detail},
            children=tuple(children),
        )
        return Figure(value, node_id)

    def _key(self, kind: str, name: str) -> tuple[str, ...]:
        return "paying", self.payee_id, self.principal, self.month, kind, name
