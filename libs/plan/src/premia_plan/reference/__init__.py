"""The reference engine: walks the typed plan over the relations, exact and explained."""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from premia_plan.reference.calculation import calculate

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


def __getattr__(name: str) -> object:
    """Import the engine when it is first asked for: who needs one module need not load them all."""
    if name == "calculate":
        from premia_plan.reference.calculation import calculate as found  # noqa: PLC0415

        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
