"""Measures read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    PAYEE,
    CreditRule,
    FormulaMeasure,
    LoadedMeasure,
    Measure,
    Per,
    SummedMeasure,
    Window,
)
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.facts import is_of_facts
from premia_plan.checking.measured_facts import credited_for, kind_of
from premia_plan.checking.miswritten import gives_words, no_number
from premia_plan.checking.unknown import unknown_credit
from premia_plan.checking.vocabulary import Vocabulary, given_unit
from premia_plan.language import (
    Formula,
    Words,
    compile_formula,
    names_in,
    read_expression,
    read_formula,
    suggested,
)
from premia_plan.language.words import example_of, unit_words
from premia_plan.period import PeriodKind
from premia_plan.quantities import NotAQuantity, Unit

EXCEPTION = "exception"
FUNCTIONS = ("sum", "count", "distinct", "average")


def in_reading_order(measures: Mapping[str, Clause]) -> list[str]:
    """Return the names of measures, each after those that its formula names.

    Measures in a circle are noted and left out.
    """
    reads = {
        name: [other for other in _named_by(clause) if other in measures]
        for name, clause in measures.items()
    }
    ordered: list[str] = []
    left = list(measures)
    while left:
        ready = [name for name in left if all(other in ordered for other in reads[name])]
        if not ready:
            for name in left:
                message = Words(
                    f"{name} is worked out from itself: {', '.join(left)} form a circle",
                    f"{name} si calcola da sé: {', '.join(left)} sono in circolo",
                )
                measures[name].error(
                    "measures.cyclic",
                    message,
                    Words(
                        "Let one of them count credits or be loaded",
                        "Una conti crediti o sia caricata",
                    ),
                )
            break
        ordered.extend(ready)
        left = [name for name in left if name not in ready]
    return ordered


def _named_by(clause: Clause) -> list[str]:
    ratio = clause.optional("ratio")
    texts = [clause.word("formula")]
    if ratio is not None:
        texts += [ratio.word("of"), ratio.word("to")]
    return [name for text in texts if text for name in names_in(text)]


def read_measure(
    name: str,
    clause: Clause,
    words: Vocabulary,
    credit_rules: Mapping[str, CreditRule],
) -> Measure:
    """Read a measure.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    if clause.optional("of") is not None:
        return _read_summed(name, clause, words, credit_rules)
    per, over = read_per(clause, words), cast("PeriodKind", clause.word("over", "month"))
    if clause.optional("loaded") is not None:
        return _read_loaded(name, clause, words, over, per)
    if clause.optional("ratio") is not None:
        return _read_ratio(name, clause, words, over, per)
    formula = clause.part("formula")
    read = read_cell_formula(formula, words, over)
    if not read.unit.is_number:
        message = gives_words(read)
        raise formula.refuse(
            "unit.unexpected", message, Words("A measure is a number", "Una misura è un numero")
        )
    return FormulaMeasure(name, read, read.unit, clause.path, over, per)


def read_per(clause: Clause, words: Vocabulary) -> Per:
    """Read whose figure it is."""
    text = clause.word("per", "payee")
    if text == "payee":
        return PAYEE
    if text.startswith("team along "):
        return Per("team", text.removeprefix("team along "))
    is_paid = any(per.kind == text for per in words.figures.subjects.values())
    if text in {"territory", "category"} - words.payee_attributes.keys() and not is_paid:
        hint = Words(
            f"Declare attributes: {{payee: {{{text}: text}}}}; it says which one a payee reads",
            f"Dichiara attributes: {{payee: {{{text}: text}}}}: dice quale ha il beneficiario",
        )
        clause.part("per").warning(
            "measure.no_own",
            Words(
                f"no payee has a {text} whose figure could be read",
                f"nessun beneficiario ha {text}, di cui leggere la grandezza",
            ),
            hint,
        )
    return Per(cast("Literal['territory', 'category', 'plan']", text))


def _read_over(clause: Clause) -> tuple[PeriodKind, Window | None]:
    text = clause.word("over", "month")
    if text.startswith("rolling "):
        return "month", Window("rolling", int(text.split()[1]))
    if text.endswith(" to date"):
        return "month", Window(cast("Literal['year to date', 'quarter to date']", text))
    return cast("PeriodKind", text), None


