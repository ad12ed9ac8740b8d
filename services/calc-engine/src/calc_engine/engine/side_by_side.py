"""Two programs over the same facts as one: what both work out is worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from calc_engine.engine.ir import (
    Aggregate,
    Distinct,
    Filter,
    Join,
    Project,
    Relation,
    Scan,
    Union,
    Window,
)
from calc_engine.engine.program import Program, Step

OF_THE_OTHER = "_of_the_other"
"""Ends the names of what only the second program has."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One program with the results of both, by name: the same relation where they agree."""

    program: Program
    before: Mapping[str, Scan]
    after: Mapping[str, Scan]


def side_by_side(before: Program, after: Program) -> SideBySide:
    """Return two programs as one that asks for the results of both.

    A step of the second is the first's of that name where it is the same relation of the same
    relations; the relations are values, so that this can be asked.
    """
    both = Program(list(before.steps), dict(before.given))
    known = {step.name: step for step in before.steps}
    names: dict[str, str] = {}
    for name, table in after.given.items():
        other = before.given.get(name)
        if other is None or not other.equals(table):
            names[name] = name + OF_THE_OTHER
            both.given[names[name]] = table
    for step in after.steps:
        own = Step(step.name, renamed(step.relation, names), step.is_kept)
        if known.get(step.name) != own:
            names[step.name] = step.name + OF_THE_OTHER
            both.steps.append(replace(own, name=names[step.name]))
    results = {
        name: Scan(names.get(scan.name, scan.name), scan.columns)
        for name, scan in after.results.items()
    }
    for scan in (*before.results.values(), *results.values()):
        both.results[scan.name] = scan
    return SideBySide(both, dict(before.results), results)


def renamed(relation: Relation, names: Mapping[str, str]) -> Relation:
    """Return a relation that reads some named relations by other names."""
    match relation:
        case Scan():
            return Scan(names.get(relation.name, relation.name), relation.columns)
        case Join():
            left, right = (renamed(side, names) for side in (relation.left, relation.right))
            return replace(relation, left=left, right=right)
        case Union():
            return Union(tuple(renamed(part, names) for part in relation.parts))
        case Project() | Filter() | Aggregate() | Window() | Distinct():
            return replace(relation, source=renamed(relation.source, names))
