"""The reference engine: walks the typed plan over the relations, exact and explained."""

from premia_plan.reference.calculation import calculate
from premia_plan.results import (
    PAID,
    Attainment,
    Calculation,
    Cell,
    Detail,
    Exception_,
    Line,
    LineKind,
    Node,
    What,
)

__all__ = [
    "PAID",
    "Attainment",
    "Calculation",
    "Cell",
    "Detail",
    "Exception_",
    "Line",
    "LineKind",
    "Node",
    "What",
    "calculate",
]
