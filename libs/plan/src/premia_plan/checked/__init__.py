"""The typed plan: what a document means once it was read and its units fit.

Both engines start from here; only `premia_plan.checking` makes these values. One module per noun.
"""

from premia_plan.checked.components import CellComponent, Component, CreditComponent
from premia_plan.checked.credits import DirectCredit, RollupCredit, Share
from premia_plan.checked.measures import LoadedMeasure, SummedMeasure
from premia_plan.checked.plan import CheckedPlan, Example
from premia_plan.checked.settlement import ReleaseShare
from premia_plan.checked.steps import CapStep, GateStep, RoundStep, Step
from premia_plan.checked.storno import Recount, Storno, TakeBack
from premia_plan.checked.tables import ANY, RateRow, RateTable, TableKey
from premia_plan.checked.targets import AttainmentRule
from premia_plan.checked.tiers import Band, Tiers

__all__ = [
    "ANY",
    "AttainmentRule",
    "Band",
    "CapStep",
    "CellComponent",
    "CheckedPlan",
    "Component",
    "CreditComponent",
    "DirectCredit",
    "Example",
    "GateStep",
    "LoadedMeasure",
    "RateRow",
    "RateTable",
    "Recount",
    "ReleaseShare",
    "RollupCredit",
    "RoundStep",
    "Share",
    "Step",
    "Storno",
    "SummedMeasure",
    "TableKey",
    "TakeBack",
    "Tiers",
]
