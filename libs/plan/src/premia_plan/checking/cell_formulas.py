"""Formulas about a subject's period, whose figures must be of periods that fit."""

from premia_plan.checking.clause import Clause
from premia_plan.checking.nouns import asked_over, period_words
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Words, suggested
from premia_plan.language.syntax import Name, Reference, inputs_of
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit

LENGTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_EARLIER = {f"previous {kind} of": length for kind, length in LENGTHS.items()}
_WITHIN = frozenset({"to date", *(f"of the {kind}" for kind in LENGTHS)})


def read_cell_formula(clause: Clause, words: Vocabulary, over: PeriodKind, *units: Unit) -> Formula:
    """Read a formula about a subject's period of a kind.

    Raises:
        ClauseRefused: after noting what is wrong with it or with the periods it names.
    """
    formula = clause.formula(words.cell, *units)
    check_periods(clause, formula, words, over)
    return formula


def check_periods(clause: Clause, formula: Formula, words: Vocabulary, over: PeriodKind) -> None:
    """Note figures of another kind of period that do not say which period is meant.

    Raises:
        ClauseRefused: if there is one.
    """
    for node in inputs_of(formula.expression):
        if isinstance(node, Reference) and "rate of" in node.before:
            _check_rate(clause, node, words)
        if isinstance(node, Name | Reference):
            own = words.figures.over.get(node.path)
            if own is None:
                continue
            if isinstance(node, Reference):
                _check_reference(clause, node, own, over)
            elif own != over:
                _refuse(clause, node.path, own, over)


def _check_reference(clause: Clause, node: Reference, own: PeriodKind, over: PeriodKind) -> None:
    if any(item.words in _WITHIN for item in node.after):
        return
    moved = [_EARLIER[word] for word in node.before if word in _EARLIER]
    longest = max(LENGTHS[own], LENGTHS[over])
    if LENGTHS[own] < LENGTHS[over] or (own != over and not moved):
        _refuse(clause, node.path, own, over)
    elif moved and sum(moved) % longest:
        message = Words(
            f"{node.key} moves a {own} by less than it is long",
            f"{node.key} sposta {period_words(own).it} di meno della sua durata",
        )
        long = own if LENGTHS[own] == longest else over
        hint = Words(
            f"Write previous {long} of …, or a longer one",
            f"Scrivi previous {long} of …, o un periodo più lungo",
        )
        raise clause.refuse("figure.other_period", message, hint)


def _check_rate(clause: Clause, node: Reference, words: Vocabulary) -> None:
    if node.path not in words.figures.tiered:
        message = Words(
            f"{node.path} has no tiers and no effective rate",
            f"{node.path} non ha scaglioni né un'aliquota effettiva",
        )
        hint = suggested(node.path, words.figures.tiered)
        raise clause.refuse("name.unknown", message, hint)


def _refuse(clause: Clause, name: str, own: PeriodKind, over: PeriodKind) -> None:
    longer = own if LENGTHS[own] > LENGTHS[over] else over
    hint = Words(
        f"Write {name} of the {longer}, or declare both over the same period",
        f"Scrivi {name} of the {longer}, o dichiara entrambi sullo stesso periodo",
    )
    raise clause.refuse("figure.other_period", asked_over(name, own, over), hint)
