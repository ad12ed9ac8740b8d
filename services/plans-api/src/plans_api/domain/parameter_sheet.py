"""The single numbers of a plan as a sheet: bands, shares, gates, caps; tables apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans_api.domain.sheet import (
    Cell,
    CellKind,
    Column,
    Grid,
    Holds,
    SheetFinding,
    SheetNotReadable,
    cell_of,
    holds_of,
    is_same_value,
    read_cell,
    read_grid,
)
from premia_plan.document import Content
from premia_plan.finding import pointer
from premia_plan.language import Words
from premia_plan.rewriting import replace_scalars

PLACE, VALUE = "place", "value"
_APART = ("tables", "examples", "valid", "language")


@dataclass(frozen=True, slots=True)
class ParameterSheet:
    """Every amount, percentage and number of a plan by its place, a JSON pointer."""

    values: Mapping[str, str]

    def grid(self) -> Grid:
        """Return the sheet, the names of the columns first."""
        header = [Cell(CellKind.TEXT, PLACE), Cell(CellKind.TEXT, VALUE)]
        return [
            header,
            *(
                [Cell(CellKind.TEXT, place), cell_of(_column(value), value)]
                for place, value in self.values.items()
            ),
        ]

    def read(self, grid: Grid) -> Mapping[str, str]:
        """Return the values that a sheet changes; a place that it leaves out stays as it is.

        Raises:
            SheetNotReadable: naming every cell that cannot be taken.
        """
        places = read_grid([row[:1] for row in grid], [Column(PLACE, Holds.TEXT)], needed=[PLACE])
        changed: dict[str, str] = {}
        findings: list[SheetFinding] = []
        for row in places:
            place = row.values[PLACE]
            if place not in self.values:
                hint = Words(
                    "Download the sheet again; a sheet changes values, it adds none",
                    "Scarica di nuovo il foglio: un foglio cambia valori, non ne aggiunge",
                )
                message = Words("the plan has no such value", "il piano non ha un tale valore")
                findings.append(SheetFinding(row.number, "A", PLACE, place, message, hint))
                continue
            cells = grid[row.number - 1][1:2] or [Cell(CellKind.EMPTY)]
            value = _read(cells[0], self.values[place], row.number)
            if isinstance(value, SheetFinding):
                findings.append(value)
            elif not is_same_value(value, self.values[place]):
                changed[place] = value
        if findings:
            raise SheetNotReadable(findings)
        return changed

    def into(self, text: str, changed: Mapping[str, str]) -> str:
        """Return a plan's text with other values; everything else stays to the letter.

        Raises:
            TextNotRewritable: if the text holds one of the values otherwise.
        """
        return replace_scalars(text, changed)


def _read(cell: Cell, before: str, row: int) -> str | SheetFinding:
    if cell.kind is CellKind.EMPTY or (cell.kind is CellKind.TEXT and not cell.text.strip()):
        hint = Words("Write it, or take the whole row out", "Scrivilo, o togli tutta la riga")
        message = Words("the value is missing", "manca il valore")
        return SheetFinding(row, "B", VALUE, "", message, hint)
    return read_cell(cell, _column(before), (row, 1, VALUE))


def parameter_sheet(content: Mapping[str, Content]) -> ParameterSheet:
    """Return the single numbers of a document."""
    values: dict[str, str] = {}
    for name, part in content.items():
        if name not in _APART:
            _collect(part, pointer(name), values)
    return ParameterSheet(values)


def _collect(part: Content, path: str, values: dict[str, str]) -> None:
    if isinstance(part, str):
        if holds_of([part])[0] is not Holds.TEXT:
            values[path] = part
        return
    pairs: Sequence[tuple[str | int, Content]] = (
        list(part.items()) if isinstance(part, dict) else list(enumerate(part))
    )
    for key, value in pairs:
        _collect(value, path + pointer(key), values)


def _column(value: str) -> Column:
    holds, currency = holds_of([value])
    return Column(VALUE, holds, currency)
