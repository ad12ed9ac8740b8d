"""Figures and components that are worked out from themselves."""

from collections.abc import Iterator, Mapping

from premia_plan.checking.clause import Clause
from premia_plan.document import Content
from premia_plan.language import FormulaRefused, Words, read_expression
from premia_plan.language.syntax import Name, Reference, inputs_of

TARGET = "target."
SECTIONS = ("measures", "attainments", "tables", "pools", "ranks", "tiers")
"""Besides components and targets: what formulas of cells may name."""
NO_FORMULAS = frozenset(
    {
        "above_last",
        "against",
        "along",
        "among",
        "below_first",
        "changed",
        "each",
        "edge",
        "gives",
        "joiner",
        "label",
        "lands_in",
        "leftover",
        "loaded",
        "match",
        "missing",
        "mode",
        "name",
        "order",
        "over",
        "per",
        "places",
        "provisional",
        "pushed_back",
        "reversed_order",
        "round",
        "scale",
        "rows",
        "spread",
        "spread_of",
        "surplus",
        "title",
        "true_up",
    }
)
"""Keys whose words are no formulas and could be called like a component."""


def note_cycles(plan: Clause) -> None:
    """Note what is worked out from itself, and components that name a pay that has no cell."""
    clauses, components = _named_parts(plan), _parts(plan, "components")
    reads = {
        name: [other for other in _read(clause) if other in clauses]
        for name, clause in clauses.items()
    }
    cyclic, measures = set(), _parts(plan, "measures").keys()  # their circles are told already
    for name, clause in clauses.items():
        path = _path_back(name, reads)
        cyclic |= set() if path is None else {name}
        if path is not None and name in components:
            circle = " → ".join([name, *path])
            message = Words(f"{circle} pay on each other", f"{circle} si pagano a vicenda")
            hint = Words(
                "Let each pay on credits or measures", "Ognuna paghi su crediti o su misure"
            )
            _place(clause).error("components.cyclic", message, hint)
        elif path is not None and not components.keys() & {*path} and not measures >= {*path}:
            circle = " → ".join([name, *path])
            message = Words(
                f"{circle} are worked out from each other", f"{circle} si calcolano a vicenda"
            )
            hint = Words("Let one of them be counted or loaded", "Una sia contata o caricata")
            clause.error("figures.cyclic", message, hint)
    for name, clause in components.items():
        for other in () if name in cyclic else _bare(clause):
            if other in components and not _is_per_cell(components[other]):
                message = Words(
                    f"{other} is paid on credits and has no amount of its own in a period",
                    f"{other} si paga sui crediti e non ha un importo proprio in un periodo",
                )
                hint = Words(
                    f"Write earned {other} or released {other}",
                    f"Scrivi earned {other} o released {other}",
                )
                _place(clause).error("component.reads_component", message, hint)


def _named_parts(plan: Clause) -> dict[str, Clause]:
    """Return what formulas of cells may name, by those names."""
    found = {f"{TARGET}{name}": clause for name, clause in _parts(plan, "targets").items()}
    for section in (*SECTIONS, "components"):
        found |= _parts(plan, section)
    return found


def _parts(plan: Clause, section: str) -> dict[str, Clause]:
    found = plan.optional(section)
    return {} if found is None else found.parts()


def _path_back(start: str, reads: Mapping[str, list[str]]) -> list[str] | None:
    """Return how one leads back to itself, if it does."""
    paths, seen = [[following] for following in reads[start]], set(reads[start])
    for path in paths:
        if path[-1] == start:
            return path
        for following in reads[path[-1]]:
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return None


def _read(clause: Clause) -> list[str]:
    """Return what a part names in any of its formulas."""
    found = [node.path for node in _nodes(clause.content)]
    against = clause.word("against")
    if against:
        found.append(TARGET + (clause.word("of") if against == "target" else against))
    return list(dict.fromkeys(found))


def _bare(clause: Clause) -> list[str]:
    """Return the names that stand in a part without words such as `earned`."""
    nodes = _nodes(clause.content)
    return list(dict.fromkeys(node.path for node in nodes if isinstance(node, Name)))


def _nodes(content: Content) -> Iterator[Name | Reference]:
    """Give what the formulas in a part name; texts that are none name nothing that matters."""
    if isinstance(content, dict):
        of_credits = "dated_by" in content
        for key, item in content.items():
            if key not in NO_FORMULAS and not (of_credits and key == "of"):
                yield from _nodes(item)
    elif isinstance(content, list):
        for item in content:
            yield from _nodes(item)
    elif isinstance(content, str):
        try:
            found = list(inputs_of(read_expression(content.removeprefix("by "))))
        except FormulaRefused:
            return
        yield from (node for node in found if isinstance(node, Name | Reference))


def _place(clause: Clause) -> Clause:
    keys = ("amount", "tiers", "curve", "scorecard", "rank_pay", "pool")
    found = (clause.optional(key) for key in keys)
    return next((part for part in found if part is not None), clause.part("steps"))


def _is_per_cell(clause: Clause) -> bool:
    return not clause.word("per").startswith("credit of ")
