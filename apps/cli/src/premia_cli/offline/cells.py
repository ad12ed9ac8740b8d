"""What the cells of offline tables may hold: how each kind is written, read and described."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from premia_plan.period import kind_of
from premia_plan.relations import Attribute

Cell: TypeAlias = Attribute | datetime
Read: TypeAlias = Callable[[str], Cell]

_NUMBER = r"-?[0-9]{1,20}(\.[0-9]{1,20})?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
_WORDS = {"true": True, "false": False}


class CellRefused(ValueError):
    """Raised when a cell does not hold what its column is for; says what to write instead."""

    def __init__(self, problem: str, what_to_do: str) -> None:
        self.problem = problem
        self.what_to_do = what_to_do
        super().__init__(f"{problem}. {what_to_do}")


@dataclass(frozen=True, slots=True)
class CellKind:
    """A kind of cell: its name in the manual, the pattern of its text, and how it is read."""

    name: str
    written: str
    pattern: str
    read: Read
    parquet: str


def _refused(text: str, noun: str, what_to_do: str) -> CellRefused:
    return CellRefused(f"{text[:80]!r} is not {noun}", what_to_do)


def read_text(text: str) -> str:
    """Return the text itself."""
    return text


def read_day(text: str) -> date:
    """Read a day.

    Raises:
        CellRefused: if it is not a day of the calendar.

    >>> read_day("2026-03-31")
    datetime.date(2026, 3, 31)
    """
    try:
        if re.fullmatch(_DAY, text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _refused(text, "a day of the calendar", "Write it like 2026-03-31")


def read_instant(text: str) -> datetime:
    """Read an instant with its offset.

    Raises:
        CellRefused: if it is none, or its offset is missing.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        hint = "Write it with its offset, like 2026-03-31T23:30:00+02:00"
        raise _refused(text, "an instant", hint)
    return instant


def read_period(text: str) -> str:
    """Read a period and return its text.

    Raises:
        CellRefused: if it is none.

    >>> read_period("2026-Q1")
    '2026-Q1'
    """
    try:
        kind_of(text)
    except ValueError:
        hint = "Write it like 2026-03, 2026-Q1, 2026-H1 or 2026"
        raise _refused(text, "a period", hint) from None
    return text


def read_month(text: str) -> str:
    """Read a month and return its text.

    Raises:
        CellRefused: if it is none.
    """
    if not re.fullmatch(_MONTH, text):
        raise _refused(text, "a month", "Write it like 2026-03")
    return text


def read_number(text: str) -> Decimal:
    """Read an exact number; zeros behind the last digit are dropped, so that 1200.00 is 1200.

    Raises:
        CellRefused: if it is not a number with a decimal point.

    >>> read_number("1200.50"), read_number("-0.000")
    (Decimal('1200.5'), Decimal('0'))
    """
    if not re.fullmatch(_NUMBER, text):
        hint = "Write digits with a decimal point and nothing between thousands, like 1200.50"
        raise _refused(text, "a number", hint)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _refused(text, "a number", "Write fewer digits") from None
    if not value:
        return Decimal(0)
    plain = value.normalize()
    return plain if int(plain.as_tuple().exponent) <= 0 else plain.quantize(Decimal(1))


def read_ratio(text: str) -> Decimal:
    """Read a ratio or a percentage; 95 % is 0.95.

    Raises:
        CellRefused: if it is neither.

    >>> read_ratio("95 %"), read_ratio("0.95")
    (Decimal('0.95'), Decimal('0.95'))
    """
    if text.endswith("%"):
        return read_number(str(read_number(text[:-1].rstrip()).scaleb(-2)))
    return read_number(text)


def read_count(text: str) -> Decimal:
    """Read a whole number from 1 on.

    Raises:
        CellRefused: if it is none.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise _refused(text, "a whole number from 1 on", "Write it like 1")
    return Decimal(text)


def read_flag(text: str) -> bool:
    """Read true or false.

    Raises:
        CellRefused: if it is neither.
    """
    if text not in _WORDS:
        raise _refused(text, "true or false", "Write true or false")
    return _WORDS[text]


TEXT = CellKind("text", "any text on one line", r"^.+$", read_text, "string")
DAY = CellKind("day", "`2026-03-31`", f"^{_DAY}$", read_day, "date32 or string")
INSTANT = CellKind(
    "instant",
    "`2026-03-31T23:30:00+02:00`, with its offset",
    rf"^{_DAY}[T ][0-9]{{2}}:[0-9]{{2}}.*$",
    read_instant,
    "timestamp with zone, or string",
)
PERIOD = CellKind(
    "period",
    "`2026-03`, `2026-Q1`, `2026-H1` or `2026`",
    r"^[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$",
    read_period,
    "string",
)
MONTH = CellKind("month", "`2026-03`", f"^{_MONTH}$", read_month, "string")
NUMBER = CellKind(
    "number",
    "`1200.50`: a decimal point, nothing between thousands",
    f"^{_NUMBER}$",
    read_number,
    "decimal128, integer or string; never a float",
)
RATIO = CellKind(
    "ratio",
    "`0.95` or `95 %`",
    rf"^{_NUMBER}( ?%)?$",
    read_ratio,
    "decimal128, integer or string; never a float",
)
COUNT = CellKind(
    "count", "`1`: a whole number from 1 on", r"^[1-9][0-9]{0,8}$", read_count, "integer"
)
FLAG = CellKind("flag", "`true` or `false`", "^(true|false)$", read_flag, "bool or string")
KINDS = (TEXT, DAY, INSTANT, PERIOD, MONTH, NUMBER, RATIO, COUNT, FLAG)
