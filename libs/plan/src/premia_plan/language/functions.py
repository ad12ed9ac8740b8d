"""The functions of formulas: what each takes, gives, does and costs, in one table.

Except for `round`, which has a grammar of its own, a function is defined here and nowhere else:
the grammar, the check of units, evaluation and the published description all read this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from premia_plan.language.dates import (
    add_days,
    add_months,
    completed_months,
    day_of,
    first_day,
    last_day,
    started_months,
)
from premia_plan.language.words import Words
from premia_plan.unit import Unit

FunctionName: TypeAlias = Literal[
    "min",
    "max",
    "abs",
    "floor",
    "days between",
    "months between",
    "started months between",
    "add days",
    "add months",
    "first day of month",
    "first day of quarter",
    "first day of half",
    "first day of year",
    "last day of month",
    "last day of quarter",
    "last day of half",
    "last day of year",
    "year of",
    "quarter of",
    "month of",
    "day of month",
    "day",
]

NUMBER: Final = "number"
SAME: Final = "same"

Takes: TypeAlias = "str | tuple[Unit, ...]"
"""What an argument may be: `number` of any unit, `same` as the others, or one of some units."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a function; the last may be repeated where the function says so."""

    name: str
    takes: Takes


@dataclass(frozen=True, slots=True)
class Example:
    """A formula without names, and its value as text."""

    formula: str
    gives: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function: all arguments are known values when it is computed.

    `gives` is its unit, or None when it is the unit of its first argument.
    """

    name: FunctionName
    parameters: tuple[Parameter, ...]
    gives: Unit | None
    compute: Callable[..., Any]
    doc: Words
    example: Example
    repeats: bool = False

    @property
    def signature(self) -> str:
        """How it is called."""
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"{self.name}({names}{', …' if self.repeats else ''})"


_DATE = (Unit.DATE,)
_COUNT = (Unit.COUNT,)


def _dates(*names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name, _DATE) for name in names)


def _count(calculate: Callable[..., int]) -> Callable[..., Fraction]:
    return lambda *arguments: Fraction(calculate(*arguments))


_PERIODS = {
    "month": Words("month", "del mese"),
    "quarter": Words("quarter", "del trimestre"),
    "half": Words("half year", "del semestre"),
    "year": Words("year", "dell'anno"),
}


def _first(name: FunctionName, period: str) -> Function:
    words = _PERIODS[period]
    return Function(
        name,
        _dates("day"),
        Unit.DATE,
        lambda day: first_day(day, period),
        Words(
            f"The first day of the {words.en} in which a day lies.",
            f"Il primo giorno {words.it} in cui cade una data.",
        ),
        Example(f"{name}(2026-05-20)", first_day(date(2026, 5, 20), period).isoformat()),
    )


def _last(name: FunctionName, period: str) -> Function:
    words = _PERIODS[period]
    return Function(
        name,
        _dates("day"),
        Unit.DATE,
        lambda day: last_day(day, period),
        Words(
            f"The last day of the {words.en} in which a day lies.",
            f"L'ultimo giorno {words.it} in cui cade una data.",
        ),
        Example(f"{name}(2026-05-20)", last_day(date(2026, 5, 20), period).isoformat()),
    )


_NUMBERS = (
    Function(
        "min",
        (Parameter("a", SAME), Parameter("b", SAME)),
        None,
        min,
        Words(
            "The least of its arguments, which are numbers or dates of one unit.",
            "Il minore degli argomenti, numeri o date della stessa unità.",
        ),
        Example("min(12, 7, 9)", "7"),
        repeats=True,
    ),
    Function(
        "max",
        (Parameter("a", SAME), Parameter("b", SAME)),
        None,
        max,
        Words(
            "The greatest of its arguments, which are numbers or dates of one unit.",
            "Il maggiore degli argomenti, numeri o date della stessa unità.",
        ),
        Example("max(-3 %, 0)", "0"),
        repeats=True,
    ),
    Function(
        "abs",
        (Parameter("x", NUMBER),),
        None,
        abs,
        Words("A number without its sign.", "Un numero senza il segno."),
        Example("abs(-12.50)", "12.5"),
    ),
    Function(
        "floor",
        (Parameter("x", NUMBER),),
        None,
        lambda value: Fraction(value.numerator // value.denominator),
        Words(
            "The largest whole number that is not above x; floor(-1.5) is -2.",
            "Il più grande numero intero non superiore a x; floor(-1.5) vale -2.",
        ),
        Example("floor(7.9)", "7"),
    ),
)

_DATES = (
    Function(
        "days between",
        _dates("first", "last"),
        Unit.DAYS,
        lambda since, until: Fraction((until - since).days),
        Words(
            "The days from one date to another; negative when the second is earlier.",
            "I giorni da una data a un'altra; negativi se la seconda viene prima.",
        ),
        Example("days between(2026-03-01, 2026-03-31)", "30"),
    ),
    Function(
        "months between",
        _dates("first", "last"),
        Unit.MONTHS,
        _count(completed_months),
        Words(
            "The completed months from one date to another; from the 31st a shorter month is "
            "complete on its last day.",
            "I mesi compiuti da una data a un'altra; dal 31 un mese più corto si compie "
            "l'ultimo giorno.",
        ),
        Example("months between(2026-01-31, 2026-03-30)", "1"),
    ),
    Function(
        "started months between",
        _dates("first", "last"),
        Unit.MONTHS,
        _count(started_months),
        Words(
            "The completed months from one date to another, and one more for a month that has "
            "only begun.",
            "I mesi compiuti da una data a un'altra, più uno per il mese appena iniziato.",
        ),
        Example("started months between(2026-01-15, 2026-02-16)", "2"),
    ),
    Function(
        "add days",
        (Parameter("day", _DATE), Parameter("n", (Unit.DAYS, Unit.COUNT))),
        Unit.DATE,
        add_days,
        Words(
            "The date n days later, or earlier when n is negative; parts of a day are dropped.",
            "La data n giorni dopo, o prima se n è negativo; le frazioni di giorno cadono.",
        ),
        Example("add days(2026-02-20, 14 days)", "2026-03-06"),
    ),
    Function(
        "add months",
        (Parameter("day", _DATE), Parameter("n", (Unit.MONTHS, Unit.COUNT))),
        Unit.DATE,
        add_months,
        Words(
            "The date n months later, or earlier; a month after the 31st is the month's last day.",
            "La data n mesi dopo, o prima; un mese dopo il 31 è l'ultimo giorno del mese.",
        ),
        Example("add months(2026-01-31, 1)", "2026-02-28"),
    ),
    _first("first day of month", "month"),
    _first("first day of quarter", "quarter"),
    _first("first day of half", "half"),
    _first("first day of year", "year"),
    _last("last day of month", "month"),
    _last("last day of quarter", "quarter"),
    _last("last day of half", "half"),
    _last("last day of year", "year"),
    Function(
        "year of",
        _dates("day"),
        Unit.COUNT,
        _count(lambda day: day.year),
        Words("The year of a date as a number.", "L'anno di una data, come numero."),
        Example("year of(2026-03-31)", "2026"),
    ),
    Function(
        "quarter of",
        _dates("day"),
        Unit.COUNT,
        _count(lambda day: (day.month + 2) // 3),
        Words("The quarter of a date, 1 to 4.", "Il trimestre di una data, da 1 a 4."),
        Example("quarter of(2026-03-31)", "1"),
    ),
    Function(
        "month of",
        _dates("day"),
        Unit.COUNT,
        _count(lambda day: day.month),
        Words("The month of a date, 1 to 12.", "Il mese di una data, da 1 a 12."),
        Example("month of(2026-03-31)", "3"),
    ),
    Function(
        "day of month",
        _dates("day"),
        Unit.COUNT,
        _count(lambda day: day.day),
        Words("The day of the month of a date, 1 to 31.", "Il giorno del mese, da 1 a 31."),
        Example("day of month(2026-03-31)", "31"),
    ),
    Function(
        "day",
        tuple(Parameter(name, _COUNT) for name in ("year", "month", "day")),
        Unit.DATE,
        day_of,
        Words(
            "The date of a year, month and day; a month without that day gives its last day.",
            "La data di anno, mese e giorno; un mese senza quel giorno dà l'ultimo giorno.",
        ),
        Example("day(2026, 2, 31)", "2026-02-28"),
    ),
)

FUNCTIONS: Final[Mapping[FunctionName, Function]] = {
    function.name: function for function in (*_NUMBERS, *_DATES)
}
"""Every function that is called as `name(argument, …)`, by its name."""
