"""What a component may build on."""

from collections.abc import Mapping
from dataclasses import dataclass

from premia_plan.checked import (
    AttainmentRule,
    DirectCredit,
    LoadedMeasure,
    RollupCredit,
    SummedMeasure,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a component may build on; `tables` are the clauses of the rate tables."""

    words: Vocabulary
    tables: Mapping[str, Clause]
    credit_rules: Mapping[str, DirectCredit | RollupCredit]
    measures: Mapping[str, SummedMeasure | LoadedMeasure]
    attainments: Mapping[str, AttainmentRule]
