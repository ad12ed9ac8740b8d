"""Measures: what is added up, divided, calculated or loaded per subject and period."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from premia_plan.language import Formula
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class Per:
    """Whose a figure is; `along` names the hierarchy of a team.

    A credit counts for its payee, for the teams of its payee and of those above, for its order's
    territory or category and those above, or for the whole plan.
    """

    kind: Literal["payee", "team", "territory", "category", "plan"] = "payee"
    along: str | None = None

    @property
    def text(self) -> str:
        """How a plan says it."""
        return self.kind if self.along is None else f"team along {self.along}"


PAYEE = Per()
SUBJECT_UNITS: Final[Mapping[str, Unit]] = {
    "team.size": Unit.COUNT,
    "territory.code": Unit.TEXT,
    "territory.level": Unit.COUNT,
    "territory.parts": Unit.COUNT,
    "category.code": Unit.TEXT,
    "category.level": Unit.COUNT,
    "category.parts": Unit.COUNT,
}
"""What formulas can ask of a team, a territory or a category itself."""


@dataclass(frozen=True, slots=True)
class Window:
    """The months that a cell looks back over: so many, or since its year or quarter began."""

    kind: Literal["rolling", "year to date", "quarter to date"]
    months: int = 0


@dataclass(frozen=True, slots=True)
class SummedMeasure:
    """Credits taken together per subject and period.

    `function` says what is made of what `sums` gives for each credit: their sum, the number of
    credits for which it holds, the number of different values, or the average. `window` is None
    where a cell counts its own period's credits. `empty` is the average of no credits; None makes
    that an exception.
    """

    name: str
    sums: Formula
    of: str
    when: Formula | None
    dated_by: Formula
    reversed_order: Literal["leaves", "leaves by its reversed share", "stays"]
    unit: Unit
    path: str
    over: PeriodKind = "month"
    function: Literal["sum", "count", "distinct", "average"] = "sum"
    per: Per = PAYEE
    window: Window | None = None
    empty: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LoadedMeasure:
    """A value per subject and period that is measured elsewhere and loaded.

    `missing` is what counts where nothing was recorded: nothing does (None), a number, or the
    last value that is known. A provisional value counts, or makes the cell wait.
    """

    name: str
    unit: Unit
    path: str
    over: PeriodKind = "month"
    per: Per = PAYEE
    missing: Fraction | Literal["last known"] | None = None
    provisional: Literal["counts", "holds"] = "counts"


@dataclass(frozen=True, slots=True)
class FormulaMeasure:
    """What a formula over the figures of a subject's period gives.

    A ratio of two measures is one too.
    """

    name: str
    formula: Formula
    unit: Unit
    path: str
    over: PeriodKind = "month"
    per: Per = PAYEE


Measure: TypeAlias = SummedMeasure | LoadedMeasure | FormulaMeasure
