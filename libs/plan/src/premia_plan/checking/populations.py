"""Populations read from their clauses."""

from datetime import date
from typing import Literal, cast

from premia_plan.checked import Population
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, suggestion
from premia_plan.quantities import Unit, parse_day

SUPERIOR = "superior along "


def read_population(name: str, clause: Clause, words: Vocabulary) -> Population:
    """Read a population.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    who = clause.part("who").formula(words.payee, Unit.BOOL)
    same, superior = _read_groups(clause.optional("same"), words)
    return Population(name, who, _read_day(clause), clause.path, same, superior)


def _read_day(clause: Clause) -> Literal["last day", "first day"] | date:
    on = clause.word("day", "last day")
    if on in {"last day", "first day"}:
        return cast("Literal['last day', 'first day']", on)
    try:
        return parse_day(on)
    except ValueError as error:
        hint = "Write last day, first day, or a day like 2026-03-31"
        raise clause.part("day").refuse("value.pattern", str(error), hint) from None


def _read_groups(clause: Clause | None, words: Vocabulary) -> tuple[Formula | None, str | None]:
    """Return of whom what is the same, or the hierarchy in which they have one superior."""
    if clause is None:
        return None, None
    if not clause.text.startswith(SUPERIOR):
        return clause.formula(words.payee), None
    along = clause.text.removeprefix(SUPERIOR)
    if along not in words.figures.hierarchies:
        known = words.figures.hierarchies
        message = f"the hierarchy {along} is not known"
        raise clause.refuse("name.unknown", message, suggestion(along, known))
    return None, along
