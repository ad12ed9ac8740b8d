"""Tiers read from their clauses: bands, edges and gaps between them."""

from itertools import pairwise
from typing import Literal, cast

from premia_plan.checked import (
    Band,
    SummedMeasure,
    Tiers,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.surroundings import Surroundings
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import Unit, exact_text, quantity


def read_tiers(clause: Clause, around: Surroundings) -> Tiers:
    """Read tiers.

    Raises:
        ClauseRefused: after noting what keeps them from being read.
    """
    pays_on = _summed(clause.part("pays_on"), around)
    looked_up = clause.part("looked_up_by")
    attainment = around.attainments.get(looked_up.text)
    if attainment is not None:
        edge_unit = Unit.RATE
    elif isinstance(around.measures.get(looked_up.text), SummedMeasure):
        edge_unit = _summed(looked_up, around).unit
    else:
        known = [*around.attainments, *_summed_names(around)]
        message = f"{looked_up.text} is no attainment or measure of credits"
        raise looked_up.refuse("name.unknown", message, suggestion(looked_up.text, known))
    mode = cast("Literal['marginal', 'whole']", clause.word("mode"))
    measured = looked_up.text if attainment is None else attainment.of
    if mode == "marginal" and measured != pays_on.name:
        message = f"edges measured by {measured} cannot cut {pays_on.name}"
        hint = f"Look up by {pays_on.name} or its attainment, or use mode: whole"
        raise looked_up.refuse("tiers.other_measure", message, hint)
    bands, gives = _read_bands(clause.part("bands"), edge_unit, pays_on.unit, around.words)
    return Tiers(mode, looked_up.text, attainment, pays_on.name, bands, gives, clause.path)


def _summed_names(around: Surroundings) -> list[str]:
    return [name for name, item in around.measures.items() if isinstance(item, SummedMeasure)]


def _summed(clause: Clause, around: Surroundings) -> SummedMeasure:
    measure = around.measures.get(clause.text)
    if not isinstance(measure, SummedMeasure):
        hint = suggestion(clause.text, _summed_names(around))
        raise clause.refuse("name.unknown", f"{clause.text} is no measure of credits", hint)
    return measure


def _read_bands(
    clause: Clause, edge_unit: Unit, base_unit: Unit, words: Vocabulary
) -> tuple[tuple[Band, ...], Unit]:
    first = quantity(clause.entries()[0].word("gives")).unit
    gives = first if first is Unit.MONEY and base_unit is Unit.COUNT else Unit.RATE
    if base_unit is Unit.COUNT and gives is not Unit.MONEY:
        message = "a count is paid with an amount for each, not with a percentage"
        raise clause.refuse("unit.mixed", message, f"Write gives: 12 {words.currency}")
    bands = tuple(
        Band(
            entry.part("from").amount(edge_unit, words.currency).value,
            entry.part("gives").amount(gives, words.currency).value,
            entry.path,
        )
        for entry in clause.entries()
    )
    if bands[0].starts != 0:
        message = f"the first band starts at {clause.entries()[0].word('from')}"
        hint = "Start at 0 and give nothing there, so that no result is left without a band"
        case = f"a result of {exact_text(bands[0].starts / 2)} has no band"
        clause.entries()[0].error("tiers.not_from_zero", message, hint, case)
    for entry, (lower, upper) in zip(clause.entries()[1:], pairwise(bands), strict=True):
        if upper.starts <= lower.starts:
            message = f"the band does not start above the one before it ({entry.word('from')})"
            entry.error("tiers.not_rising", message, "Write the bands from low to high")
        elif upper.gives < lower.gives:
            message = "a better result is paid at a lower rate"
            entry.warning("tiers.falling", message, "Keep it only if it is meant")
    return bands, gives
