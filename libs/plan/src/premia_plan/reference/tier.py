"""Tiers: a base cut into bands, each paid at its own rate, or all of it at the last band's."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import Band, Tiers


@dataclass(frozen=True, slots=True)
class BandStep:
    """One band that was reached: its place, the part of the base in it, and what that gives."""

    index: int
    band: Band
    ends: Fraction | None
    base: Fraction
    amount: Fraction


def climb(
    tiers: Tiers, *, looked_up: Fraction, pays_on: Fraction, edge: Fraction
) -> tuple[BandStep, ...]:
    """Return the bands a result reaches.

    `edge` turns a band's start into the base's unit: the target where bands are percentages of
    it, else 1. A base of zero or less reaches none.
    """
    if pays_on <= 0:
        return ()
    if tiers.mode == "whole":
        return _whole(tiers.bands, looked_up, pays_on)
    return _marginal(tiers.bands, pays_on, edge)


def _ends(bands: Sequence[Band], index: int) -> Fraction | None:
    return bands[index + 1].starts if index + 1 < len(bands) else None


def _whole(bands: Sequence[Band], looked_up: Fraction, pays_on: Fraction) -> tuple[BandStep, ...]:
    reached = [index for index, band in enumerate(bands) if band.starts <= looked_up]
    if not reached:
        return ()
    index = reached[-1]
    band = bands[index]
    return (BandStep(index, band, _ends(bands, index), pays_on, pays_on * band.gives),)


def _marginal(bands: Sequence[Band], pays_on: Fraction, edge: Fraction) -> tuple[BandStep, ...]:
    steps = []
    for index, band in enumerate(bands):
        lower, ends = band.starts * edge, _ends(bands, index)
        if pays_on <= lower:
            break
        upper = pays_on if ends is None else min(pays_on, ends * edge)
        steps.append(BandStep(index, band, ends, upper - lower, (upper - lower) * band.gives))
    return tuple(steps)
