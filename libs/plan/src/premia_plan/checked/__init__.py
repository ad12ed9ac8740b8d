"""The typed plan: what a document means once it was read and its units fit.

Both engines start from here; only `premia_plan.checking` makes these values. One module per noun.
"""

from premia_plan.checked.components import (
    CellAmount,
    CellComponent,
    Component,
    CreditComponent,
    Objective,
    Place,
    PoolShare,
    RankPay,
    Scorecard,
)
from premia_plan.checked.credits import DirectCredit, RollupCredit, Share
from premia_plan.checked.measures import (
    PAYEE,
    FormulaMeasure,
    LoadedMeasure,
    Measure,
    Per,
    SummedMeasure,
    Window,
)
from premia_plan.checked.plan import CheckedPlan, Example
from premia_plan.checked.populations import Population
from premia_plan.checked.ranks import Pool, Rank, Ties
from premia_plan.checked.settlement import (
    AtClose,
    AtState,
    Instalments,
    Later,
    Moment,
    OnDay,
    Proviso,
    ReleaseShare,
)
from premia_plan.checked.steps import (
    CapStep,
    GateStep,
    GroupLimit,
    LimitStep,
    MultiplyStep,
    RoundStep,
    Step,
)
from premia_plan.checked.storno import (
    Recount,
    Storno,
    TakeBack,
    Takes,
    TakesByFormula,
    TakesBySteps,
    TakesInProportion,
    TakesPart,
)
from premia_plan.checked.tables import ANY, Range, RateRow, RateTable, TableKey
from premia_plan.checked.targets import LOADED, AttainmentRule, TargetRule
from premia_plan.checked.tiers import Band, Tiers

__all__ = [
    "ANY",
    "LOADED",
    "PAYEE",
    "AtClose",
    "AtState",
    "AttainmentRule",
    "Band",
    "CapStep",
    "CellAmount",
    "CellComponent",
    "CheckedPlan",
    "Component",
    "CreditComponent",
    "DirectCredit",
    "Example",
    "FormulaMeasure",
    "GateStep",
    "GroupLimit",
    "Instalments",
    "Later",
    "LimitStep",
    "LoadedMeasure",
    "Measure",
    "Moment",
    "MultiplyStep",
    "Objective",
    "OnDay",
    "Per",
    "Place",
    "Pool",
    "PoolShare",
    "Population",
    "Proviso",
    "Range",
    "Rank",
    "RankPay",
    "RateRow",
    "RateTable",
    "Recount",
    "ReleaseShare",
    "RollupCredit",
    "RoundStep",
    "Scorecard",
    "Share",
    "Step",
    "Storno",
    "SummedMeasure",
    "TableKey",
    "TakeBack",
    "Takes",
    "TakesByFormula",
    "TakesBySteps",
    "TakesInProportion",
    "TakesPart",
    "TargetRule",
    "Tiers",
    "Ties",
    "Window",
]
