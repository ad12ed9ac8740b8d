"""CSV and Parquet files as rows of text, read one after the other."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_AT_ONCE = 10_000


class TableUnreadable(Exception):
    """Raised when a file as a whole cannot be used."""

    def __init__(self, file: str, problem: str, what_to_do: str) -> None:
        super().__init__(f"{file} cannot be used: {problem}. {what_to_do}.")


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and cells; what is no UTF-8 stays in the one cell that has it.

    Each line is read alone: a quote that is never closed costs its own row, not all that follow.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        head = next(lines, "")
        delimiter = ";" if ";" in head and "," not in head else ","
        if not head.strip():
            raise TableUnreadable(path.name, "it has no header", "Name the columns in line 1")
        yield 1, _cells_of(head, delimiter)
        for number, line in enumerate(lines, start=2):
            if line.strip():
                yield number, _cells_of(line, delimiter)


def _cells_of(line: str, delimiter: str) -> list[str]:
    line = line.rstrip("\r\n")
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return [line]
    return [cell.strip() for cell in cells]


def parquet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield row numbers from 1 and cells as text."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise TableUnreadable(path.name, str(error), "Write it as Parquet") from None
    with file:
        names = list(file.schema_arrow.names)
        for column in file.schema_arrow:
            if not _is_plain(column.type):
                problem = f"the column {column.name} holds {column.type}"
                hint = "Write exact values: string, decimal, integer, date, timestamp or bool"
                raise TableUnreadable(path.name, problem, hint)
        yield 0, names
        number = 0
        for batch in _batches(file, path.name):
            columns = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            for texts in zip(*columns, strict=True):
                number += 1
                yield number, list(texts)


def _batches(file: pq.ParquetFile, name: str) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(ROWS_AT_ONCE)
    except (pa.ArrowException, OSError) as error:
        raise TableUnreadable(name, str(error), "Write it again") from None


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return any(
        fits(kind)
        for fits in (
            types.is_string,
            types.is_large_string,
            types.is_decimal,
            types.is_integer,
            types.is_date,
            types.is_timestamp,
            types.is_boolean,
            types.is_null,
        )
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip()
