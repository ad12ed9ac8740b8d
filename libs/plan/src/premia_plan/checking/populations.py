"""Populations read from their clauses."""

from typing import Literal, cast

from premia_plan.checked import Population
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.quantities import Unit, parse_day


def read_population(name: str, clause: Clause, words: Vocabulary) -> Population:
    """Read a population.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    who = clause.part("who").formula(words.payee, Unit.BOOL)
    on = clause.word("day", "last day")
    if on in {"last day", "first day"}:
        return Population(name, who, cast("Literal['last day', 'first day']", on), clause.path)
    try:
        return Population(name, who, parse_day(on), clause.path)
    except ValueError as error:
        hint = "Write last day, first day, or a day like 2026-03-31"
        raise clause.part("day").refuse("value.pattern", str(error), hint) from None
