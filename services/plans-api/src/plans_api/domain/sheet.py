"""Sheets of values as Excel and CSV hold them, read exactly or not at all."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from premia_plan.language.words import Words, same

EXACT_DIGITS = 15
"""So many digits of a number does a spreadsheet keep."""
_NUMBER = r"-?(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?"
_PERCENT = re.compile(rf"({_NUMBER}) ?%")
_MONEY = re.compile(rf"({_NUMBER}) ?([A-Z]{{3}})")
_PLAIN = re.compile(rf"({_NUMBER})")
_COMMA = re.compile(r"-?\d+(\.\d{3})*,\d+ ?(%|[A-Z]{3})?")


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    EMPTY = "empty"
    FORMULA = "formula"
    ERROR = "error"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: plain digits for a number, the ratio for a percentage (0.035 is 3.5 %).

    `shown` is the value as a plan writes it, where the cell comes from one.
    """

    kind: CellKind
    text: str = ""
    shown: str = field(default="", compare=False, repr=False)


Grid: TypeAlias = Sequence[Sequence[Cell]]
"""The rows of a sheet; the first names the columns."""


class Holds(StrEnum):
    """What the cells of a column are to hold."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `currency` is that of its amounts, `names` may stand for its values."""

    name: str
    holds: Holds
    currency: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """What is wrong with a cell; row and column as the spreadsheet names them."""

    row: int
    column: str
    name: str
    value: str
    message: Words
    hint: Words

    @property
    def _place(self) -> Words:
        """Where in the row; a column that is missing has no letter, and its message names it."""
        if not self.column:
            return same("")
        cell = f"{self.column} ({self.name})"
        return Words(f", column {cell}", f", colonna {cell}")

    def told(self) -> dict[str, str | int | None]:
        """Return it as the detail of a problem."""
        return {
            "pointer": f"/rows/{self.row}/{self.name}",
            "message": f"row {self.row}{self._place.en}: {self.message.en}. {self.hint.en}",
            "in_italian": f"riga {self.row}{self._place.it}: {self.message.it}. {self.hint.it}",
            "row": self.row,
            "column": self.column,
            "value": self.value,
        }


Wrong: TypeAlias = Callable[[Words, Words], SheetFinding]
"""Makes a finding of a message and a hint."""


class SheetNotReadable(Exception):
    """Raised when a sheet has cells that cannot be taken; `errors` names each."""

    def __init__(self, findings: Sequence[SheetFinding]) -> None:
        self.findings = tuple(findings)
        self.errors = [finding.told() for finding in findings]
        count = len(findings)
        super().__init__(
            f"{count} cell{'s' if count != 1 else ''} of the sheet cannot be taken; nothing was "
            "changed.  Correct what errors names and send the sheet again."
        )


class FileNotASheet(Exception):
    """Raised when bytes are not a spreadsheet of the kind they are said to be."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file cannot be read as a sheet: {reason}.  Download it and edit it.")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that was read: its number in the sheet and its values by column."""

    number: int
    values: Mapping[str, str]


def holds_of(values: Sequence[str]) -> tuple[Holds, str]:
    """Return what a column holds, judged by the values in it, and the currency of amounts.

    >>> holds_of(["2 500 EUR", "0 EUR"])
    (<Holds.MONEY: 'money'>, 'EUR')
    """
    amounts = [_MONEY.fullmatch(value) for value in values]
    currencies = {found[2] for found in amounts if found}
    if values and all(amounts) and len(currencies) == 1:
        return Holds.MONEY, currencies.pop()
    if values and all(_PERCENT.fullmatch(value) for value in values):
        return Holds.PERCENT, ""
    if values and all(_PLAIN.fullmatch(value) for value in values):
        return Holds.NUMBER, ""
    return Holds.TEXT, ""


