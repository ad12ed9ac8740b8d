"""Targets and attainments read from their clauses."""

from collections.abc import Mapping

from premia_plan.checked import (
    AttainmentRule,
    LoadedMeasure,
    SummedMeasure,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import GIVES
from premia_plan.language import suggestion
from premia_plan.quantities import Unit


def read_target(name: str, clause: Clause, measures: Mapping[str, Clause]) -> Unit:
    """Read a target's unit, noting a measure that is not there."""
    if name not in measures:
        hint = suggestion(name, measures)
        clause.error("name.unknown", f"the measure {name} is not known", hint)
    return GIVES[clause.word("gives")]


def read_attainment(
    name: str,
    clause: Clause,
    measures: Mapping[str, SummedMeasure | LoadedMeasure],
    targets: Mapping[str, Unit],
) -> AttainmentRule:
    """Read an attainment.

    Raises:
        ClauseRefused: if its measure or the target is not there or their units differ.
    """
    of = clause.part("of")
    measure = measures.get(of.text)
    if not isinstance(measure, SummedMeasure):
        known = [key for key, item in measures.items() if isinstance(item, SummedMeasure)]
        message = f"{of.text} is no measure of credits"
        raise of.refuse("name.unknown", message, suggestion(of.text, known))
    if of.text not in targets:
        hint = f"Declare it under targets: {of.text}: {{gives: {measure.unit}, …}}"
        raise of.refuse("target.undeclared", f"{of.text} has no target", hint)
    if targets[of.text] is not measure.unit:
        message = f"the target is {targets[of.text]} and the measure {measure.unit}"
        raise of.refuse("unit.mixed", message, "Give both the same unit")
    return AttainmentRule(name, of.text, clause.path)
