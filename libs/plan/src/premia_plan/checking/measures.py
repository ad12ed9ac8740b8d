"""Measures read from their clauses."""

from collections.abc import Mapping
from typing import Literal, cast

from premia_plan.checked import (
    DirectCredit,
    LoadedMeasure,
    RollupCredit,
    SummedMeasure,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import GIVES, Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import Unit


def read_measure(
    name: str,
    clause: Clause,
    words: Vocabulary,
    credit_rules: Mapping[str, DirectCredit | RollupCredit],
) -> SummedMeasure | LoadedMeasure:
    """Read a measure.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    if clause.optional("loaded") is not None:
        return LoadedMeasure(name, GIVES[clause.word("gives")], clause.path)
    sums = clause.part("sum").formula(words.credit, Unit.MONEY, Unit.COUNT)
    of = clause.part("of")
    if of.text not in credit_rules:
        message = f"the credit {of.text} is not known"
        raise of.refuse("name.unknown", message, suggestion(of.text, credit_rules))
    when = clause.optional("when")
    return SummedMeasure(
        name,
        sums,
        of.text,
        None if when is None else when.formula(words.order_in_time, Unit.BOOL),
        clause.part("dated_by").formula(words.order_in_time, Unit.DATE),
        cast("Literal['leaves', 'stays']", clause.word("reversed_order", "leaves")),
        sums.unit,
        clause.path,
    )
