"""What calculates plan versions, and who chooses it."""

from collections.abc import Collection
from typing import Protocol

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations
from premia_plan.results import Calculation


class Calculator(Protocol):
    """Calculates a plan version."""

    @property
    def engine(self) -> str:
        """Name and version of the engine, as manifests record it."""
        ...

    def calculate(
        self, plan: CheckedPlan, relations: Relations, *, since: Month, until: Month
    ) -> Calculation:
        """Return the lines landing from one month up to and including another.

        With what is held or not paid then, and the lineage; earlier months' concerns are left out.

        Raises:
            TooLargeToBeExact: if a figure outgrows this engine's numbers; nothing is given then.
            NotCalculable: if there is no room.
        """
        ...


class Engines(Protocol):
    """Chooses who calculates a plan version; all engines give the same result."""

    @property
    def installed(self) -> Collection[str]:
        """Names and versions of the engines there are."""
        ...

    @property
    def exact(self) -> Calculator:
        """The engine whose numbers are as large as they need to be."""
        ...

    @property
    def code(self) -> str:
        """The digest of the code that calculates, pays and restates here."""
        ...

    def choose(
        self, plan: CheckedPlan, relations: Relations, recorded: str | None = None
    ) -> Calculator:
        """Return the engine for a plan over some rows; the one that a manifest `recorded`, if any.

        A recorded engine is used in the version that is installed.
        """
        ...
