"""What is said of texts that cannot be read as what they stand for, in both languages."""

import re

from premia_plan.language import Formula, Words
from premia_plan.language.words import unit_words
from premia_plan.quantities import NotAQuantity, UnitUnreadable

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
LIKE_A_DAY = Words("Write a day like 2026-03-31", "Scrivi un giorno come 2026-03-31")
END_IS_OUT = Words(
    "The first day is in and the end day is out", "Il primo giorno è compreso, quello di fine no"
)


def no_number(error: NotAQuantity) -> Words:
    """Say that a text is no number with a unit, and why if that can be seen.

    >>> no_number(NotAQuantity("3,5 %")).it
    "'3,5 %' ha una virgola; i decimali vanno dopo un punto"
    """
    why = slip(error.text)
    if why is not None:
        return why
    return Words(
        str(error), f"{error.text!r} non è un numero; scrivilo come 1 200.50 EUR, 3 % o 12"
    )


def slip(text: str) -> Words | None:
    """Say what is wrong with a number as people often write or paste it, if it is that.

    >>> slip("1 250 €").en
    "'1 250 €' has the sign €; write EUR"
    """
    sign = next((sign for sign in _SIGNS if sign in text), None)
    shown = f"{text.replace(chr(0xA0), ' ').replace(chr(0x202F), ' ')!r}"
    if shown != repr(text) and re.search(r"\d", text):
        return Words(
            f"{shown} has blanks of another kind, as pasted text may; type them again",
            f"{shown} ha spazi di un altro tipo, come in un testo incollato; scrivili di nuovo",
        )
    if re.search(r"\d,\d", text):
        return Words(
            f"{shown} has a comma; decimals stand after a point",
            f"{shown} ha una virgola; i decimali vanno dopo un punto",
        )
    if sign is not None:
        code = _SIGNS[sign]
        return Words(
            f"{shown} has the sign {sign}; write {code}",
            f"{shown} ha il simbolo {sign}; scrivi {code}",
        )
    return None


def no_unit(error: UnitUnreadable) -> Words:
    """Say that a text names no unit."""
    return Words(
        str(error),
        f"{error.text!r} non è un'unità; scrivi money, rate, count, kWh oppure money/kWh",
    )


def no_day(text: str) -> Words:
    """Say that a text is no day of the calendar."""
    return Words(f"{text!r} is no day of the calendar", f"{text!r} non è un giorno del calendario")


def gives_words(formula: Formula) -> Words:
    """Say what a formula gives, where something else is wanted."""
    return Words(
        f"{formula.text} gives {unit_words(formula.unit).en}",
        f"{formula.text} dà {unit_words(formula.unit).it}",
    )
