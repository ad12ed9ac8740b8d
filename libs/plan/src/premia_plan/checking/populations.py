"""Populations read from their clauses."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Literal, cast

from premia_plan.checked import Pool, Population
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import no_day
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Words, suggested
from premia_plan.language.syntax import Reference, inputs_of
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
    except ValueError:
        hint = Words(
            "Write last day, first day, or a day like 2026-03-31",
            "Scrivi last day, first day, o un giorno come 2026-03-31",
        )
        raise clause.part("day").refuse("value.pattern", no_day(on), hint) from None


def _read_groups(clause: Clause | None, words: Vocabulary) -> tuple[Formula | None, str | None]:
    """Return of whom what is the same, or the hierarchy in which they have one superior."""
    if clause is None:
        return None, None
    if not clause.text.startswith(SUPERIOR):
        return clause.formula(words.payee), None
    along = clause.text.removeprefix(SUPERIOR)
    if along not in words.figures.hierarchies:
        known = words.figures.hierarchies
        message = Words(f"the hierarchy {along} is not known", f"la gerarchia {along} non è nota")
        raise clause.refuse("name.unknown", message, suggested(along, known))
    return None, along


def check_groups(clause: Clause, pool: Pool, populations: Mapping[str, Population]) -> None:
    """Note where the amount or a step of a pool in groups asks for groups of another kind.

    Raises:
        ClauseRefused: after noting it.
    """
    own = populations.get(pool.among)
    if own is None or not own.is_grouped:
        return
    _check_formula(clause.part("amount"), pool.amount, own, populations)
    for step in pool.steps:
        for item in fields(step):
            formula = getattr(step, item.name)
            if isinstance(formula, Formula):
                _check_formula(replace(clause, path=formula.path), formula, own, populations)


def _check_formula(
    clause: Clause, formula: Formula, own: Population, populations: Mapping[str, Population]
) -> None:
    asked = [node for node in inputs_of(formula.expression) if isinstance(node, Reference)]
    named = [item.named for node in asked for item in node.after if item.words == "among"]
    for name in named:
        other = populations.get(name or "")
        if other is None or not other.is_grouped or other.has_groups_of(own):
            continue
        message = Words(
            f"the groups of {name} have something else in common than those of {own.name}",
            f"i gruppi di {name} hanno in comune altro da quelli di {own.name}",
        )
        hint = Words(
            f"Write the same under same: of both, or ask among {own.name}",
            f"Scrivi lo stesso in same: di entrambe, o chiedi among {own.name}",
        )
        raise clause.refuse("pool.other_groups", message, hint)
