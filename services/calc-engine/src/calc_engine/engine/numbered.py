"""Facts with numbers in place of names, and what the numbers stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from calc_engine.engine.layout import Arranged
from premia_plan.relations import MeasurementRow, OrderRow, SourceRef, TargetRow
from premia_plan.results import Exception_


@dataclass(frozen=True, slots=True)
class Arrival:
    """A state an order reached, on which day, and who said so."""

    state: str
    day: date
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the numbers of a calculation stand for."""

    payees: tuple[str, ...]
    principals: tuple[str, ...]
    orders: tuple[OrderRow, ...]
    arrivals: tuple[Mapping[str, Arrival], ...]
    targets: Mapping[tuple[int, str, int], TargetRow]
    measurements: Mapping[tuple[int, str, int], MeasurementRow]
    joined: Mapping[int, date] = field(default_factory=dict)
    """The first day on which each payee is assigned."""

    def payee(self, number: int | None) -> str | None:
        """Return a payee's id; None for nobody."""
        return None if not number else self.payees[number - 1]

    def principal(self, number: int) -> str:
        """Return a principal; "" for nobody."""
        return self.principals[number - 1] if number else ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The arranged relations, what their numbers stand for, and what was wrong with them."""

    arranged: Arranged
    numbered: Numbered
    exceptions: tuple[Exception_, ...]
