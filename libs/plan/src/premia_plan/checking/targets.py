"""Targets and attainments read from their clauses."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, cast

from premia_plan.checked import LOADED, AttainmentRule, Measure, TargetRule
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.measures import read_per, stated
from premia_plan.checking.nouns import period_words
from premia_plan.checking.vocabulary import Vocabulary, given_unit
from premia_plan.language import Formula, Words, suggested
from premia_plan.language.words import unit_words
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit
from premia_plan.yaml_text import Content

BY_DAYS: Final = "by calendar days"
IN_FULL: Final = "in full"
SAME = "target"
"""What an attainment is measured against: the target of the measure's own name."""


def declare_target(name: str, clause: Clause, words: Vocabulary) -> None:
    """Let formulas name a target, before any formula of a target is read."""
    over = cast("PeriodKind", clause.word("over", "month"))
    words.declare_figure(f"target.{name}", given_unit(clause.part("gives"), words.quantities), over)


def read_target(
    name: str,
    clause: Clause,
    words: Vocabulary,
    measures: Mapping[str, Clause],
    attainments: Mapping[str, Clause],
    *,
    joiner: str,
) -> TargetRule:
    """Read a target, noting one that no measure has and nothing is measured against.

    `joiner` is what holds where the target does not say it.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    against = {attainment.word("against") for attainment in attainments.values()}
    if name not in measures and name not in against and not _is_asked(name, clause):
        message = Words(
            f"nothing is measured against the target {name}",
            f"nulla si misura con l'obiettivo {name}",
        )
        named = suggested(name, measures)
        hint = Words(
            f"Give it the name of a measure, or name target.{name} in a formula. {named.en}",
            f"Dagli il nome di una misura, o nomina target.{name} in una formula. {named.it}",
        )
        clause.error("name.unknown", message, hint)
    unit, over = (
        given_unit(clause.part("gives"), words.quantities),
        cast("PeriodKind", clause.word("over", "month")),
    )
    missing, zero = (
        None if found is None else stated(found, unit, words.currency)
        for found in (clause.optional("missing"), clause.optional("zero"))
    )
    per = read_per(clause, words)
    first_of = clause.optional("first_of")
    sources: tuple[Formula | Literal["loaded"], ...] = (LOADED,)
    if first_of is not None:
        sources = tuple(
            LOADED if entry.text == LOADED else read_cell_formula(entry, words, over, unit)
            for entry in first_of.entries()
        )
    return TargetRule(
        name,
        unit,
        clause.path,
        over,
        per,
        clause.word("joiner", joiner) == BY_DAYS and per.kind == "payee",
        missing,
        zero,
        cast("Literal['last accepted', 'time weighted']", clause.word("changed", "last accepted")),
        sources,
    )


def _is_asked(name: str, clause: Clause) -> bool:
    """Say whether some formula of the plan names a target."""
    plan = clause.report.document.content
    texts = _texts({key: part for key, part in plan.items() if key != "examples"})
    return any(re.search(rf"\btarget\.{name}\b", text) for text in texts)


def _texts(content: Content) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    else:
        for part in content.values() if isinstance(content, dict) else content:
            yield from _texts(part)


def read_attainment(
    name: str,
    clause: Clause,
    measures: Mapping[str, Measure],
    targets: Mapping[str, TargetRule],
    currency: str,
) -> AttainmentRule:
    """Read an attainment.

    Raises:
        ClauseRefused: if its measure or the target is not there or they do not fit each other.
    """
    of, against = clause.part("of"), clause.part("against")
    measure = measures.get(of.text)
    if measure is None:
        message = Words(f"{of.text} is no measure", f"{of.text} non è una misura")
        raise of.refuse("name.unknown", message, suggested(of.text, measures))
    named = of.text if against.text == SAME else against.text
    target = targets.get(named)
    if target is None:
        at = of if against.text == SAME else against
        hint = Words(
            f"Declare it under targets: {named}: {{gives: {measure.unit}, …}}",
            f"Dichiaralo in targets: {named}: {{gives: {measure.unit}, …}}",
        )
        raise at.refuse(
            "target.undeclared",
            Words(f"{named} has no target", f"{named} non ha un obiettivo"),
            hint,
        )
    if target.unit is not measure.unit:
        message = Words(
            f"the target is {unit_words(target.unit).en} and the measure "
            f"{unit_words(measure.unit).en}",
            f"l'obiettivo è {unit_words(target.unit).it} e la misura {unit_words(measure.unit).it}",
        )
        raise of.refuse(
            "unit.mixed",
            message,
            Words("Give both the same unit", "Dai a entrambi la stessa unità"),
        )
    if target.over != measure.over:
        message = Words(
            f"the target is of a {target.over} and the measure of a {measure.over}",
            f"l'obiettivo è per {period_words(target.over).it} e la misura per "
            f"{period_words(measure.over).it}",
        )
        raise of.refuse(
            "figure.other_period",
            message,
            Words("Declare both over the same period", "Dichiara entrambi sullo stesso periodo"),
        )
    zero = clause.optional("target_zero")
    outcome = None if zero is None else stated(zero, Unit.RATE, currency)
    return AttainmentRule(name, of.text, clause.path, named, outcome)
