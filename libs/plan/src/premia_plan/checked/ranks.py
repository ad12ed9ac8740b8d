"""Ranks and pools: what payees get by comparison, or share with each other."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from premia_plan.apportion import LARGEST_FRACTION, Leftover
from premia_plan.checked.steps import Step
from premia_plan.language import Formula
from premia_plan.period import PeriodKind

Ties: TypeAlias = Literal["best shared", "worst shared", "average pay", "by id"] | Formula
"""Who of those with the same figure stands first; a formula is a further figure to compare."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The places of a population's payees by a figure of their period, 1 being the first."""

    name: str
    of: Formula
    among: str
    over: PeriodKind
    is_highest_first: bool
    ties: Ties
    path: str


@dataclass(frozen=True, slots=True)
class Pool:
    """An amount of a period that a population shares.

    `weights` say how, where a component pays the shares. Where it scales a component, that is
    scaled down to the amount only, or `both_ways`. `leftover` says who takes leftover cents, in
    the order of the payees' ids.
    """

    name: str
    amount: Formula
    over: PeriodKind
    among: str
    weights: Formula | None
    both_ways: bool
    steps: tuple[Step, ...]
    path: str
    leftover: Leftover = LARGEST_FRACTION
