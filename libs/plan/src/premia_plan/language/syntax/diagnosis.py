"""Why a text is not a formula, and what its writer probably meant."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final, TypeAlias

from lark.exceptions import UnexpectedToken

from premia_plan.language.arithmetic import ROUNDINGS
from premia_plan.language.functions import FUNCTIONS
from premia_plan.language.syntax.grammar import RESERVED
from premia_plan.language.syntax.refused import FormulaRefused
from premia_plan.language.syntax.span import Span
from premia_plan.language.words import Words, either

_WORD: Final = re.compile(r"\w+")
_CALLED: Final = re.compile(r"\b([A-Za-z_][\w. ]*)\(")
_NEAR: Final = 80
"""How far around a mistake the name of a function is looked for."""

_TEXT_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]')
_CLOSES: Final = {"(": ")", "[": "]"}
_EXAMPLE = Words(
    "Write it like: credit.amount * commission_rate, or order.partner is known",
    "Esempi: credit.amount * commission_rate, oppure order.partner is known",
)

_INSTEAD: Final = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "**": "^",
    "!": "not",
    "\u00d7": "*",
    "·": "*",
    "÷": "/",
    ":": "/",
    ";": ",",
    "\u2212": "-",
    "\u2013": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "\u2018": '"',
    "\u2019": '"',
    "'": '"',
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
}
"""What people write, and what it is in a formula."""


def of_token(text: str, error: UnexpectedToken) -> FormulaRefused:
    """Return why a word that was read does not fit where it stands."""
    token = error.token
    at = len(text) if token.type == "$END" else (token.start_pos or 0)
    until = len(text) if token.type == "$END" else (token.end_pos or at + 1)
    expected = frozenset(error.accepts or error.expected or ())
    return _diagnosed(text, Span(at, until), expected)


def of_letter(text: str, at: int) -> FormulaRefused:
    """Return why a letter that begins nothing does not fit where it stands."""
    return _diagnosed(text, Span(at, min(at + 1, len(text))), frozenset())


Detector: TypeAlias = Callable[[str, Span, frozenset[str]], FormulaRefused | None]


def _diagnosed(text: str, span: Span, expected: frozenset[str]) -> FormulaRefused:
    for detect in _DETECTORS:
        found = detect(text, span, expected)
        if found is not None:
            return found
    if span.at >= len(text.rstrip()):
        return _ends_early(text, span)
    written = text[span.at : span.until]
    return FormulaRefused(
        "formula.unreadable",
        span,
        Words(f"{written!r} does not fit there", f"{written!r} qui non è ammesso"),
        _EXAMPLE,
    )


def _ends_early(text: str, span: Span) -> FormulaRefused:
    message = Words("the formula ends too early", "la formula finisce troppo presto")
    hint = Words(
        "Complete it; a value, a condition or a closing bracket is missing",
        "Completarla: manca un valore, una condizione o una parentesi chiusa",
    )
    if not text.strip():
        message = Words("the formula is empty", "la formula è vuota")
        hint = _EXAMPLE
    return FormulaRefused("formula.unreadable", span, message, hint)


def _decimal_comma(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    at = span.at
    if text[at : at + 1] != "," or not text[at - 1 : at].isdigit():
        return None
    if not text[at + 1 : at + 2].isdigit():
        return None
    return FormulaRefused(
        "formula.decimal_comma",
        span,
        Words("a number is written with a comma", "un numero è scritto con la virgola"),
        Words(
            "Decimals follow a point and thousands a blank: 1 234.50",
            "I decimali seguono un punto e le migliaia uno spazio: 1 234.50",
        ),
    )


def _foreign_sign(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    for start, length in ((span.at - 1, 2), (span.at, 2), (span.at, 1)):
        written = text[start : start + length] if start >= 0 else ""
        if written in _INSTEAD and len(written) == length:
            instead = _INSTEAD[written]
            return FormulaRefused(
                "formula.foreign_sign",
                Span(start, start + length),
                Words(f"{written} is not understood", f"{written} non è ammesso"),
                Words(f"Write {instead} instead", f"Scrivere invece {instead}"),
            )
    return None


def _percent(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    if text[span.at : span.at + 1] != "%":
        return None
    return FormulaRefused(
        "formula.percent",
        span,
        Words("% stands without a number before it", "manca il numero prima di %"),
        Words(
            "Write a number before it, as in 3 %; for a percentage of a value: value * 3 %",
            "Scrivere un numero prima, come 3 %; per una percentuale di un valore: valore * 3 %",
        ),
    )


def _open_text(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    if text[span.at : span.at + 1] != '"' or span.until - span.at > 1:
        return None
    return FormulaRefused(
        "formula.open_text",
        Span(span.at, len(text)),
        Words("a text begins here and does not end", "qui inizia un testo che non finisce"),
        Words(
            'End it with "; a quotation mark inside is written \\"',
            'Chiuderlo con "; una virgoletta all\'interno si scrive \\"',
        ),
    )


def _brackets(text: str) -> Iterator[tuple[int, str]]:
    """Give the brackets that have no partner."""
    opened: list[tuple[int, str]] = []
    for found in _TEXT_OR_BRACKET.finditer(text):
        sign = found[0]
        if sign in _CLOSES:
            opened.append((found.start(), sign))
        elif sign in ")]":
            if opened and _CLOSES[opened[-1][1]] == sign:
                opened.pop()
            else:
                yield found.start(), sign
                return
    yield from opened[-1:]


def _lonely_bracket(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    for at, sign in _brackets(text):
        if sign in ")]" and at == span.at:
            return FormulaRefused(
                "formula.bracket",
                Span(at, at + 1),
                Words(f"{sign} closes nothing", f"{sign} non chiude nulla"),
                Words(
                    "Remove it, or open the bracket before",
                    "Toglierla, o aprire prima la parentesi",
                ),
            )
        if sign in _CLOSES and span.at >= len(text.rstrip()):
            return FormulaRefused(
                "formula.bracket",
                Span(at, at + 1),
                Words(f"{sign} is not closed", f"{sign} non è chiusa"),
                Words(
                    f"Close it with {_CLOSES[sign]} where it ends",
                    f"Chiuderla con {_CLOSES[sign]} dove finisce",
                ),
            )
    return None


def _no_else(text: str, span: Span, expected: frozenset[str]) -> FormulaRefused | None:
    if "ELSE" not in expected or re.search(r"\bif\b", text[: span.at]) is None:
        return None
    before = text[: span.at]
    taken = re.search(r"/[^/]*\belse\b", before) is not None
    hint = Words(
        "Say what holds otherwise: if … then … else 0",
        "Indicare l'alternativa: if … then … else 0",
    )
    if taken:
        hint = Words(
            "The else was read as the result for a divisor of zero. Write both: "
            "if … then a / b else 0 else 0",
            "L'else è stato letto come risultato per divisore zero. Scriverli entrambi: "
            "if … then a / b else 0 else 0",
        )
    return FormulaRefused(
        "formula.no_else", span, Words("an if has no else", "un if non ha else"), hint
    )


def _capitals(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    found = _WORD.match(text, span.at)
    if found is None or found[0] == found[0].lower() or not found[0][0].isalpha():
        return None
    return FormulaRefused(
        "formula.capitals",
        Span(*found.span()),
        Words(
            f"{found[0]} is written with capitals",
            f"{found[0]} è scritto con lettere maiuscole",
        ),
        Words(
            f"Write names and words in small letters: {found[0].lower()}; a text goes in "
            f'quotation marks: "{found[0]}"',
            f"Nomi e parole sono in minuscolo: {found[0].lower()}; un testo va tra "
            f'virgolette: "{found[0]}"',
        ),
    )


def _unknown_function(text: str, span: Span, _expected: frozenset[str]) -> FormulaRefused | None:
    nearby = _CALLED.finditer(text, max(0, span.at - _NEAR), span.until + _NEAR)
    called = next((run for run in nearby if run.start() <= span.at < run.end()), None)
    if called is None:
        return None
    words = list(_WORD.finditer(text, *called.span(1)))
    for index, word in enumerate(words):
        if word[0] in RESERVED:
            words = words[index + 1 :]
    known = [*FUNCTIONS, "round"]
    for count in range(min(len(words), 4), 0, -1):
        near = get_close_matches(_tail(words, count), known, n=1, cutoff=0.6)
        if near:
            hint = Words(f"Did you mean {near[0]}(…)?", f"Si intendeva {near[0]}(…)?")
            return _no_function(words, count, hint)
    if not words or text[span.at] != "(":
        return None
    options = ", ".join(sorted(known))
    hint = Words(f"The functions are: {options}", f"Le funzioni sono: {options}")
    return _no_function(words, 1, hint)


def _tail(words: Sequence[re.Match[str]], count: int) -> str:
    return " ".join(word[0] for word in words[-count:])


def _no_function(words: Sequence[re.Match[str]], count: int, hint: Words) -> FormulaRefused:
    called = _tail(words, count)
    return FormulaRefused(
        "function.unknown",
        Span(words[-count].start(), words[-1].end()),
        Words(f"{called} is not a function", f"{called} non è una funzione"),
        hint,
    )


def _rounding(text: str, span: Span, expected: frozenset[str]) -> FormulaRefused | None:
    if "MODE" in expected:
        modes = either(list(ROUNDINGS))
        return FormulaRefused(
            "formula.rounding",
            span,
            Words("that is no way to round", "questo non è un modo di arrotondare"),
            Words(f"Write {modes.en}", f"Scrivere {modes.it}"),
        )
    if expected & {"TO", "CENT"} or (re.search(r"\bround\s*\([^()]*$", text[: span.at])):
        return FormulaRefused(
            "formula.rounding",
            span,
            Words("round does not say to what", "round non dice a che cosa"),
            Words(
                "Write round(value, to: cent), or to: 0.001, to: 1, to: 10 %",
                "Scrivere round(valore, to: cent), oppure to: 0.001, to: 1, to: 10 %",
            ),
        )
    return None


_SAID_OTHERWISE: Final = {
    "x": Words("To multiply, write *", "Per moltiplicare, scrivere *"),
    "times": Words("To multiply, write *", "Per moltiplicare, scrivere *"),
    "per": Words("To multiply, write *", "Per moltiplicare, scrivere *"),
    "of": Words(
        "For a percentage of a value, write value * 3 %",
        "Per una percentuale di un valore, scrivere valore * 3 %",
    ),
    "between": Words(
        "Write both ends: value >= 1 and value <= 3",
        "Scrivere i due estremi: valore >= 1 and valore <= 3",
    ),
}
"""What people write between two values, and how the language says it."""


def _no_operator(text: str, span: Span, expected: frozenset[str]) -> FormulaRefused | None:
    if "TIMES" not in expected or not (
        text[span.at : span.at + 1].isalnum() or text[span.at] in '_("'
    ):
        return None
    written = text[span.at : span.until]
    if written in RESERVED:
        return None
    hint = Words(
        "Write +, -, *, /, a comparison, and or or between them",
        "Scrivere tra i due +, -, *, /, un confronto, and oppure or",
    )
    return FormulaRefused(
        "formula.no_operator",
        span,
        Words(
            f"nothing joins {written} to what stands before it",
            f"nulla unisce {written} a quanto precede",
        ),
        _SAID_OTHERWISE.get(written.lower(), hint),
    )


def _equals_word(_text: str, span: Span, expected: frozenset[str]) -> FormulaRefused | None:
    if "KNOWN" not in expected:
        return None
    return FormulaRefused(
        "formula.is",
        span,
        Words("is asks only whether a value is known", "is chiede solo se un valore è noto"),
        Words(
            "Write is known or is not known; to compare, write = or !=",
            "Scrivere is known o is not known; per confrontare, = o !=",
        ),
    )


_DETECTORS: Final[tuple[Detector, ...]] = (
    _decimal_comma,
    _foreign_sign,
    _percent,
    _open_text,
    _unknown_function,
    _rounding,
    _equals_word,
    _lonely_bracket,
    _no_else,
    _capitals,
    _no_operator,
)
