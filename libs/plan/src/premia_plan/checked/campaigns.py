"""Campaigns: components that pay for a time, and how they stand to others."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a campaign may pay in all, and what becomes of the pay that goes beyond.

    It is used in the order of business: day, order, line and credit id. Once it is spent the
    campaign is over; a reversal gives nothing back. `stop before` leaves the one out that goes
    beyond, `stop after` still pays it, `cut` pays what is left.
    """

    amount: Fraction
    when_spent: Literal["stop before", "stop after", "cut"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A component that pays only on credits of a time, and for which `where` holds.

    It `adds to` what the components `against` pay on the same credit, `replaces` it, or the better
    is paid (`best of`; of two equal ones the others). Of campaigns against the same component the
    one with the lower `precedence` comes first.
    """

    name: str
    starts: date
    ends: date
    by: Formula
    where: Formula | None
    component: str
    relation: Literal["adds to", "replaces", "best of"]
    against: tuple[str, ...]
    precedence: int
    budget: Budget | None
    path: str
