"""Bands over an attainment or a measure."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from premia_plan.checked.targets import AttainmentRule
from premia_plan.quantities import Unit


@dataclass(frozen=True, slots=True)
class Band:
    """From where a band starts and what it gives; it ends where the next one starts."""

    starts: Fraction
    gives: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Tiers:
    """Bands over an attainment or a measure.

    `attainment` is None where the edges are in the unit of the measure `looked_up_by` itself.
    """

    mode: Literal["marginal", "whole"]
    looked_up_by: str
    attainment: AttainmentRule | None
    pays_on: str
    bands: tuple[Band, ...]
    gives: Unit
    path: str
