"""What is said to people, in each of their languages."""

from collections.abc import Sequence
from typing import NamedTuple

from premia_plan.unit import Unit


class Words(NamedTuple):
    """One thing said in English and in Italian."""

    en: str
    it: str

    def __str__(self) -> str:
        return self.en


def same(text: str) -> Words:
    """Return words that both languages share, such as a formula."""
    return Words(text, text)


_UNITS = {
    Unit.MONEY: Words("an amount of money", "un importo"),
    Unit.RATE: Words("a percentage", "una percentuale"),
    Unit.COUNT: Words("a plain number", "un numero"),
    Unit.DATE: Words("a date", "una data"),
    Unit.TEXT: Words("a text", "un testo"),
    Unit.BOOL: Words("a condition", "una condizione"),
    Unit.DAYS: Words("a number of days", "un numero di giorni"),
    Unit.MONTHS: Words("a number of months", "un numero di mesi"),
}


def unit_words(unit: Unit) -> Words:
    """Say what a value of a unit is.

    >>> unit_words(Unit("money/kWh")).en, unit_words(Unit("kWh")).it
    ('an amount of money per kWh', 'una quantità in kWh')
    """
    if unit in _UNITS:
        return _UNITS[unit]
    if unit.startswith("money/"):
        per = " per ".join(unit.split("/")[1:])
        return Words(f"an amount of money per {per}", f"un importo per {per}")
    return Words(f"a quantity in {unit}", f"una quantità in {unit}")


_EXAMPLES = {
    Unit.MONEY: "12.50 EUR",
    Unit.RATE: "3 %",
    Unit.COUNT: "12",
    Unit.DATE: "2026-03-31",
    Unit.TEXT: '"gas"',
    Unit.BOOL: "true",
}


def example_of(unit: Unit, currency: str | None = None) -> str:
    """Return a value of a unit as one writes it in a formula.

    >>> example_of(Unit.DAYS), example_of(Unit("money/kWh"), "CHF")
    ('12 days', '12.50 CHF/kWh')
    """
    example = _EXAMPLES.get(unit)
    if example is None:
        over, _, per = unit.partition("/")
        example = f"12.50 EUR/{per}" if over == "money" else f"12 {unit}"
    return example if currency is None else example.replace("EUR", currency)


def either(options: Sequence[str]) -> Words:
    """Join options for a sentence.

    >>> either(["cent", "1", "10 %"])
    Words(en='cent, 1 or 10 %', it='cent, 1 o 10 %')
    """
    if len(options) < 2:
        return same("".join(options))
    first = ", ".join(options[:-1])
    return Words(f"{first} or {options[-1]}", f"{first} o {options[-1]}")
