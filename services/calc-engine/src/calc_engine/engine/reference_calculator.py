"""The reference engine behind the Calculator port."""

from importlib.metadata import version

from calc_engine.engine.installed_code import installed_code
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import Calculation


class ReferenceCalculator:
    """Walks the typed plan, order by order, in exact numbers."""

    def choose(
        self, plan: CheckedPlan, relations: Relations, recorded: str | None = None
    ) -> "ReferenceCalculator":
        """Return itself: it calculates every plan, whatever engine did before."""
        del plan, relations, recorded
        return self

    @property
    def exact(self) -> "ReferenceCalculator":
        """Itself."""
        return self

    @property
    def installed(self) -> frozenset[str]:
        """Its own name and version."""
        return frozenset({self.engine})

    @property
    def code(self) -> str:
        """The digest of the installed sources."""
        return installed_code()

    @property
    def engine(self) -> str:
        """Name and version of the engine, as manifests record it."""
        return f"premia-plan reference {version('premia-plan')}"

    def calculate(
        self, plan: CheckedPlan, relations: Relations, *, since: Month, until: Month
    ) -> Calculation:
        """Return the lines landing from one month up to and including another."""
        return calculate(plan, relations, since=since, until=until)
