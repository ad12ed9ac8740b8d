"""Bands of any mode: what each pays of a result, as a formula over what is known."""

from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import Band, Tiers
from premia_plan.checked.tiers import Mode
from premia_plan.quantities import exact_text


@dataclass(frozen=True, slots=True)
class Reach:
    """What a result is: looked up, paid on, and what turns an edge into the base's unit."""

    looked_up: Fraction
    base: Fraction
    edge: Fraction


@dataclass(frozen=True, slots=True)
class BandPart:
    """What one band pays, and the formula that says so.

    The formula's names are `rate`, `next_rate`, `base`, `looked_up` and `edge`.
    """

    index: int
    formula: str
    needs_next: bool = False


def parts_reached(tiers: Tiers, reach: Reach) -> list[BandPart]:
    """Return the parts that bands pay, from the last one that replaces those below it.

    A base below zero is paid nothing. One of zero is paid what a band gives that asks for no base,
    as a fixed amount does.
    """
    if reach.base < 0 or (reach.base == 0 and not tiers.pays_on_nothing):
        return []
    place = _place(tiers, reach.looked_up)
    if place is None:
        if tiers.below_first != "as the first band":
            return []
        return [_below_first(tiers)]
    if place == len(tiers.bands) - 1 and tiers.above_last != "open":
        at_end = reach.looked_up == tiers.bands[-1].starts
        if not at_end and tiers.above_last == "nothing":
            return []
        return _up_to_last(tiers)
    return _climb(tiers, place, is_top=True)


def _place(tiers: Tiers, looked_up: Fraction) -> int | None:
    """Return the band a result belongs to; None if it is below the first."""
    if tiers.edge == "ends":
        below = [index for index, band in enumerate(tiers.bands) if band.starts < looked_up]
    else:
        below = [index for index, band in enumerate(tiers.bands) if band.starts <= looked_up]
    return below[-1] if below else None


def _climb(tiers: Tiers, place: int, *, is_top: bool) -> list[BandPart]:
    """Return the parts up to a band; the top one is covered as far as the result goes."""
    band = tiers.bands[place]
    mode = tiers.mode_of(band)
    ends = tiers.bands[place + 1].starts if place + 1 < len(tiers.bands) else None
    if mode in {"whole", "interpolated between points"}:
        return [_whole(tiers, place, mode, ends, None if is_top else ends)]
    lower = _climb(tiers, place - 1, is_top=False) if place else []
    return [*lower, BandPart(place, _slice(band, ends, mode))]


def _whole(
    tiers: Tiers, place: int, mode: Mode, ends: Fraction | None, upto: Fraction | None
) -> BandPart:
    """Return what a band pays on everything, up to its end where it is not the top one.

    What is paid on ends there only if it is what the edges measure; else all of it is paid.
    """
    band = tiers.bands[place]
    rate, needs_next = "rate", False
    looked_up = "looked_up" if upto is None else _number(upto)
    if mode == "interpolated between points" and ends is not None:
        width = _number(ends - band.starts)
        covered = f"({looked_up} - {_number(band.starts)}) / {width}"
        rate, needs_next = f"(rate + (next_rate - rate) * {covered})", True
    is_cut = upto is not None and tiers.is_paid_on_what_it_measures
    base = f"{looked_up} * edge" if is_cut else "base"
    match band.pays:
        case "fixed":
            return BandPart(place, rate, needs_next)
        case "per point":
            return BandPart(place, f"{looked_up} * 100 * {rate}", needs_next)
        case _:
            return BandPart(place, f"{base} * {rate}", needs_next)


def _slice(band: Band, ends: Fraction | None, mode: Mode) -> str:
    """Return what a band pays on the part of it that is covered."""
    starts = _number(band.starts)
    reached = "looked_up" if ends is None else f"min(looked_up, {_number(ends)})"
    if mode == "interpolated by part covered":
        if ends is None:
            return "rate"
        return f"rate * ({reached} - {starts}) / {_number(ends - band.starts)}"
    match band.pays:
        case "fixed":
            return "rate"
        case "per point":
            return f"({reached} - {starts}) * 100 * rate"
        case _:
            upper = "base" if ends is None else f"min(base, {_number(ends)} * edge)"
            return f"({upper} - {starts} * edge) * rate"


def _up_to_last(tiers: Tiers) -> list[BandPart]:
    """Return the parts of a result at the last bound, beyond which nothing more is earned."""
    last = len(tiers.bands) - 1
    if not last:
        return [_whole(tiers, 0, "whole", None, tiers.bands[0].starts)]
    return _climb(tiers, last - 1, is_top=False)


def _below_first(tiers: Tiers) -> BandPart:
    """Return what the first band pays on a result below it."""
    return _whole(tiers, 0, "whole", None, None)


def _number(value: Fraction) -> str:
    """Return a number as one writes it in a formula.

    >>> _number(Fraction(23, 20)), _number(Fraction(-1, 2))
    ('1.15', '(-0.5)')
    """
    text = exact_text(value)
    return f"({text})" if value < 0 else text
