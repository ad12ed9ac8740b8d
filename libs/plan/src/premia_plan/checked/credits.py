"""Credit rules: who is credited with an order, and who above them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an order's amount; `ratio` is None for the rest."""

    to: Literal["order.seller", "order.partner"]
    ratio: Fraction | None
    when: Formula | None
    path: str


@dataclass(frozen=True, slots=True)
class DirectCredit:
    """Who is credited with an order's amount, and in which shares."""

    name: str
    amount: Formula
    shares: tuple[Share, ...]
    path: str


@dataclass(frozen=True, slots=True)
class RollupCredit:
    """Superiors credited with what the payees below them were credited with."""

    name: str
    of: str
    hierarchy: str
    levels: int
    dated_by: Formula
    path: str
