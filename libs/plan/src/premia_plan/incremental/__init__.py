"""What a change of facts reaches, and a result renewed only there: the same as calculated whole."""

from premia_plan.incremental.calculating import Calculate, Part, calculate_part
from premia_plan.incremental.change import Change, change_between
from premia_plan.incremental.merging import merged, part_of, shared_exceptions
from premia_plan.incremental.reach import Reach, reach_of
from premia_plan.incremental.recalculating import Recalculated, recalculate
from premia_plan.incremental.rows import Known, RowsAround
from premia_plan.incremental.scope import Fed, Scope, fed_relations, scope_of, whole, widened

__all__ = [
    "Calculate",
    "Change",
    "Fed",
    "Known",
    "Part",
    "Reach",
    "Recalculated",
    "RowsAround",
    "Scope",
    "calculate_part",
    "change_between",
    "fed_relations",
    "merged",
    "part_of",
    "reach_of",
    "recalculate",
    "scope_of",
    "shared_exceptions",
    "whole",
    "widened",
]
