"""What each band of tiers pays of a result, as formulas, for every place a result can have."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.checked import Band, Tiers
from premia_plan.quantities import exact_text

Where: TypeAlias = Literal["below", "in", "at the end", "beyond"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one band pays: a formula over `rate`, `next_rate`, `base`, `looked_up` and `edge`."""

    index: int
    formula: str

    @property
    def needs_next(self) -> bool:
        """Say whether it reads the rate of the band above."""
        return "next_rate" in self.formula


@dataclass(frozen=True, slots=True)
class Case:
    """One place a result can have among the bands, and the parts that it is paid there.

    It is `below` the first band, `in` the band at `place`, or, where the last bound is the end,
    `at the end` or `beyond` it.
    """

    where: Where
    place: int
    parts: Sequence[Part]


def cases(tiers: Tiers) -> tuple[Case, ...]:
    """Return every place a result above zero can have, from below the first band upwards."""
    last = len(tiers.bands) - 1
    below: list[Part] = []
    if tiers.below_first == "as the first band":
        below = [Part(0, _on_everything(tiers, 0, "whole", covered=None))]
    found = [Case("below", -1, below)]
    found.extend(Case("in", place, _reached(tiers, place)) for place in range(last))
    if tiers.above_last == "open":
        return (*found, Case("in", last, _reached(tiers, last)))
    ended = _ended(tiers)
    beyond = ended if tiers.above_last == "flat" else []
    return (*found, Case("at the end", last, ended), Case("beyond", last, beyond))


def _reached(tiers: Tiers, place: int) -> list[Part]:
    """Return the parts of a result in a band: those below in full, and its own so far."""
    parts: list[Part] = []
    for index in range(place + 1):
        mode = tiers.mode_of(tiers.bands[index])
        if mode in {"whole", "interpolated between points"}:
            covered = None if index == place else _end(tiers, index)
            parts = [Part(index, _on_everything(tiers, index, mode, covered))]
        else:
            parts.append(Part(index, _on_its_slice(tiers, index, mode)))
    return parts


def _ended(tiers: Tiers) -> list[Part]:
    """Return the parts of a result at the last bound: all bands below it in full."""
    last = len(tiers.bands) - 1
    if last == 0:
        return [Part(0, _on_everything(tiers, 0, "whole", covered=tiers.bands[0].starts))]
    parts: list[Part] = []
    for index in range(last):
        mode = tiers.mode_of(tiers.bands[index])
        if mode in {"whole", "interpolated between points"}:
            parts = [Part(index, _on_everything(tiers, index, mode, _end(tiers, index)))]
        else:
            parts.append(Part(index, _on_its_slice(tiers, index, mode)))
    return parts


def _end(tiers: Tiers, index: int) -> Fraction | None:
    return tiers.bands[index + 1].starts if index + 1 < len(tiers.bands) else None


def _on_everything(tiers: Tiers, index: int, mode: str, covered: Fraction | None) -> str:
    """Return what a band pays on the whole result, or on it up to a bound."""
    band, end = tiers.bands[index], _end(tiers, index)
    reached = "looked_up" if covered is None else number_text(covered)
    rate = "rate"
    if mode == "interpolated between points" and end is not None:
        part = f"({reached} - {number_text(band.starts)}) / {number_text(end - band.starts)}"
        rate = f"(rate + (next_rate - rate) * {part})"
    if band.pays == "fixed":
        return rate
    if band.pays == "per point":
        return f"{reached} * 100 * {rate}"
    is_cut = covered is not None and tiers.is_paid_on_what_it_measures
    return f"{reached} * edge * {rate}" if is_cut else f"base * {rate}"


def _on_its_slice(tiers: Tiers, index: int, mode: str) -> str:
    """Return what a band pays on the part of the result that lies in it."""
    band, end = tiers.bands[index], _end(tiers, index)
    starts = number_text(band.starts)
    reached = "looked_up" if end is None else f"min(looked_up, {number_text(end)})"
    if mode == "interpolated by part covered":
        if end is None:
            return "rate"
        return f"rate * ({reached} - {starts}) / {number_text(end - band.starts)}"
    if band.pays == "fixed":
        return "rate"
    if band.pays == "per point":
        return f"({reached} - {starts}) * 100 * rate"
    upper = "base" if end is None else f"min(base, {number_text(end)} * edge)"
    return f"({upper} - {starts} * edge) * rate"


def number_text(value: Fraction) -> str:
    """Return a number as one writes it in a formula.

    >>> number_text(Fraction(23, 20)), number_text(Fraction(-1, 2))
    ('1.15', '(-0.5)')
    """
    text = exact_text(value)
    return f"({text})" if value < 0 else text


def limits_formula(tiers: Tiers) -> str | None:
    """Return the formula that keeps the effective rate inside its limits, if there are any."""
    formula = "amount"
    if tiers.most is not None:
        formula = f"min({formula}, base * {exact_text(tiers.most)})"
    if tiers.least is not None:
        formula = f"max({formula}, base * {exact_text(tiers.least)})"
    return None if formula == "amount" else formula


def is_rate(band: Band) -> bool:
    """Say whether what a band gives is a rate or an amount per unit, and no fixed amount."""
    return band.pays not in {"fixed", "per point"}
