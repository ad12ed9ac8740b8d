"""A result's tables as CSV and Parquet, each with its digests."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from premia_cli.offline.results import ResultTable, Texts

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it was written.

    `content_sha256` is the digest of the rows, whatever the format: of each row, in order, the
    JSON array of its texts (null where there is none, no blanks, no escapes) and a line feed.
    """

    table: str
    rows: int
    content_sha256: str
    files: Mapping[str, str]
    """SHA-256 of each file by its name."""


def write_table(table: ResultTable, rows: Iterator[Texts], folder: Path) -> Written:
    """Write a table's rows into a folder, a few thousand at a time."""
    schema = pa.schema([(name, pa.string()) for name in table.names])
    as_csv, as_parquet = folder / f"{table.name}.csv", folder / f"{table.name}.parquet"
    hasher, count = hashlib.sha256(), 0
    with (
        as_csv.open("w", encoding="utf-8", newline="") as out,
        pq.ParquetWriter(as_parquet, schema, compression="zstd") as columns,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.names)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            count += len(some)
            hasher.update("".join(map(content_of, some)).encode())
            writer.writerows(some)
            arrays = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            columns.write_table(pa.Table.from_arrays(arrays, schema=schema))
    files = {path.name: sha256_of(path) for path in (as_csv, as_parquet)}
    return Written(table.name, count, hasher.hexdigest(), files)


def content_of(row: Texts) -> str:
    """Return what a row adds to the content's digest.

    >>> content_of(("A1", None, "12.50")).rstrip()
    '["A1",null,"12.50"]'
    """
    texts = [text or None for text in row]
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + "\n"


def sha256_of(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
