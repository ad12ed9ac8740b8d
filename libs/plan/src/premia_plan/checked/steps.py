"""The steps from what an amount gives to what is paid."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class RoundStep:
    """Rounds half away from zero to the currency's minor unit."""

    path: str


@dataclass(frozen=True, slots=True)
class GateStep:
    """Keeps the amount while a condition on loaded measures holds, else gives `otherwise`."""

    condition: Formula
    otherwise: Decimal
    path: str


@dataclass(frozen=True, slots=True)
class CapStep:
    """Cuts the amount at a limit; the surplus is lost."""

    limit: Decimal
    path: str


Step: TypeAlias = RoundStep | GateStep | CapStep
