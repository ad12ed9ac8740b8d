"""What a version takes over from the one before, read from its clause."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from premia_plan.checked import Measure, SummedMeasure
from premia_plan.checked.change import Carry, Change
from premia_plan.checking.clause import Clause
from premia_plan.language import suggestion
from premia_plan.quantities import parse_day


def read_change(
    clause: Clause | None, measures: Mapping[str, Measure], begins: date
) -> Change | None:
    """Read it; None where the plan follows no other version.

    Raises:
        ClauseRefused: after noting a day that is not before this version, or an unknown measure.
    """
    if clause is None:
        return None
    after = clause.part("after")
    start = after.part("from")
    try:
        starts = parse_day(start.text)
    except ValueError as error:
        raise start.refuse("value.pattern", str(error), "Write a day like 2026-03-31") from None
    if starts >= begins:
        message = "the version before begins no earlier than this one"
        raise start.refuse("change.not_before", message, f"Write a day before {begins}")
    modes: dict[str, Carry] = {}
    for name, mode in clause.part("measures").parts().items():
        if not isinstance(measures.get(name), SummedMeasure):
            counted = [key for key, item in measures.items() if isinstance(item, SummedMeasure)]
            hint = suggestion(name, counted)
            raise mode.refuse("name.unknown", f"{name} is no measure of credits", hint)
        modes[name] = cast("Carry", mode.text)
    return Change(after.word("plan"), starts, modes, clause.path)
