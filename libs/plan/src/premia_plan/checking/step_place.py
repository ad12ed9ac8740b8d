"""Where steps stand: what they may name, and what they round and limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from premia_plan.checked import (
    AttainmentRule,
    Measure,
)
from premia_plan.checking.cell_formulas import check_periods
from premia_plan.checking.clause import Clause
from premia_plan.checking.limits import (
    OF_PAYEES,
    OF_PLANS,
)
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Names
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit
from premia_plan.schema.steps import OWN_PERIOD


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Where steps stand: what their formulas may name, and what they round and limit.

    They are `of` a component, a pool or the whole plan. `over` is the period of a cell's steps,
    None for those of credits. `base` is what a rate is taken of. `measures` and `attainments` are
    those whose running value a credit's gate can ask. Its credits may be of contract years.
    A cell's steps are `of_payees`' periods, or about those of teams and other subjects.
    """

    words: Vocabulary
    names: Names
    each: Literal["line", "sum"]
    over: PeriodKind | None = None
    base: str | None = None
    measures: Mapping[str, Measure] | None = None
    attainments: Mapping[str, AttainmentRule] | None = None
    of: Literal["component", "pool", "plan"] = "component"
    has_years: bool = False
    of_payees: bool = True

    def formula(self, clause: Clause, *units: Unit) -> Formula:
        """Read a formula of a step.

        Raises:
            ClauseRefused: after noting what is wrong.
        """
        formula = clause.formula(self.names, *units)
        if self.over is not None:
            check_periods(clause, formula, self.words, self.over)
        return formula

    @property
    def whole(self) -> str:
        """How a limit says that it is over just what the steps give; a plan's are over others."""
        if self.of != "component":
            return "pool" if self.of == "pool" else ""
        if self.over is None:
            return "line"
        return f"payee and {self.over}" if self.of_payees else OWN_PERIOD

    @property
    def scopes(self) -> frozenset[str]:
        """Over what a limit may be there."""
        if self.of == "pool":
            return frozenset({"pool"})
        shared = {"deal", *OF_PAYEES, "release"}
        if self.of == "plan":
            return frozenset({*shared, *OF_PLANS})
        own = {"line"} if self.over is None else {self.whole}
        return frozenset({*shared, *own, "rate", "component"})
