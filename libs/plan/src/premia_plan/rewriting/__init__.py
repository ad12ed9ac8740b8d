"""Changes to the text of a plan that leave everything else as it was written, comments too."""

from premia_plan.rewriting.additions import EntryTaken, add_entries
from premia_plan.rewriting.rows import replace_rows
from premia_plan.rewriting.scalars import TextNotRewritable, replace_scalars
from premia_plan.rewriting.shifting import DatesLeftAlone, shift_dates

__all__ = [
    "DatesLeftAlone",
    "EntryTaken",
    "TextNotRewritable",
    "add_entries",
    "replace_rows",
    "replace_scalars",
    "shift_dates",
]