def _read_summed(
    name: str,
    clause: Clause,
    words: Vocabulary,
    credit_rules: Mapping[str, CreditRule],
) -> SummedMeasure:
    over, window = _read_over(clause)
    of = _credit_of(clause, credit_rules)
    names = words.fact_in_time(kind_of(credit_rules[of], credit_rules))
    function = next(word for word in FUNCTIONS if clause.optional(word) is not None)
    sums = _read_counted(clause.part(function), function, words)
    when = clause.optional("when")
    unit = Unit.COUNT if function in {"count", "distinct"} else sums.unit
    empty = clause.optional("empty")
    return SummedMeasure(
        name,
        sums,
        of,
        None if when is None else when.formula(names, Unit.BOOL),
        clause.part("dated_by").formula(names, Unit.DATE),
        cast(
            "Literal['leaves', 'leaves by its reversed share', 'stays']",
            clause.word("reversed_order", "leaves"),
        ),
        unit,
        clause.path,
        over,
        cast("Literal['sum', 'count', 'distinct', 'average']", function),
        read_per(clause, words),
        window,
        None if empty is None else stated(empty, unit, words.currency),
    )


def _credit_of(clause: Clause, credit_rules: Mapping[str, CreditRule]) -> str:
    """Return the name of the credit that a measure counts.

    Raises:
        ClauseRefused: after noting that there is none of that name.
    """
    if is_of_facts(clause):
        return credited_for(clause)
    of = clause.part("of")
    if of.text not in credit_rules:
        message = unknown_credit(of.text)
        named = [name for name in credit_rules if " " not in name]
        raise of.refuse("name.unknown", message, suggested(of.text, named))
    return of.text


def _read_counted(clause: Clause, function: str, words: Vocabulary) -> Formula:
    names = words.counted_credit
    if function == "count":
        if clause.text == "all":
            return read_formula("1", clause.path, names)
        clause.formula(names, Unit.BOOL)
        return read_formula(f"if {clause.text} then 1 else 0", clause.path, names)
    formula = clause.formula(names)
    if function == "distinct":
        if not formula.is_bare_name:
            hint = Words(
                "Write a name, such as order.category", "Scrivi un nome, come order.category"
            )
            raise clause.refuse(
                "measure.distinct",
                Words("only a name has different values", "solo un nome ha valori diversi"),
                hint,
            )
    elif not formula.unit.is_number:
        message = gives_words(formula)
        raise clause.refuse(
            "unit.unexpected", message, Words("It must give a number here", "Qui serve un numero")
        )
    return formula


def stated(clause: Clause, unit: Unit, currency: str) -> Fraction | None:
    """Read a stated outcome: a value of a unit, or None for an exception."""
    if clause.text == EXCEPTION:
        return None
    try:
        return clause.amount(unit, currency).value
    except NotAQuantity as error:
        hint = Words(
            f"Write exception, or a value like {example_of(unit, currency)}",
            f"Scrivi exception, o un valore come {example_of(unit, currency)}",
        )
        raise clause.refuse("value.pattern", no_number(error), hint) from None


def _read_loaded(
    name: str, clause: Clause, words: Vocabulary, over: PeriodKind, per: Per
) -> LoadedMeasure:
    unit = given_unit(clause.part("gives"), words.quantities)
    missing = clause.optional("missing")
    outcome: Fraction | Literal["last known"] | None = None
    if missing is not None and missing.text == "last known":
        outcome = "last known"
    elif missing is not None:
        is_zero = missing.text == "zero"
        outcome = Fraction(0) if is_zero else stated(missing, unit, words.currency)
    provisional = cast("Literal['counts', 'holds']", clause.word("provisional", "counts"))
    return LoadedMeasure(name, unit, clause.path, over, per, outcome, provisional)


def _read_ratio(
    name: str, clause: Clause, words: Vocabulary, over: PeriodKind, per: Per
) -> FormulaMeasure:
    ratio = clause.part("ratio")
    above, below = (read_cell_formula(ratio.part(key), words, over) for key in ("of", "to"))
    unit = Unit.RATE if above.unit is below.unit else above.unit.over(below.unit)
    if unit is None:
        message = Words(
            f"{unit_words(above.unit).en} cannot be divided by {unit_words(below.unit).en}",
            f"{unit_words(above.unit).it} non si divide per {unit_words(below.unit).it}",
        )
        raise ratio.refuse(
            "unit.mixed",
            message,
            Words(
                "Divide figures such as money by money", "Dividi grandezze come importi per importi"
            ),
        )
    zero = stated(ratio.part("zero"), unit, words.currency)
    quotient = f"({above.text}) / ({below.text})"
    text = quotient if zero is None else f"{quotient} else {ratio.word('zero')}"
    formula = _quotient(text, ratio.path, unit, above, below)
    return FormulaMeasure(name, formula, unit, clause.path, over, per)


def _quotient(text: str, path: str, unit: Unit, *parts: Formula) -> Formula:
    """Return a quotient of checked parts: a rate where both have one unit, pieces among them.

    Where it states nothing for a divisor of zero it cannot be worked out there.
    """
    expression = read_expression(text)
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    inputs = tuple(dict.fromkeys(name for part in parts for name in part.inputs))
    evaluate = compile_formula(expression)
    return Formula(text, path, expression, unit, names, frozenset(), evaluate, inputs)
