"""The steps from what an amount gives to what is paid."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.language import Formula
from premia_plan.period import PeriodKind

Surplus: TypeAlias = Literal["lost", "carried", "deferred"]
"""What becomes of what a cap cuts off.

It is lost, carried into the payee's next period, or deferred into the deal's next contract year.
"""

RoundingMode: TypeAlias = Literal["half_up", "half_even", "up", "down"]
"""Which way a half goes: away from zero or to the even neighbour; or all goes away or to zero."""


@dataclass(frozen=True, slots=True)
class RoundStep:
    """Rounds to a multiple of `to`, or to the currency's minor unit where it is None.

    A negative amount is rounded as its opposite.
    """

    path: str
    to: Fraction | None = None
    mode: RoundingMode = "half_up"

    @property
    def is_plain(self) -> bool:
        """Say whether it rounds half away from zero to the minor unit."""
        return self.to is None and self.mode == "half_up"


@dataclass(frozen=True, slots=True)
class MultiplyStep:
    """Multiplies the amount."""

    factor: Formula
    path: str


@dataclass(frozen=True, slots=True)
class GateStep:
    """Keeps the amount while a condition holds, else gives something else.

    That is `otherwise`; or `instead`, an amount that is worked out; or `factor` times the amount.
    Where it `holds`, the amount stays and is not released before the condition holds. One that is
    `asked_first` says whether anything is paid at all: the amount is worked out only if it holds.
    """

    condition: Formula
    otherwise: Decimal
    path: str
    instead: Formula | None = None
    factor: Formula | None = None
    holds: bool = False
    asked_first: bool = False

    @property
    def gives_instead(self) -> bool:
        """Say whether it gives something where there was nothing, if it is not met."""
        return not self.holds and (self.instead is not None or self.otherwise != 0)


@dataclass(frozen=True, slots=True)
class CapStep:
    """Cuts the amount at a limit; the surplus is lost."""

    limit: Decimal
    path: str


@dataclass(frozen=True, slots=True)
class LimitStep:
    """Keeps the amount at or below a limit that is worked out, or at or above it.

    What a cap of a cell or a pool cuts off may be carried into the next period, and of a credit
    be deferred into the next contract year.
    """

    kind: Literal["cap", "floor"]
    limit: Formula
    path: str
    surplus: Surplus = "lost"


@dataclass(frozen=True, slots=True)
class GroupLimit:
    """Limits what several earnings make together: a deal's, a payee's, or all of a period.

    `period` is None where the whole life of the plan counts. What changes is pushed back to the
    earnings by their amounts, by a formula, or in the order of business, the last losing first.
    `leftover` says who takes leftover cents where it is not in order. What a cap over a payee's
    period cuts off may be carried into the payee's next one.
    """

    kind: Literal["cap", "floor"]
    limit: Formula
    over: Literal["deal", "payee", "plan"]
    period: PeriodKind | None
    pushed_back: Formula | Literal["by amount", "in order"]
    path: str
    leftover: Leftover = LARGEST_FRACTION
    surplus: Surplus = "lost"


Step: TypeAlias = RoundStep | MultiplyStep | GateStep | CapStep | LimitStep | GroupLimit
