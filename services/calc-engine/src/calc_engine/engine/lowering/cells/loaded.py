"""Loaded values on the sheet of a component."""

from fractions import Fraction

from calc_engine.engine.lowering.cells.groups import Sheet
from calc_engine.engine.lowering.lowered import chosen_number
from calc_engine.engine.lowering.on_record import recorded_rows, with_recorded
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import case, whole
from premia_plan.checked import LoadedMeasure

MISSING, AMBIGUOUS = 1, 2
"""Why a recorded figure cannot be used."""


def loaded(sheet: Sheet, rule: LoadedMeasure) -> Ratio:
    """Write down what was recorded, or what counts without it.

    Raises:
        NotLowered: if it is of other periods or subjects, or the last known value counts.
    """
    if rule.over != sheet.kind or rule.per.kind != "payee":
        raise NotLowered(f"{rule.name}, loaded for another period or subject,")
    if sheet.pool_group is not None:
        raise NotLowered(f"pools that ask for {rule.name}, loaded per payee,")
    context = sheet.context
    found = with_recorded(
        context,
        sheet.relation,
        "measurements",
        recorded_rows(context, "measurements", rule.name),
        count=f"rows_{rule.name}",
        figure=f"loaded_{rule.name}",
    )
    sheet.relation = found.relation
    ambiguous = (found.ambiguous, whole(AMBIGUOUS))
    if isinstance(rule.missing, Fraction):
        value = chosen_number(found.nothing, Ratio.written(rule.missing), found.value)
        return sheet.put(rule.name, value, case([ambiguous], whole(None)))
    if rule.missing is not None:
        raise NotLowered(f"{rule.name}, whose last known value counts,")
    why = case([ambiguous, (found.nothing, whole(MISSING))], whole(None))
    return sheet.put(rule.name, found.value, why)
