"""Sheets as Excel workbooks: the first worksheet, numbers as the file stores them."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from plans_api.domain.sheet import Cell, CellKind, FileNotASheet, Grid

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_CONTENT = 64 * 1024 * 1024
"""Bytes of a workbook when unpacked."""
MOST_ROWS = 50_000
MOST_COLUMNS = 100
_FORMATS = {CellKind.PERCENT: "0.##########%", CellKind.DAY: "yyyy-mm-dd"}


class ExcelSheets:
    """Writes and reads .xlsx; no macro, no formula."""

    media_type = MEDIA_TYPE

    def write(self, grid: Grid) -> bytes:
        """Return a workbook of one worksheet: percentages and days as such, text as text."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet("plan")
        sheet.freeze_panes = "A2"
        for number, row in enumerate(grid):
            cells = [_written(sheet, cell) for cell in row]
            if number == 0:
                for cell in cells:
                    cell.font = Font(bold=True)
            sheet.append(cells)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def read(self, content: bytes) -> Grid:
        """Return the cells of the first worksheet.

        Raises:
            FileNotASheet: if it is no workbook, or too large when unpacked.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(item.file_size for item in packed.infolist()) > LARGEST_CONTENT:
                    raise FileNotASheet("it is too large when unpacked")
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return _cells(book.worksheets[0].iter_rows())
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            zlib.error,
            ArithmeticError,
            AttributeError,
            LookupError,
            OSError,
            SyntaxError,
            TypeError,
            ValueError,
        ) as error:
            # A workbook is XML in a ZIP: each layer has errors of its own.
            raise FileNotASheet(f"it is no Excel workbook ({error})") from None


def _cells(rows: Iterable[tuple[Any, ...]]) -> list[list[Cell]]:
    grid = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise FileNotASheet(f"it has more than {MOST_ROWS} rows")
        if len(row) > MOST_COLUMNS:
            raise FileNotASheet(f"it has more than {MOST_COLUMNS} columns")
        grid.append([_read(cell) for cell in row])
    return grid


def _written(sheet: Any, cell: Cell) -> Any:
    written = WriteOnlyCell(sheet, _value(cell))
    if cell.kind is CellKind.TEXT:
        # Else a text that begins with `=` would become a formula.
        written.data_type = "s"
    if cell.kind in _FORMATS:
        written.number_format = _FORMATS[cell.kind]
    return written


def _value(cell: Cell) -> Any:
    if cell.kind is CellKind.DAY:
        return date.fromisoformat(cell.text)
    if cell.kind in (CellKind.NUMBER, CellKind.PERCENT):
        return Decimal(cell.text)
    return cell.text or None


def _read(cell: Any) -> Cell:  # noqa: PLR0911 - one per kind of cell
    value = cell.value
    if value is None:
        return Cell(CellKind.EMPTY)
    if cell.data_type == "f":
        return Cell(CellKind.FORMULA, str(value))
    if cell.data_type == "e":
        return Cell(CellKind.ERROR, str(value))
    if isinstance(value, datetime):
        at_midnight = value.time() == datetime.min.time()
        kind = CellKind.DAY if at_midnight else CellKind.OTHER
        return Cell(kind, value.date().isoformat() if at_midnight else value.isoformat())
    if isinstance(value, bool):
        return Cell(CellKind.OTHER, str(value))
    if isinstance(value, (int, float)):
        # The shortest digits that mean the stored number: what was typed.
        digits = format(Decimal(repr(value)), "f")
        is_percent = "%" in (cell.number_format or "")
        return Cell(CellKind.PERCENT if is_percent else CellKind.NUMBER, digits)
    return (
        Cell(CellKind.TEXT, value) if isinstance(value, str) else Cell(CellKind.OTHER, str(value))
    )
