"""The steps from what tiers give to what is paid: rounding, gates and caps, as listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.checked import CapStep, CellComponent, GateStep, RoundStep
from premia_plan.language import Value
from premia_plan.quantities import exact_text
from premia_plan.reasons import Reason
from premia_plan.reference.book import Book
from premia_plan.reference.measure import Measures


class CellRefused(Exception):
    """Raised when a cell cannot be paid: a target or a measurement is missing."""

    def __init__(self, reason: Reason, node_id: UUID) -> None:
        self.reason = reason
        self.node_id = node_id
        super().__init__(reason.text)


@dataclass(frozen=True, slots=True)
class Stage:
    """A payee's month as counted at its close, or again in a later month (`recounted_in`)."""

    payee_id: str
    month: str
    recounted_in: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The part of a node's key that tells cells and recounts apart."""
        return self.payee_id, self.month, self.recounted_in


@dataclass(frozen=True, slots=True)
class _LoadedScope:
    values: Mapping[str, Fraction]

    def value(self, name: str) -> Value | None:
        return self.values.get(name)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - a cell reaches no states
        return None


class Steps:
    """Applies a component's steps."""

    def __init__(self, component: CellComponent, measures: Measures, book: Book) -> None:
        self._component = component
        self._measures = measures
        self._book = book

    def apply(self, amount: Fraction, node_id: UUID, stage: Stage) -> tuple[int, UUID]:
        """Return the amount in minor units after all steps, and its node.

        Raises:
            CellRefused: if a gate asks for a value that was not measured.
        """
        for index, step in enumerate(self._component.steps):
            key = (self._component.name, *stage.key, str(index))
            match step:
                case RoundStep():
                    amount, node_id = self._round(step, amount, node_id, key)
                case GateStep() if amount != 0:
                    amount, node_id = self._gate(step, amount, node_id, stage, key)
                case CapStep() if amount > Fraction(step.limit):
                    amount, node_id = self._cap(step, node_id, key)
        return round_units(amount, self._book.places), node_id

    def _text(self, amount: Fraction) -> str:
        scaled = amount * 10**self._book.places
        whole = scaled.denominator == 1
        return self._book.money(scaled.numerator) if whole else exact_text(amount)

    def _round(
        self, step: RoundStep, amount: Fraction, node_id: UUID, key: tuple[str, ...]
    ) -> tuple[Fraction, UUID]:
        units = round_units(amount, self._book.places)
        rounded = self._book.node(
            "step",
            *key,
            kind="rounded",
            value=self._book.money(units),
            unit="money",
            operation="round",
            payee_id=key[1],
            detail={"clause": step.path, "rounding": "half_up", "places": self._book.places},
            children=(node_id,),
        )
        return Fraction(units, 10**self._book.places), rounded

    def _gate(
        self, step: GateStep, amount: Fraction, node_id: UUID, stage: Stage, key: tuple[str, ...]
    ) -> tuple[Fraction, UUID]:
        values: dict[str, Fraction] = {}
        nodes = []
        for name in step.condition.names:
            found = self._measures.loaded(name, stage.payee_id, stage.month)
            if isinstance(found, Reason):
                raise CellRefused(found, node_id)
            values[name], measured = found
            nodes.append(measured)
        passed = bool(step.condition.evaluate(_LoadedScope(values)))
        kept = amount if passed else Fraction(step.otherwise)
        return kept, self._book.node(
            "step",
            *key,
            kind="gate",
            value=self._text(kept),
            unit="money",
            operation="gate",
            payee_id=stage.payee_id,
            detail={
                "clause": step.path,
                "formula": step.condition.text,
                "inputs": step.condition.names,
                "otherwise": exact_text(step.otherwise),
                "passed": passed,
            },
            children=(node_id, *nodes),
        )

    def _cap(self, step: CapStep, node_id: UUID, key: tuple[str, ...]) -> tuple[Fraction, UUID]:
        return Fraction(step.limit), self._book.node(
            "step",
            *key,
            kind="cap",
            value=exact_text(step.limit),
            unit="money",
            operation="cap",
            payee_id=key[1],
            detail={"clause": step.path, "limit": exact_text(step.limit)},
            children=(node_id,),
        )
