"""Targets and attainments: what is to be reached, and measures against it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from premia_plan.checked.measures import PAYEE, Per
from premia_plan.language import Formula
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit

LOADED: Final = "loaded"
"""The source of a target that was accepted and recorded."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """How a target is found.

    `sources` are asked in order; the first that gives a number above zero is the target. A source
    is the recorded target (`loaded`) or a formula over the figures of the subject's period.
    `missing` and `zero` are what counts where no source knows one, or it is zero; None makes that
    an exception. `by_days` prorates the target of a payee who is in the plan for part of the
    period. Of several recorded for one period the last counts, or each for its days (`time
    weighted`).
    """

    name: str
    unit: Unit
    path: str
    over: PeriodKind = "month"
    per: Per = PAYEE
    by_days: bool = False
    missing: Fraction | None = None
    zero: Fraction | None = None
    changed: Literal["last accepted", "time weighted"] = "last accepted"
    sources: tuple[Formula | Literal["loaded"], ...] = (LOADED,)


@dataclass(frozen=True, slots=True)
class AttainmentRule:
    """A measure divided by a target; `target` names it.

    `target_zero` is the attainment where the target is zero; None makes that an exception.
    """

    name: str
    of: str
    path: str
    target: str = ""
    target_zero: Fraction | None = None