def cell_of(column: Column, value: str) -> Cell:
    """Return the cell that shows a value of a plan.

    >>> cell_of(Column("gives", Holds.PERCENT), "3.5 %")
    Cell(kind=<CellKind.PERCENT: 'percent'>, text='0.035')
    """
    if not value:
        return Cell(CellKind.EMPTY)
    pattern = {Holds.PERCENT: _PERCENT, Holds.MONEY: _MONEY, Holds.NUMBER: _PLAIN}.get(column.holds)
    found = pattern.fullmatch(value) if pattern else None
    if found:
        digits = Decimal(found[1].replace(" ", ""))
        if len(digits.as_tuple().digits) <= EXACT_DIGITS:
            is_percent = column.holds is Holds.PERCENT
            kind = CellKind.PERCENT if is_percent else CellKind.NUMBER
            return Cell(kind, _plain(digits.scaleb(-2) if is_percent else digits), value)
    if column.holds is Holds.DAY and _day(value):
        return Cell(CellKind.DAY, value)
    return Cell(CellKind.TEXT, value)


def read_grid(
    grid: Grid, columns: Sequence[Column], *, needed: Sequence[str]
) -> tuple[SheetRow, ...]:
    """Return the rows of a sheet as a plan writes them; empty ones are left out.

    Raises:
        SheetNotReadable: naming every cell that cannot be taken.
    """
    known = {column.name: column for column in columns}
    header = [cell.text.strip() for cell in grid[0]] if grid else []
    findings = list(_of_the_header(header, known, needed))
    if findings:
        raise SheetNotReadable(findings)
    rows = []
    for number, cells in enumerate(grid[1:], start=2):
        values: dict[str, str] = {}
        for index, cell in enumerate(cells):
            place = (number, index, header[index] if index < len(header) else "")
            if cell.kind is CellKind.EMPTY or (
                cell.kind is CellKind.TEXT and not cell.text.strip()
            ):
                continue
            read = read_cell(cell, known.get(place[2]), place)
            if isinstance(read, SheetFinding):
                findings.append(read)
            else:
                values[place[2]] = read
        if values:
            rows.append(SheetRow(number, values))
    if findings:
        raise SheetNotReadable(findings)
    return tuple(rows)


def is_same_value(first: str, second: str) -> bool:
    """Say whether two texts are the same value, however their digits are grouped.

    >>> is_same_value("2 500.00 EUR", "2500 EUR"), is_same_value("3 %", "3.1 %")
    (True, False)
    """
    return first == second or _value(first) == _value(second)


def _value(text: str) -> tuple[object, ...]:
    if found := _PERCENT.fullmatch(text):
        return ("%", Decimal(found[1].replace(" ", "")))
    if found := _MONEY.fullmatch(text):
        return (found[2], Decimal(found[1].replace(" ", "")))
    if found := _PLAIN.fullmatch(text):
        return ("", Decimal(found[1].replace(" ", "")))
    return ("text", text)


def _of_the_header(
    header: Sequence[str], known: Mapping[str, Column], needed: Sequence[str]
) -> Iterator[SheetFinding]:
    listed = ", ".join(known)
    hint = Words(f"The columns are {listed}", f"Le colonne sono {listed}")
    unknown = Words("there is no such column", "non c'è una colonna di questo nome")
    twice = Words("the column is there twice", "la colonna c'è due volte")
    for index, name in enumerate(header):
        if name and name not in known:
            yield SheetFinding(1, letter(index), name, name, unknown, hint)
        if name and name in header[:index]:
            yield SheetFinding(1, letter(index), name, name, twice, hint)
    for name in needed:
        if name not in header:
            missing = Words(f"the column {name} is missing", f"manca la colonna {name}")
            yield SheetFinding(1, "", name, "", missing, hint)


def read_cell(cell: Cell, column: Column | None, place: tuple[int, int, str]) -> str | SheetFinding:
    """Return a cell as a plan writes it, or what is wrong with it.

    `place` is its row from 1, its column from 0 and the column's name.
    """

    def wrong(message: Words, hint: Words) -> SheetFinding:
        row, index, name = place
        return SheetFinding(row, letter(index), name, cell.text, message, hint)

    if column is None:
        return wrong(
            Words("the cell stands under no column name", "la cella sta sotto nessuna colonna"),
            Words("Name the column, or empty the cell", "Dai un nome alla colonna, o svuotala"),
        )
    if cell.kind is CellKind.FORMULA:
        return wrong(
            Words("it is a formula", "è una formula"),
            Words(
                "Paste it as a value: what was calculated cannot be kept",
                "Incollala come valore: ciò che è calcolato non si può conservare",
            ),
        )
    if cell.kind in (CellKind.ERROR, CellKind.OTHER):
        shown = cell.text or "it"
        return wrong(
            Words(f"{shown} is no value", f"{cell.text or 'questo'} non è un valore"),
            Words("Write a text, a number, a day", "Scrivi un testo, un numero, un giorno"),
        )
    if cell.kind in (CellKind.NUMBER, CellKind.PERCENT):
        return _read_number(cell, column, wrong)
    if cell.kind is CellKind.DAY and column.holds is not Holds.DAY:
        return wrong(Words(f"{cell.text} is a day", f"{cell.text} è un giorno"), _wanted(column))
    return _read_text(cell.text.strip(), column, wrong)


