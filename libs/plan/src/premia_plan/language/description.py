"""The formula language described for editors and readers: words, operators, functions, names."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from premia_plan.language.arithmetic import LARGEST_BITS, ROUNDINGS
from premia_plan.language.functions import FUNCTIONS, Function, Parameter
from premia_plan.language.names import Names
from premia_plan.language.references import AFTER, BEFORE, Modifier
from premia_plan.language.syntax.grammar import NAME_PATTERN, RESERVED
from premia_plan.language.syntax.reader import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_LENGTH,
    MAX_PARTS,
)
from premia_plan.language.words import Words, example_of, unit_words
from premia_plan.quantities import NUMBER_PATTERN, UNIT_PATTERN
from premia_plan.unit import Unit

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

_PLAIN_UNITS: Final = (
    Unit.MONEY,
    Unit.RATE,
    Unit.COUNT,
    Unit.DATE,
    Unit.TEXT,
    Unit.BOOL,
    Unit.DAYS,
    Unit.MONTHS,
)

_TOKENS: Final = (
    (
        "number",
        NUMBER_PATTERN,
        "1 234.50",
        Words(
            "Decimals follow a point; blanks may part thousands.",
            "I decimali seguono un punto; uno spazio può separare le migliaia.",
        ),
    ),
    (
        "percentage",
        rf"{NUMBER_PATTERN} ?%",
        "3 %",
        Words("A hundredth of its number.", "Un centesimo del suo numero."),
    ),
    (
        "quantity",
        rf"{NUMBER_PATTERN} ?{UNIT_PATTERN}(?:/{UNIT_PATTERN})?",
        "30 days",
        Words(
            "A number with the plan's currency, days, months or a unit the plan declares; "
            "0.12 EUR/kWh is a price per unit.",
            "Un numero con la valuta del piano, days, months o un'unità dichiarata dal piano; "
            "0.12 EUR/kWh è un prezzo unitario.",
        ),
    ),
    (
        "date",
        r"\d{4}-\d{2}-\d{2}",
        "2026-03-31",
        Words("Year, month and day.", "Anno, mese e giorno."),
    ),
    (
        "text",
        r'"(?:[^"\\]|\\["\\nt])*"',
        '"gas"',
        Words(
            'In straight quotation marks; \\" stands for one inside.',
            'Tra virgolette diritte; \\" sta per una virgoletta interna.',
        ),
    ),
    (
        "name",
        NAME_PATTERN,
        None,
        Words(
            "A value of the plan in small letters, such as order.amount.",
            "Un valore del piano in minuscolo, come order.amount.",
        ),
    ),
)

_OPERATORS: Final = (
    (
        "+ -",
        "1 200 EUR + 50 EUR",
        "1250",
        Words("Values of one unit add up.", "Si sommano valori della stessa unità."),
    ),
    (
        "*",
        "1 200 EUR * 3 %",
        "36",
        Words(
            "Units are multiplied too: a quantity by its price gives money.",
            "Anche le unità si moltiplicano: quantità per prezzo dà un importo.",
        ),
    ),
    (
        "/ else",
        "1 200 EUR / (100 EUR - 100 EUR) else 0",
        "0",
        Words(
            "A quotient, and its value where the divisor is zero; a written divisor needs no else.",
            "Un quoziente, e il suo valore se il divisore è zero; con un divisore scritto "
            "else non serve.",
        ),
    ),
    (
        "^",
        "2 ^ 3",
        "8",
        Words("A small power, 0 to 4.", "Una piccola potenza, da 0 a 4."),
    ),
    (
        "= != < <= > >=",
        "92 % >= 90 %",
        "true",
        Words(
            "A comparison within one unit; false where a side is unknown.",
            "Un confronto nella stessa unità; falso se un lato non è noto.",
        ),
    ),
    (
        "starts with, ends with, contains",
        '"gas casa" starts with "gas"',
        "true",
        Words(
            "Asked of texts, capital letters apart from small ones.",
            "Per i testi; maiuscole e minuscole sono diverse.",
        ),
    ),
    (
        "in [ ], not in [ ]",
        '"gas" in ["gas", "power"]',
        "true",
        Words("Whether a value is one of a few.", "Se un valore è tra alcuni."),
    ),
    (
        "is known, is not known",
        "3 is known",
        "true",
        Words("Whether there is a value at all.", "Se un valore esiste."),
    ),
    (
        "otherwise",
        "(3 EUR) otherwise 0 EUR",
        "3",
        Words("A value, or another where it is unknown.", "Un valore, o un altro se non è noto."),
    ),
    (
        "if then else",
        "if 92 % >= 90 % then 100 EUR else 0",
        "100",
        Words(
            "One of two values; else is always written.",
            "Uno di due valori; else è obbligatorio.",
        ),
    ),
    (
        "and, or, not",
        "not false and true",
        "true",
        Words(
            "Conditions joined: not before and, and before or.",
            "Condizioni unite: not prima di and, and prima di or.",
        ),
    ),
    (
        "round( , to: )",
        "round(12.345 EUR, to: cent)",
        "12.35",
        Words(
            "The nearest multiple of a place: cent, 0.001, 1, 10 %. A third word says how: "
            "half_up (half away from zero, unless said otherwise), half_even, up, down.",
            "Il multiplo più vicino: cent, 0.001, 1, 10 %. Una terza parola dice come: half_up "
            "(la metà lontano da zero, se non detto), half_even, up, down.",
        ),
    ),
    (
        "reached, day of",
        None,
        None,
        Words(
            "order reached activated asks whether, day of activated when a state was reached; "
            "other facts are named: line reached delivered, day of line delivered.",
            "order reached activated chiede se, day of activated quando uno stato è stato "
            "raggiunto; per altri fatti: line reached delivered, day of line delivered.",
        ),
    ),
)


def language_description(scopes: Mapping[str, Names] | None = None) -> Mapping[str, Json]:
    """Return all there is to know of the formula language, as plain data.

    With `scopes` it also lists what formulas of each scope may name, for completion.
    """
    return {
        "language": 1,
        "tokens": [
            {"name": name, "pattern": pattern, "example": example, "doc": _told(doc)}
            for name, pattern, example, doc in _TOKENS
        ],
        "keywords": [*RESERVED, "to", "cent", *ROUNDINGS],
        "operators": [
            {
                "written": written,
                "doc": _told(doc),
                "example": None if formula is None else {"formula": formula, "gives": gives},
            }
            for written, formula, gives, doc in _OPERATORS
        ],
        "functions": [_function(function) for function in FUNCTIONS.values()],
        "references": [
            *(_modifier(words, "before", one) for words, one in BEFORE.items()),
            *(_modifier(words, "after", one) for words, one in AFTER.items()),
        ],
        "units": [
            {"unit": unit, "doc": _told(unit_words(unit)), "example": example_of(unit)}
            for unit in _PLAIN_UNITS
        ],
        "limits": {
            "characters": MAX_LENGTH,
            "parts": MAX_PARTS,
            "nesting": MAX_DEPTH,
            "digits": MAX_DIGITS,
            "exponent": MAX_EXPONENT,
            "bits": LARGEST_BITS,
        },
        "scopes": [_scope(name, names) for name, names in (scopes or {}).items()],
    }


def _told(words: Words) -> Mapping[str, Json]:
    return {"en": words.en, "it": words.it}


def _function(function: Function) -> Mapping[str, Json]:
    return {
        "name": function.name,
        "signature": function.signature,
        "parameters": [_parameter(parameter) for parameter in function.parameters],
        "repeats": function.repeats,
        "gives": function.gives,
        "doc": _told(function.doc),
        "example": {"formula": function.example.formula, "gives": function.example.gives},
    }


def _parameter(parameter: Parameter) -> Mapping[str, Json]:
    takes = [parameter.takes] if isinstance(parameter.takes, str) else list(parameter.takes)
    return {"name": parameter.name, "takes": takes}


def _modifier(words: str, place: str, modifier: Modifier) -> Mapping[str, Json]:
    return {
        "words": words,
        "place": place,
        "joins": modifier.of,
        "names": modifier.names,
        "doc": _told(modifier.doc),
    }


def _scope(scope: str, names: Names) -> Mapping[str, Json]:
    return {
        "scope": scope,
        "names": [
            {"name": name, "unit": unit, "doc": _told(unit_words(unit))}
            for name, unit in sorted(names.units.items())
        ],
        "states": sorted(names.states),
        "fact_states": [
            {"fact": fact, "states": sorted(states)}
            for fact, states in sorted(names.fact_states.items())
        ],
        "quantities": sorted(names.quantities),
        "figures": sorted(names.figures),
        "components": sorted(names.components),
        "hierarchies": sorted(names.hierarchies),
        "populations": sorted(names.populations),
    }
