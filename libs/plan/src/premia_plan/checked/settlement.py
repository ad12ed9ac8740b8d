"""When earnings are released."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.checked.facts import FactKind
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class AtState:
    """The day on which the order reached a state."""

    state: str


@dataclass(frozen=True, slots=True)
class AtClose:
    """The last day of the measured period."""


@dataclass(frozen=True, slots=True)
class Later:
    """So many days or months after a state or a close; `number` is a formula about the order.

    With `day_of_month`, it is that day of the month arrived at, its last day if it is shorter.
    """

    number: Formula
    unit: Literal["days", "months"]
    after: AtState | AtClose
    day_of_month: int | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """A day that a formula about the order gives; unknown while the formula's result is."""

    day: Formula


Moment: TypeAlias = AtState | AtClose | Later | OnDay


@dataclass(frozen=True, slots=True)
class PartByFact:
    """Which part of a share each fact of a kind releases, and on which day.

    Both are formulas about the fact and its order. The parts add up to the whole at most.
    """

    kind: FactKind
    part: Formula
    on: Formula
    path: str


@dataclass(frozen=True, slots=True)
class Instalments:
    """A share in equal parts, the first at the share's moment."""

    count: int
    every: Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Proviso:
    """A condition on the order that must hold on the day a share is due.

    Where it does not, the share is dropped, or held for good (`otherwise`).
    """

    condition: Formula
    otherwise: Literal["dropped", "held"]


@dataclass(frozen=True, slots=True)
class ReleaseShare:
    """A share of an earning and the moment it is payable; `ratio` is None for the rest.

    With `by_fact` facts of the order release it part by part, and `at` is the day of each.
    """

    ratio: Fraction | None
    at: Moment
    path: str
    instalments: Instalments | None = None
    proviso: Proviso | None = None
    by_fact: PartByFact | None = None

    @property
    def state(self) -> str | None:
        """The state it waits for, if it waits for one and nothing else."""
        return self.at.state if isinstance(self.at, AtState) else None