_WANTED = {
    Holds.TEXT: Words("text", "testi"),
    Holds.NUMBER: Words("numbers, like 12.5", "numeri, come 12.5"),
    Holds.PERCENT: Words("percentages, like 3.5 %", "percentuali, come 3.5 %"),
    Holds.MONEY: Words("amounts, like 1 200.50 EUR", "importi, come 1 200.50 EUR"),
    Holds.DAY: Words("days, like 2026-03-31", "giorni, come 2026-03-31"),
}
_PATTERNS = {Holds.PERCENT: _PERCENT, Holds.MONEY: _MONEY, Holds.NUMBER: _PLAIN}


def _wanted(column: Column) -> Words:
    held = _WANTED[column.holds]
    return Words(f"The column holds {held.en}", f"La colonna contiene {held.it}")


def _read_text(text: str, column: Column, wrong: Wrong) -> str | SheetFinding:
    hint = _wanted(column)
    if column.names:
        names = ", ".join(sorted(column.names))
        hint = Words(
            f"{hint.en}, or one of the plan's parameters: {names}",
            f"{hint.it}, o uno dei parametri del piano: {names}",
        )
    if text in column.names:
        return text
    if _COMMA.fullmatch(text):
        return wrong(
            Words(f"{text} has a comma", f"{text} ha una virgola"),
            Words(
                "Write decimals with a point, like 3.5 %",
                "Scrivi i decimali con un punto, come 3.5 %",
            ),
        )
    pattern = _PATTERNS.get(column.holds)
    if pattern is not None and pattern.fullmatch(text) is None:
        return wrong(
            Words(f"{text} does not fit the column", f"{text} non è adatto alla colonna"), hint
        )
    if column.holds is Holds.DAY and not _day(text):
        return wrong(Words(f"{text} is no day", f"{text} non è un giorno"), hint)
    return text


def _read_number(cell: Cell, column: Column, wrong: Wrong) -> str | SheetFinding:
    digits = Decimal(cell.text)
    if len(digits.normalize().as_tuple().digits) > EXACT_DIGITS:
        return wrong(
            Words(
                f"{cell.text} has more digits than a spreadsheet keeps",
                f"{cell.text} ha più cifre di quante un foglio di calcolo ne conservi",
            ),
            Words(
                f"Write it as text, or with at most {EXACT_DIGITS} digits",
                f"Scrivilo come testo, o con al massimo {EXACT_DIGITS} cifre",
            ),
        )
    is_percent = cell.kind is CellKind.PERCENT
    if is_percent is not (column.holds is Holds.PERCENT):
        held, number = _wanted(column), _plain(digits)
        return wrong(
            Words(
                f"{number} is {'a' if is_percent else 'no'} percentage",
                f"{number} {'è' if is_percent else 'non è'} una percentuale",
            ),
            Words(
                f"{held.en}: write it so, or format the cell so",
                f"{held.it}: scrivilo così, o formatta così la cella",
            ),
        )
    if is_percent:
        return f"{_plain(digits.scaleb(2))} %"
    if column.holds is Holds.DAY:
        return wrong(
            Words(f"{_plain(digits)} is no day", f"{_plain(digits)} non è un giorno"),
            Words("Format the cell as a date", "Formatta la cella come data"),
        )
    return f"{_plain(digits)} {column.currency}" if column.holds is Holds.MONEY else _plain(digits)


def letter(index: int) -> str:
    """Return a column's name as spreadsheets write it, counting from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _day(text: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None and bool(
            date.fromisoformat(text)
        )
    except ValueError:
        return False


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
