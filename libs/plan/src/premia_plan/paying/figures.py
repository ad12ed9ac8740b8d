"""Amounts of one payee's month, each the result of a formula over others."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.language import evaluate_inputs
from premia_plan.quantities import exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure
from premia_plan.relations import SourceRef


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Writes the figures of a payee, a principal and a month."""

    book: Book
    payee_id: str
    principal: str
    month: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells the month's nodes from others."""
        return self.payee_id, self.principal, self.month

    def given(
        self,
        name: str,
        value: Fraction,
        *,
        unit: str = "money",
        clause: str | None = None,
        source: SourceRef | None = None,
    ) -> Figure:
        """Write a value that the plan or a fact gives."""
        node_id = self.book.node(
            "paying",
            *self.key,
            name,
            kind="payment_term",
            value=self._text(value, unit),
            unit=unit,
            payee_id=self.payee_id,
            detail={"name": name, **({} if clause is None else {"clause": clause})},
            source=source,
        )
        return Figure(value, node_id)

    def formula(
        self,
        name: str,
        kind: str,
        text: str,
        inputs: Mapping[str, Figure],
        *,
        clause: str,
    ) -> Figure:
        """Write what a formula over other figures gives, rounded to the minor unit."""
        exact = evaluate_inputs(text, {key: figure.value for key, figure in inputs.items()})
        if not isinstance(exact, Fraction):
            raise TypeError(f"{text} gives no number")
        units = round_units(exact, self.book.places)
        node_id = self.book.node(
            "paying",
            *self.key,
            name,
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

    def total(self, name: str, kind: str, parts: Mapping[UUID, Fraction]) -> Figure:
        """Write the sum of amounts whose nodes stand elsewhere or here."""
        value = sum(parts.values(), Fraction(0))
        node_id = self.book.node(
            "paying",
            *self.key,
            name,
            kind=kind,
            value=self._text(value, "money"),
            unit="money",
            operation="sum",
            payee_id=self.payee_id,
            detail={"name": name, "month": self.month},
            children=tuple(parts),
        )
        return Figure(value, node_id)

    def _text(self, value: Fraction, unit: str) -> str:
        units, finer = divmod(value.numerator * 10**self.book.places, value.denominator)
        return exact_text(value) if finer or unit != "money" else self.book.money(units)
