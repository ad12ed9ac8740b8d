"""Components: what is paid, on credits or on cells."""

from dataclasses import dataclass
from typing import TypeAlias

from premia_plan.checked.steps import RoundStep, Step
from premia_plan.checked.tiers import Tiers
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class CreditComponent:
    """Pays on each credit."""

    name: str
    of: str
    amount: Formula
    path: str
    steps: tuple[Step, ...]

    @property
    def rounds_at_once(self) -> bool:
        """Say whether the amount is rounded before any other step."""
        return isinstance(self.steps[0], RoundStep)


@dataclass(frozen=True, slots=True)
class CellComponent:
    """Pays on a payee's period by tiers or by a formula over the period's figures.

    `spread` names the measure by whose credits the result is pushed back to the orders; where
    it is None the payee is paid as a whole.
    """

    name: str
    amount: Formula | Tiers
    steps: tuple[Step, ...]
    path: str
    spread: str | None


Component: TypeAlias = CreditComponent | CellComponent
