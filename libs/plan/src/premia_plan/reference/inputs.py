"""The figures of cells that formulas and steps read."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from premia_plan.checked import GroupLimit, Step
from premia_plan.language import Formula
from premia_plan.reference.cell import CellFigure
from premia_plan.reference.cell_facts import is_cell_fact

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def inputs_of(formula: Formula, workings: "Workings") -> list[CellFigure]:
    """Return the cell figures that a formula reads, those of its tables' keys included.

    What it says of the payee and the period themselves is known of every cell and not among them.
    """
    found: list[CellFigure] = []
    for name in formula.names:
        if name in workings.plan.tables:
            for key in workings.plan.tables[name].keys:
                found.extend(inputs_of(key.value, workings))
        elif not is_cell_fact(name):
            found.append(workings.figure(name))
    return found


def read_by(steps: Sequence[Step], workings: "Workings") -> list[CellFigure]:
    """Return the figures that steps read."""
    return [
        figure
        for step in steps
        if not isinstance(step, GroupLimit)
        for field in fields(step)
        if isinstance(formula := getattr(step, field.name), Formula)
        for figure in inputs_of(formula, workings)
    ]
