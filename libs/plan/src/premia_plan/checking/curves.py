"""Curves, levels and scorecards, written out as formulas."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from premia_plan.checked import Objective, Scorecard
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Words
from premia_plan.language.words import unit_words
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, percent_text, quantity
from premia_plan.schema.shapes import RATE


@dataclass(frozen=True, slots=True)
class CellWords:
    """What formulas about a payee's period of a kind may name."""

    words: Vocabulary
    over: PeriodKind

    def formula(self, clause: Clause, *units: Unit) -> Formula:
        """Read a formula about the payee's period.

        Raises:
            ClauseRefused: after noting what is wrong.
        """
        return read_cell_formula(clause, self.words, self.over, *units)


def read_curve(clause: Clause, place: CellWords) -> Formula:
    """Read a curve as the amount it gives.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    text = curve_text(clause, place)
    pays_on = clause.word("pays_on")
    written = f"({pays_on}) * ({text})" if pays_on else text
    formula = place.formula(replace(clause, content=written), Unit.MONEY)
    said = _curve_words(clause)
    return replace(formula, said=_on(pays_on, said) if pays_on else said)


def _on(base: str, said: Words) -> Words:
    return Words(f"{base} * {said.en}", f"{base} * {said.it}")


def _curve_words(clause: Clause) -> Words:
    """Return how people are told of a curve: what is looked up, and its points."""
    looked_up, points = clause.word("looked_up_by"), clause.part("points").entries()
    listed = [(point.word("at"), point.word("gives")) for point in points]
    return Words(
        f"the curve of {looked_up} ({', '.join(f'{at} gives {gives}' for at, gives in listed)})",
        f"la curva di {looked_up} ({', '.join(f'{at} dà {gives}' for at, gives in listed)})",
    )


def _level_words(clause: Clause) -> Words:
    """Return how people are told of levels: what is looked up, and from where each counts."""
    looked_up, levels = clause.word("looked_up_by"), clause.part("levels").entries()
    listed = [(level.word("from"), level.word("gives")) for level in levels]
    return Words(
        f"the level of {looked_up} ({', '.join(f'{gives} from {at}' for at, gives in listed)})",
        f"il livello di {looked_up} ({', '.join(f'{gives} da {at}' for at, gives in listed)})",
    )


def curve_text(clause: Clause, place: CellWords) -> str:
    """Return the formula of a curve: straight lines from point to point.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    looked_up = place.formula(clause.part("looked_up_by"))
    points = clause.part("points").entries()
    _check_points(points, "at", looked_up.unit, place)
    value, (first, *_, last) = f"({looked_up.text})", points
    text = _last_part(clause, points, value)
    lines = [_line(lower, upper, value) for lower, upper in pairwise(points)]
    for upper, line in zip(reversed(points[1:]), reversed(lines), strict=True):
        text = f"if {value} < {upper.word('at')} then {line} else {text}"
    if clause.word("below", "nothing") == "as the first point":
        below = first.word("gives")
    else:
        below = _zero_like(last.word("gives"))
    return f"if {value} < {first.word('at')} then {below} else {text}"


def _last_part(clause: Clause, points: list[Clause], value: str) -> str:
    if clause.word("above", "as the last point") == "as the last point":
        return points[-1].word("gives")
    return _line(points[-2], points[-1], value)


def _line(lower: Clause, upper: Clause, value: str) -> str:
    """Return the straight line through two points."""
    start, end = lower.word("gives"), upper.word("gives")
    at, until = lower.word("at"), upper.word("at")
    covered = f"({value} - {at}) / ({until} - {at}) else 0"
    return f"({start} + ({end} - {start}) * ({covered}))"


def _zero_like(text: str) -> str:
    """Return zero in the unit of a quantity.

    >>> _zero_like("150 %"), _zero_like("1 000 EUR")
    ('0 %', '0 EUR')
    """
    unit = text.lstrip("-0123456789. ")
    return f"0 {unit}" if unit else "0"


