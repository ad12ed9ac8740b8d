"""What a version takes over from the one before, read from its clause."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from premia_plan.checked import CellComponent, CheckedPlan, Measure, SummedMeasure
from premia_plan.checked.change import Carry, Change
from premia_plan.checking.clause import Clause
from premia_plan.language import Words, suggested
from premia_plan.reference.counted_by import measures_of_credits


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
    starts = start.day()
    if starts >= begins:
        message = Words(
            "the version before begins no earlier than this one",
            "la versione precedente non comincia prima di questa",
        )
        raise start.refuse(
            "change.not_before",
            message,
            Words(f"Write a day before {begins}", f"Scrivi un giorno prima del {begins}"),
        )
    modes: dict[str, Carry] = {}
    for name, mode in clause.part("measures").parts().items():
        if not isinstance(measures.get(name), SummedMeasure):
            counted = [key for key, item in measures.items() if isinstance(item, SummedMeasure)]
            hint = suggested(name, counted)
            raise mode.refuse(
                "name.unknown",
                Words(f"{name} is no measure of credits", f"{name} non è una misura di crediti"),
                hint,
            )
        modes[name] = cast("Carry", mode.text)
    return Change(after.word("plan"), starts, modes, clause.path)


def note_rerated_subjects(clause: Clause | None, plan: CheckedPlan) -> None:
    """Note components of teams, territories, categories or the plan that re-rate what was paid.

    What the version before paid is recorded of payees: what such a subject was paid is not known.
    """
    if clause is None or plan.change is None:
        return
    again = {name for name, mode in plan.change.measures.items() if mode == "carry and re-rate"}
    for name, component in plan.components.items():
        if not isinstance(component, CellComponent) or component.per.kind == "payee":
            continue
        for measure in sorted(again & measures_of_credits(component.amount, plan)):
            kind = component.per.kind
            message = Words(
                f"{name} is of a {kind}: what the version before paid for it is not known",
                f"{name} è di {_SUBJECTS_IT.get(kind, kind)}: non si sa quanto ha pagato la "
                "versione precedente",
            )
            hint = Words(
                f"Write {measure}: carry the position", f"Scrivi {measure}: carry the position"
            )
            clause.part("measures").part(measure).error("change.not_of_payees", message, hint)


_SUBJECTS_IT = {
    "team": "una squadra",
    "territory": "un territorio",
    "category": "una categoria",
    "plan": "tutto il piano",
}
