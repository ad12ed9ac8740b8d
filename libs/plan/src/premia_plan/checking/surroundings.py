"""What a component may build on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from premia_plan.checked import (
    PAYEE,
    AttainmentRule,
    CreditRule,
    Measure,
    Per,
    Pool,
    Population,
    Rank,
    TargetRule,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.subjects import FiguresOf
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, suggested


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a component may build on; `tables` are the clauses of the rate tables."""

    words: Vocabulary
    tables: Mapping[str, Clause]
    credit_rules: Mapping[str, CreditRule]
    measures: Mapping[str, Measure]
    attainments: Mapping[str, AttainmentRule]
    tiers: Mapping[str, Clause] = field(default_factory=dict)
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    targets: Mapping[str, TargetRule] = field(default_factory=dict)
    populations: Mapping[str, Population] = field(default_factory=dict)

    def figures_of(self, per: Per = PAYEE) -> FiguresOf:
        """Return what checks formulas about the periods of a kind of subject."""
        return FiguresOf(
            self.words, self.measures, self.targets, self.attainments, self.populations, per
        )

    def named_tiers(self, clause: Clause) -> Clause:
        """Return the tiers that a clause writes out or names.

        Raises:
            ClauseRefused: if there are none of that name.
        """
        if not clause.text:
            return clause
        found = self.tiers.get(clause.text)
        if found is None:
            message = Words(
                f"there are no tiers {clause.text}", f"non ci sono scaglioni {clause.text}"
            )
            raise clause.refuse("name.unknown", message, suggested(clause.text, self.tiers))
        return found
