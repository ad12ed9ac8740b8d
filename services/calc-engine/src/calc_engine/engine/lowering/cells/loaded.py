"""Loaded values on the sheet of a component."""

from fractions import Fraction

from calc_engine.engine.ir import Aggregate, Column, Filter, Join, Kind, column
from calc_engine.engine.lowering.cells.groups import Sheet
from calc_engine.engine.lowering.lowered import chosen_number
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import case, compare, known_or, text, whole
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
    rows = context.scan("measurements")
    named = Filter(rows, compare("=", column(rows, "name"), text(rule.name)))
    value = column(named, "value")
    found = Aggregate(
        named, ("payee_no", "month"), {"rows": ("count", value), "value": ("min", value)}
    )
    count, own = f"rows_{rule.name}", f"loaded_{rule.name}"
    sheet.relation = Join(
        sheet.relation,
        found,
        (("payee_no", "payee_no"), ("month", "month")),
        {count: "rows", own: "value"},
        keeps_left=True,
    )
    scale = context.arranged.scale("measurements", "value")
    recorded = Ratio.scaled(Column(own, Kind.WHOLE), scale.denominator, scale.most)
    times = known_or(Column(count, Kind.WHOLE), whole(0))
    ambiguous = (compare(">", times, whole(1)), whole(AMBIGUOUS))
    nothing = compare("=", times, whole(0))
    if isinstance(rule.missing, Fraction):
        recorded = chosen_number(nothing, Ratio.written(rule.missing), recorded)
        return sheet.put(rule.name, recorded, case([ambiguous], whole(None)))
    if rule.missing is not None:
        raise NotLowered(f"{rule.name}, whose last known value counts,")
    why = case([ambiguous, (nothing, whole(MISSING))], whole(None))
    return sheet.put(rule.name, recorded, why)
