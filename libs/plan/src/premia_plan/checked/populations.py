"""Populations: the payees that are compared, ranked, or share a pool."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Population:
    """The plan's payees of whom a condition holds on a day: of the period, or a fixed one."""

    name: str
    who: Formula
    on: Literal["last day", "first day"] | date
    path: str
