"""What is said of words and numbers that are understood and mean nothing, and of too many."""

import re
from typing import Final

from premia_plan.language.syntax.refused import FormulaRefused
from premia_plan.language.syntax.span import Span
from premia_plan.language.words import Words

_SPLIT: Final = Words(
    "Split it: give a part its own name as a measure or table and use that name",
    "Dividerla: dare a una parte un nome come misura o tabella e usare quel nome",
)


def too_long(span: Span, longest: int) -> FormulaRefused:
    """Return that a formula is too long."""
    return FormulaRefused(
        "formula.too_long",
        span,
        Words(f"it is longer than {longest} characters", f"è più lunga di {longest} caratteri"),
        _SPLIT,
    )


def too_many_parts(span: Span, most: int) -> FormulaRefused:
    """Return that a formula has too many words and signs."""
    return FormulaRefused(
        "formula.too_long",
        span,
        Words(f"it has more than {most} words and signs", f"ha più di {most} parole e segni"),
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
    joined = re.sub(r"(?<=[\d.]) ?(?=[A-Za-z])", " * ", written, count=1)
    return FormulaRefused(
        "unit.unknown",
        span,
        Words(
            f"{written} is a number with something that is no unit",
            f"{written} è un numero con qualcosa che non è un'unità",
        ),
        Words(
            f"Write an operator between a number and a name: {joined}",
            f"Scrivere un operatore tra un numero e un nome: {joined}",
        ),
    )
