"""What kinds of facts and of periods are called in both languages, each with its article."""

from collections.abc import Mapping

from premia_plan.checked import FactKind
from premia_plan.language import Words
from premia_plan.period import PeriodKind

_FACTS: Mapping[FactKind, Words] = {
    "order": Words("an order", "un ordine"),
    "line": Words("a line", "una riga"),
    "activity": Words("an activity", "un'attività"),
    "bill": Words("a bill", "una fattura"),
    "payment": Words("a payment", "un pagamento"),
    "credit note": Words("a credit note", "una nota di credito"),
}
_PERIODS: Mapping[PeriodKind, Words] = {
    "month": Words("a month", "un mese"),
    "quarter": Words("a quarter", "un trimestre"),
    "half": Words("a half", "un semestre"),
    "year": Words("a year", "un anno"),
}


def fact_words(kind: FactKind) -> Words:
    """Return what a fact of a kind is called.

    >>> fact_words("bill").it
    'una fattura'
    """
    return _FACTS[kind]


def period_words(kind: PeriodKind) -> Words:
    """Return what a period of a kind is called.

    >>> period_words("half").it
    'un semestre'
    """
    return _PERIODS[kind]


def asked_over(name: str, own: PeriodKind, over: PeriodKind) -> Words:
    """Say that a figure of one kind of period is asked for in another."""
    its, asked = _PERIODS[own], _PERIODS[over]
    return Words(
        f"{name} is of {its.en} and is asked for in {asked.en}",
        f"{name} è di {its.it} e si chiede in {asked.it}",
    )


def not_known_of(name: str, kind: FactKind) -> Words:
    """Say that facts of a kind have nothing of a name."""
    fact = _FACTS[kind]
    return Words(f"{name} is not known of {fact.en}", f"{name} non è noto di {fact.it}")
