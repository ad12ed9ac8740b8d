"""The rows of a plan's table as a sheet, and back into the plan's text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans_api.domain.sheet import (
    Cell,
    CellKind,
    Column,
    Grid,
    Holds,
    SheetRow,
    cell_of,
    holds_of,
    is_same_value,
    read_grid,
)
from premia_plan.checking.parameters import values_of
from premia_plan.document import Content, PlanDocument
from premia_plan.finding import pointer
from premia_plan.rewriting import replace_rows

DAYS = ("from", "to")


class TableNotFound(Exception):
    """Raised when a plan has no table of a name."""

    def __init__(self, table: str, known: Sequence[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(f"The plan has no table {table}.  Its tables are: {names}.")


class TableNotASheet(Exception):
    """Raised when the rows of a table hold more than single values."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The rows of table {table} hold more than single values; a sheet cannot show them.  "
            "Edit the document."
        )


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows a sheet changes, adds and removes."""

    changed: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class RateSheet:
    """A table's rows; columns are its keys, the days if it is dated, and what a row gives."""

    table: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, str], ...]

    def grid(self) -> Grid:
        """Return the sheet, the names of the columns first."""
        header = [Cell(CellKind.TEXT, column.name) for column in self.columns]
        return [
            header,
            *(
                [cell_of(column, row.get(column.name, "")) for column in self.columns]
                for row in self.rows
            ),
        ]

    def read(self, grid: Grid) -> tuple[SheetRow, ...]:
        """Return the rows of a sheet; values that are as they were keep their writing.

        The days may be left out where no row has any; otherwise a column that got lost would make
        rates hold forever.

        Raises:
            SheetNotReadable: naming every cell that cannot be taken.
        """
        dated = {name for name in DAYS if any(name in row for row in self.rows)}
        needed = [c.name for c in self.columns if c.name not in DAYS or c.name in dated]
        rows = read_grid(grid, self.columns, needed=needed)
        written = {
            (c.name, row[c.name]) for row in self.rows for c in self.columns if c.name in row
        }
        return tuple(SheetRow(row.number, self._as_written(row, written)) for row in rows)

    def _as_written(self, row: SheetRow, written: set[tuple[str, str]]) -> Mapping[str, str]:
        """Return a row in the table's order of columns, its values as the plan has them."""
        known: dict[str, str] = {}
        for column in self.columns:
            value = row.values.get(column.name)
            if value is None:
                continue
            alike = (
                text
                for name, text in sorted(written)
                if name == column.name and is_same_value(text, value)
            )
            known[column.name] = next(alike, value)
        return known

    def into(self, text: str, rows: Sequence[SheetRow]) -> str:
        """Return a plan's text with these rows in the table; comments are kept.

        Raises:
            TextNotRewritable: if the text's style does not allow it.
        """
        identity = [c.name for c in self.columns if c.name not in ("gives", "to")]
        place = pointer("tables", self.table, "rows")
        return replace_rows(text, place, [row.values for row in rows], identity=identity)

    def counts(self, rows: Sequence[SheetRow]) -> RowCounts:
        """Return how many rows a sheet changes, adds and removes."""
        old = [dict(row) for row in self.rows]
        new = [dict(row.values) for row in rows]
        fresh = [row for row in new if row not in old]
        gone = [row for row in old if row not in new]
        changed = min(len(fresh), len(gone))
        return RowCounts(changed, len(fresh) - changed, len(gone) - changed)


def rate_sheet(content: Mapping[str, Content], table: str) -> RateSheet:
    """Return a table of a document as a sheet.

    Raises:
        TableNotFound: if the document has no such table.
        TableNotASheet: if its rows hold more than single values.
    """
    tables = content.get("tables")
    known = tables if isinstance(tables, dict) else {}
    if table not in known:
        raise TableNotFound(table, sorted(known))
    shape = known[table]
    given = shape.get("rows") if isinstance(shape, dict) else None
    rows = [_row(item) for item in given] if isinstance(given, list) else None
    if not isinstance(shape, dict) or rows is None or None in rows:
        raise TableNotASheet(table)
    kept = tuple(row for row in rows if row is not None)
    currency = content.get("currency")
    parameters = values_of(PlanDocument(content, {}))
    columns = tuple(
        _column(name, shape, kept, currency if isinstance(currency, str) else "", parameters)
        for name in _names(shape, kept)
    )
    return RateSheet(table, columns, kept)


def _row(item: Content) -> Mapping[str, str] | None:
    if not isinstance(item, dict):
        return None
    values = {name: value for name, value in item.items() if isinstance(value, str)}
    return values if len(values) == len(item) else None


def _names(shape: Mapping[str, Content], rows: Sequence[Mapping[str, str]]) -> list[str]:
    keys = shape.get("keys")
    declared = (
        [name for key in keys if isinstance(key, dict) for name in key]
        if isinstance(keys, list)
        else []
    )
    days = list(DAYS) if "dated_by" in shape else []
    found = list(dict.fromkeys((*declared, *days, *(name for row in rows for name in row))))
    return [name for name in found if name != "gives"] + ["gives"]


def _column(
    name: str,
    shape: Mapping[str, Content],
    rows: Sequence[Mapping[str, str]],
    currency: str,
    parameters: Mapping[str, str],
) -> Column:
    """Return a column; names of the plan's parameters may stand for what a row gives."""
    if name in DAYS:
        return Column(name, Holds.DAY)
    written = [row[name] for row in rows if name in row]
    if name != "gives":
        holds, found = holds_of(written)
        return Column(name, holds, found)
    holds, found = holds_of([parameters.get(value, value) for value in written])
    if shape.get("gives") in ("percent", "money"):
        holds = Holds.PERCENT if shape["gives"] == "percent" else Holds.MONEY
        found = currency
    return Column(name, holds, found, frozenset(parameters))
