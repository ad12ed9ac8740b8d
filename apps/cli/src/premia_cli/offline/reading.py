"""Rows of tables from CSV and Parquet files, one after the other, every cell as text."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from premia_cli.offline.cells import Cell, CellRefused
from premia_cli.offline.columns import Column, Table
from premia_cli.offline.formats import TableUnreadable, csv_rows, parquet_rows
from premia_cli.offline.rejects import RejectedRow, Rejects

LONGEST_CELL = 10_000
FORMATS = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that fits its table: its place, its cells, and what it says beyond them."""

    file: str
    number: int
    cells: Mapping[str, Cell]
    further: Mapping[str, str]
    sha256: str


@dataclass(slots=True)
class FileRead:
    """A file that is being read: its rows so far, and columns that nobody asks for."""

    path: Path
    rows: int = 0
    further: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(slots=True)
class TableReader:
    """Reads the files of one table in a folder: `orders.csv`, `orders.parquet`, `orders-*.csv`."""

    table: Table
    folder: Path
    rejects: Rejects
    files: list[FileRead] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that fit, file by file in the order of their names.

        A row that does not fit is told to `rejects`, and the next one is read.

        Raises:
            TableUnreadable: if a file's columns do not fit, or it is no such file.
        """
        for path in files_of(self.table, self.folder):
            read = FileRead(path)
            self.files.append(read)
            yield from self._rows_of(read)
            read.sha256 = _sha256_of(path)

    def _rows_of(self, read: FileRead) -> Iterator[Row]:
        rows_of = parquet_rows if read.path.suffix == ".parquet" else csv_rows
        source = rows_of(read.path)
        _, header = next(source)
        fit = _Fit.of(self.table, header, read.path.name)
        read.further = fit.further
        for number, texts in source:
            read.rows += 1
            try:
                yield fit.row(number, texts)
            except _CellWrong as wrong:
                self.rejects.add(wrong.rejected)


def files_of(table: Table, folder: Path) -> list[Path]:
    """Return the files of a table in a folder, by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in FORMATS and (path.stem == table.name or _is_part(path.stem, table))
    )


def _is_part(stem: str, table: Table) -> bool:
    return stem.startswith(f"{table.name}-")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _CellWrong(Exception):
    def __init__(self, rejected: RejectedRow) -> None:
        self.rejected = rejected
        super().__init__(rejected.problem)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a file's columns stand to the table's."""

    file: str
    header: tuple[str, ...]
    declared: tuple[tuple[int, Column], ...]
    further: tuple[str, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, texts: Sequence[str], file: str) -> "_Fit":
        header = tuple(text.strip() for text in texts)
        known = table.by_name
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise TableUnreadable(file, f"the column {twice[0]} is there twice", "Leave one out")
        lacking = [
            column.name for column in table.columns if column.required and column.name not in header
        ]
        if lacking:
            problem = f"the column {lacking[0]} is missing"
            hint = f"The columns of {table.name} are {', '.join(known)}"
            raise TableUnreadable(file, problem, hint)
        further = tuple(name for name in header if name not in known)
        if further and table.further == "none":
            near = difflib.get_close_matches(further[0], known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Its columns are {', '.join(known)}"
            raise TableUnreadable(file, f"the column {further[0]!r} is not known", hint)
        declared = tuple((at, known[name]) for at, name in enumerate(header) if name in known)
        absent = tuple(name for name in known if name not in header)
        return cls(file, header, declared, further, absent)

    def row(self, number: int, texts: Sequence[str]) -> Row:
        if len(texts) != len(self.header):
            problem = f"it has {len(texts)} cells, the header has {len(self.header)}"
            hint = "Put text with commas, and nothing that spans lines, between double quotes"
            raise self._wrong(number, "", "; ".join(texts), CellRefused(problem, hint))
        cells: dict[str, Cell] = {}
        for at, column in self.declared:
            text = texts[at]
            try:
                if text or column.required:
                    cells[column.name] = _read(text, column)
            except CellRefused as error:
                raise self._wrong(number, column.name, text, error) from None
        values = dict(zip(self.header, texts, strict=True))
        further = {name: values[name] for name in self.further if values[name]}
        for name, text in further.items():
            try:
                _check_text(text)
            except CellRefused as error:
                raise self._wrong(number, name, text, error) from None
        return Row(self.file, number, cells, further, _sha256_of_row(cells, further))

    def _wrong(self, number: int, column: str, value: str, error: CellRefused) -> _CellWrong:
        shown = value[:200].encode("utf-8", "backslashreplace").decode()
        return _CellWrong(
            RejectedRow(self.file, number, column, shown, error.problem, error.what_to_do)
        )


def _read(text: str, column: Column) -> Cell:
    if not text:
        raise CellRefused("it is empty", f"Say {column.about}")
    _check_text(text)
    if column.choices and text not in column.choices:
        choices = ", ".join(column.choices)
        raise CellRefused(f"{text[:80]!r} is none of {choices}", f"Write one of {choices}")
    return column.kind.read(text)


def _check_text(text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise CellRefused(f"it has {len(text)} characters", f"At most {LONGEST_CELL} fit")
    if not text.isprintable():
        raise CellRefused(
            "it holds characters that are not UTF-8 or cannot be printed", "Save it as UTF-8 text"
        )


def _sha256_of_row(cells: Mapping[str, Cell], further: Mapping[str, str]) -> str:
    """Return the digest of what a row says, the same from CSV and from Parquet."""
    said = sorted([*((name, str(value)) for name, value in cells.items()), *further.items()])
    return hashlib.sha256(ascii(said).encode()).hexdigest()
