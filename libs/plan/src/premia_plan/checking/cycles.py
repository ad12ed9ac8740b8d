"""Components that pay on components."""

from collections.abc import Mapping

from premia_plan.checking.clause import Clause
from premia_plan.language.formula import names_in


def note_cycles(components: Mapping[str, Clause]) -> None:
    """Note components that pay on each other, or on one whose pay lies in no cell."""
    reads = {
        name: [other for other in _names(clause) if other in components]
        for name, clause in components.items()
    }
    for name, clause in components.items():
        for other in reads[name]:
            path = _path_back(name, other, reads)
            if path is not None:
                message = f"{' → '.join([name, *path])} pay on each other"
                _place(clause).error(
                    "components.cyclic", message, "Let each pay on credits or measures"
                )
            elif not (_is_per_cell(clause) and _is_per_cell(components[other])):
                message = f"{name} pays on the component {other}"
                hint = f"Write out what {other} pays on: credits, measures and rates"
                _place(clause).error("component.reads_component", message, hint)


def _path_back(start: str, first: str, reads: Mapping[str, list[str]]) -> list[str] | None:
    paths, seen = [[first]], {first}
    for path in paths:
        if path[-1] == start:
            return path
        for following in reads[path[-1]]:
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return None


def _names(clause: Clause) -> list[str]:
    """Return what a component's amount and gates name."""
    steps = clause.optional("steps")
    gates = [step.word("gate") for step in steps.entries()] if steps is not None else []
    formulas = (clause.word("amount"), *gates)
    return list(dict.fromkeys(name for formula in formulas for name in names_in(formula)))


def _place(clause: Clause) -> Clause:
    return clause.optional("amount") or clause.part("steps")


def _is_per_cell(clause: Clause) -> bool:
    return not clause.word("per").startswith("credit of ")
