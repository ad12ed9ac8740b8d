"""What happens to an order's pay when it is reversed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Takes a part of what was released; what was not yet released is dropped."""

    ratio: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Recount:
    """Counts the measured month again without the reversed order."""

    path: str


@dataclass(frozen=True, slots=True)
class Storno:
    """When an order's pay is taken back, how much, and when not at all."""

    when: Formula
    days: int | None
    after: str | None
    void_when: Formula | None
    effect: Mapping[str, TakeBack | Recount]
    if_void: Mapping[str, Literal["release the rest", "keep"]]
    path: str