def _check_points(points: list[Clause], key: str, unit: Unit, place: CellWords) -> None:
    """Note points of another unit than what is looked up, and points that do not rise."""
    quantities = place.words.quantities
    values: list[Fraction] = []
    for point in points:
        found = quantity(point.word(key), quantities)
        if found.unit is not unit:
            message = Words(
                f"{point.word(key)} is {unit_words(found.unit).en}, and {unit_words(unit).en} is "
                "looked up",
                f"{point.word(key)} è {unit_words(found.unit).it}, e si cerca "
                f"{unit_words(unit).it}",
            )
            raise point.part(key).refuse(
                "unit.unexpected",
                message,
                Words("Write both in one unit", "Scrivi entrambi nella stessa unità"),
            )
        if values and found.value <= values[-1]:
            message = Words(
                f"{point.word(key)} does not lie above the one before it",
                f"{point.word(key)} non sta sopra il punto precedente",
            )
            raise point.refuse(
                "curve.not_rising",
                message,
                Words("Write the points from low to high", "Scrivi i punti dal basso in alto"),
            )
        values.append(found.value)


def _levels_text(clause: Clause, place: CellWords) -> str:
    """Return the formula of levels: what the highest one reached gives, nothing below the first."""
    looked_up, levels = place.formula(clause.part("looked_up_by")), clause.part("levels").entries()
    _check_points(levels, "from", looked_up.unit, place)
    text = "0 %"
    for level in levels:
        reached = f"({looked_up.text}) >= {level.word('from')}"
        text = f"if {reached} then {level.word('gives')} else {text}"
    return text


def read_scorecard(clause: Clause, place: CellWords) -> Scorecard:
    """Read a scorecard, whose weights must make 100 %; those of a payee when they are known.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    entries, pays_on = clause.part("objectives").entries(), clause.word("pays_on")
    place.formula(clause.part("pays_on"), Unit.MONEY)
    weights = _read_weights(clause, place)
    names = [entry.word("name") for entry in entries]
    for entry in entries:
        if names.count(entry.word("name")) > 1:
            message = Words(
                f"two objectives are called {entry.word('name')}",
                f"due obiettivi si chiamano {entry.word('name')}",
            )
            raise entry.refuse(
                "scorecard.duplicate",
                message,
                Words("Give each its own name", "Dai a ciascuno un nome proprio"),
            )
    objectives = tuple(_read_objective(entry, pays_on, place) for entry in entries)
    return Scorecard(objectives, clause.path, weights)


def _read_weights(clause: Clause, place: CellWords) -> Formula | None:
    """Return the sum of the weights, or None where they are written and make 100 %."""
    objectives = clause.part("objectives")
    weights = [entry.part("weight") for entry in objectives.entries()]
    if not all(_is_written(weight) for weight in weights):
        together = " + ".join(f"({place.formula(weight, Unit.RATE).text})" for weight in weights)
        return place.formula(replace(objectives, content=together), Unit.RATE)
    total = sum((quantity(weight.text).value for weight in weights), Fraction(0))
    if total != 1:
        hint = Words("Let the weights make 100 %", "Fa' che i pesi facciano 100 %")
        message = Words(
            f"the weights make {percent_text(total)}", f"i pesi fanno {percent_text(total)}"
        )
        raise objectives.refuse("scorecard.weights", message, hint)
    return None


def _is_written(weight: Clause) -> bool:
    return re.fullmatch(RATE, weight.text) is not None


def _read_objective(clause: Clause, pays_on: str, place: CellWords) -> Objective:
    curve, levels = clause.optional("curve"), clause.optional("levels")
    said: Words | None = None
    if curve is not None:
        score, said = curve_text(curve, place), _curve_words(curve)
    elif levels is not None:
        score, said = _levels_text(levels, place), _level_words(levels)
    else:
        score = place.formula(clause.part("score"), Unit.RATE).text
    weight, nothing = clause.word("weight"), f"0 {place.words.currency}"
    written = f"({pays_on}) * {weight} * ({score})"
    if not _is_written(clause.part("weight")):  # what does not count need not be measured
        weight = f"({weight})"
        written = f"if {weight} = 0 % then {nothing} else ({pays_on}) * {weight} * ({score})"
    formula = place.formula(replace(clause, content=written), Unit.MONEY)
    if said is not None:
        formula = replace(formula, said=_on(f"{pays_on} * {weight}", said))
    return Objective(clause.word("name"), formula, clause.path)
