"""Sheets as CSV: UTF-8, the first line names the columns; comma or semicolon."""

import csv
import io

from plans_api.domain.sheet import Cell, CellKind, FileNotASheet, Grid

MEDIA_TYPE = "text/csv"


class CommaSeparatedSheets:
    """Writes and reads CSV; every value is text and is read as it is written."""

    media_type = MEDIA_TYPE

    def write(self, grid: Grid) -> bytes:
        """Return the file with the values as the plan writes them."""
        target = io.StringIO()
        rows = ([cell.shown or cell.text for cell in row] for row in grid)
        csv.writer(target, lineterminator="\r\n").writerows(rows)
        return b"\xef\xbb\xbf" + target.getvalue().encode()

    def read(self, content: bytes) -> Grid:
        """Return the cells of a file.

        Raises:
            FileNotASheet: if it is not UTF-8 or no CSV.
        """
        try:
            text = content.decode("utf-8-sig")
            header = text.partition("\n")[0]
            delimiter = ";" if header.count(";") > header.count(",") else ","
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except UnicodeDecodeError:
            raise FileNotASheet("it is not UTF-8; save it as CSV UTF-8") from None
        except csv.Error as error:
            raise FileNotASheet(str(error)) from None
        return [
            [Cell(CellKind.TEXT, value) if value else Cell(CellKind.EMPTY) for value in row]
            for row in rows
        ]
