"""The grammar of formulas."""

from collections.abc import Iterable
from typing import Final

from premia_plan.language.functions import FUNCTIONS
from premia_plan.language.references import AFTER, BEFORE, WORD_PATTERN
from premia_plan.quantities import NUMBER_PATTERN, UNIT_PATTERN

RESERVED: Final = (
    "and",
    "or",
    "not",
    "is",
    "in",
    "if",
    "then",
    "else",
    "otherwise",
    "known",
    "reached",
    "starts",
    "ends",
    "contains",
    "true",
    "false",
)
"""Words that no value of a plan can be called."""

NAME_PATTERN: Final = rf"{WORD_PATTERN}(?:\.{WORD_PATTERN})*"

_JOINING = (*RESERVED, "to", "of", "the", "below", "before", "among", "along", "per")
_NO_WORD = rf"(?!(?:{'|'.join(_JOINING)})\b)"
_UNIT = rf"{_NO_WORD}{UNIT_PATTERN}"


def _phrases(phrases: Iterable[str]) -> str:
    """Return a pattern of phrases, the longest first, with any blanks between their words."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(phrase.replace(" ", r"\s+") for phrase in ordered)


_ALONE = _phrases(words for words, one in AFTER.items() if one.names is None)
_NAMING = _phrases(words for words, one in AFTER.items() if one.names is not None)

GRAMMAR: Final = rf"""
?start: expression
?expression: IF expression "then" expression "else" expression -> choice
    | disjunction
?disjunction: conjunction ("or" conjunction)*
?conjunction: negation ("and" negation)*
?negation: NOT negation -> negated
    | comparison
?comparison: sum
    | sum COMPARE sum -> compared
    | sum MATCH sum -> compared
    | sum "is" KNOWN -> is_known
    | sum "is" NOT KNOWN -> is_unknown
    | sum "in" "[" listed ("," listed)* END -> is_in
    | sum NOT "in" "[" listed ("," listed)* END -> is_not_in
    | FACT "reached" NAME -> reached
?sum: product
    | sum PLUS product -> calculated
    | sum MINUS product -> calculated
?product: unary
    | product TIMES unary -> calculated
    | product "/" numeral -> divided
    | product "/" compound -> divided
    | product "/" compound "else" unary -> divided
?unary: numeral
    | compound
?compound: MINUS unary -> minus
    | fallback
?fallback: power
    | power "otherwise" unary -> otherwise
?power: atom
    | atom "^" NUMBER -> power
    | numeral "^" NUMBER -> power
?atom: literal
    | DAY_OF NAME NAME? NAME? -> day_of
    | BEFORE* NAME AFTER* -> named
    | FUNCTION "(" expression ("," expression)* CLOSE -> call
    | ROUND "(" expression "," "to" ":" place ("," MODE)? CLOSE -> rounded
    | OPEN expression CLOSE -> bracketed
?literal: DATE -> day
    | STRING -> text
    | TRUE -> yes
    | FALSE -> no
?numeral: QUANTITY -> quantity
    | RATE -> quantity
    | NUMBER -> quantity
?listed: numeral
    | literal
    | MINUS numeral -> negative
?place: CENT -> cent
    | numeral

COMPARE: "<=" | ">=" | "!=" | "=" | "<" | ">"
MATCH: /starts\s+with\b|ends\s+with\b|contains\b/
PLUS: "+"
MINUS: "-"
OPEN: "("
CLOSE: ")"
END: "]"
IF: "if"
NOT: "not"
KNOWN: "known"
TRUE: "true"
FALSE: "false"
CENT: "cent"
TIMES: "*"
DATE.9: /\d{{4}}-\d{{2}}-\d{{2}}(?!\d)/
QUANTITY.8: /{NUMBER_PATTERN} ?{_UNIT}(?:\/{_UNIT})?/
RATE.7: /{NUMBER_PATTERN} ?%/
NUMBER.6: /{NUMBER_PATTERN}/
STRING: /"(?:[^"\\]|\\.)*"/
ROUND.5: /round(?=\s*\()/
FUNCTION.5: /(?:{_phrases(FUNCTIONS)})(?=\s*\()/
DAY_OF.4: /day\s+of(?=\s)/
FACT.4: /{_NO_WORD}(?:credit\s+note|{WORD_PATTERN})(?=\s+reached\s)/
BEFORE.3: /(?:{_phrases(BEFORE)})(?=\s+{_NO_WORD}[a-z_])/
AFTER.3: /(?:{_ALONE})\b|(?:{_NAMING})\s+{WORD_PATTERN}/
MODE: /half_up|half_even|up|down/
NAME: /{NAME_PATTERN}/
%ignore /\s+/
"""
