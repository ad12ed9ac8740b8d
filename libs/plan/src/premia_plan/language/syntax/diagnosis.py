"""Why a text is not a formula, and what its writer probably meant."""

import re
from collections.abc import Callable, Iterator
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
_CALLED: Final = re.compile(r"([A-Za-z_][\w. ]*?)\s*\(")
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
    for start in (span.at - 1, span.at):
        for length in (2, 1):
            written = text[max(start, 0) : max(start, 0) + length]
            within = start >= 0 and start + length > span.at
            if within and written in _INSTEAD and (length == 2 or start == span.at):
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
    if text[span.at : span.at + 1] != "(":
        return None
    words = re.search(r"[A-Za-z_][\w. ]*$", text[: span.at])
    if words is None or words[0].strip() in RESERVED:
        return None
    called = words[0].strip()
    known = [*FUNCTIONS, "round"]
    near = get_close_matches(called, known, n=1, cutoff=0.6) or get_close_matches(
        called.split()[-1], known, n=1, cutoff=0.6
    )
    options = ", ".join(sorted(known))
    hint = Words(f"The functions are: {options}", f"Le funzioni sono: {options}")
    if near:
        hint = Words(f"Did you mean {near[0]}(…)?", f"Si intendeva {near[0]}(…)?")
    return FormulaRefused(
        "function.unknown",
        Span(words.start(), span.at),
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


def _no_operator(text: str, span: Span, expected: frozenset[str]) -> FormulaRefused | None:
    if "TIMES" not in expected or not (
        text[span.at : span.at + 1].isalnum() or text[span.at] in '_("'
    ):
        return None
    written = text[span.at : span.until]
    if written in RESERVED:
        return None
    return FormulaRefused(
        "formula.no_operator",
        span,
        Words(
            f"nothing joins {written} to what stands before it",
            f"nulla unisce {written} a quanto precede",
        ),
        Words(
            "Write +, -, *, /, a comparison, and or or between them",
            "Scrivere tra i due +, -, *, /, un confronto, and oppure or",
        ),
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


def too_long(span: Span, longest: int) -> FormulaRefused:
    """Return that a formula is too long."""
    return FormulaRefused(
        "formula.too_long",
        span,
        Words(f"it is longer than {longest} characters", f"è più lunga di {longest} caratteri"),
        _SPLIT,
    )


def too_deep(span: Span, deepest: int) -> FormulaRefused:
    """Return that a formula nests too deep."""
    return FormulaRefused(
        "formula.too_deep",
        span,
        Words(f"it nests more than {deepest} steps", f"ha più di {deepest} livelli annidati"),
        _SPLIT,
    )


_SPLIT = Words(
    "Split it: give a part its own name as a measure or table and use that name",
    "Dividerla: dare a una parte un nome come misura o tabella e usare quel nome",
)


def exponent(span: Span, largest: int) -> FormulaRefused:
    """Return that a power is not a small one."""
    return FormulaRefused(
        "formula.exponent",
        span,
        Words("the power is not a whole number that small", "la potenza non è un intero piccolo"),
        Words(f"Write a power from 0 to {largest}: x ^ 2", f"Da 0 a {largest}, come x ^ 2"),
    )


def reserved(span: Span, word: str) -> FormulaRefused:
    """Return that a word of the language stands where a value belongs."""
    return FormulaRefused(
        "formula.unreadable",
        span,
        Words(f"{word!r} does not fit there", f"{word!r} qui non è ammesso"),
        Words(
            f"{word} is a word of the language; a value is missing before it",
            f"{word} è una parola del linguaggio; prima manca un valore",
        ),
    )


def place(span: Span) -> FormulaRefused:
    """Return that a number cannot be rounded to zero."""
    return FormulaRefused(
        "formula.rounding",
        span,
        Words("nothing can be rounded to zero", "non si può arrotondare a zero"),
        Words("Write to: cent, to: 0.001 or to: 1", "Scrivere to: cent, to: 0.001 o to: 1"),
    )


def no_such_day(span: Span, written: str) -> FormulaRefused:
    """Return that a date is none."""
    return FormulaRefused(
        "formula.no_such_day",
        span,
        Words(
            f"{written} is not a day of the calendar", f"{written} non è un giorno del calendario"
        ),
        Words("Write year, month and day: 2026-03-31", "Scrivere anno, mese e giorno: 2026-03-31"),
    )


def escape(span: Span) -> FormulaRefused:
    """Return that a backslash stands before a letter that needs none."""
    return FormulaRefused(
        "formula.escape",
        span,
        Words(
            "a backslash stands before a letter that needs none",
            "una barra rovesciata precede una lettera che non la richiede",
        ),
        Words(
            'Write \\" for a quotation mark, \\\\ for a backslash, \\n for a new line',
            'Scrivere \\" per le virgolette, \\\\ per la barra, \\n per a capo',
        ),
    )


def too_many_digits(span: Span, most: int) -> FormulaRefused:
    """Return that a number has more digits than any plan needs."""
    return FormulaRefused(
        "number.too_large",
        span,
        Words(f"a number has more than {most} digits", f"un numero ha più di {most} cifre"),
        Words("Write a shorter number", "Scrivere un numero più corto"),
    )


def no_quantity(span: Span, written: str) -> FormulaRefused:
    """Return that a number stands before words that are no unit."""
    return FormulaRefused(
        "unit.unknown",
        span,
        Words(f"{written} has a unit that is none", f"{written} ha un'unità che non è tale"),
        Words(
            "Write a number with a currency or a unit of the plan: 12.50 EUR, 12 kWh",
            "Scrivere un numero con una valuta o un'unità del piano: 12.50 EUR, 12 kWh",
        ),
    )
