"""Arranged relations at rest: a folder of Parquet files, one per relation.

They are read by DuckDB, which a calculation loads anyway: Arrow's own reader takes longer to load
than the small relations take to read.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from calc_engine.engine.dimensions import worked_out
from calc_engine.engine.layout import UNREADABLE, Arranged, ParquetFile, Scale

LARGE = ("orders", "states", "targets", "measurements")
SMALL = (
    "payees",
    "payee_attributes",
    "principals",
    "edges",
    "trees",
    "assignments",
)
_BOUNDS = """
SELECT file_name, path_in_schema, stats_min_value, stats_max_value FROM parquet_metadata(?)
"""
_ROWS = "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(?)"


def read_segments(folder: Path) -> Arranged:
    """Return the relations of a folder; the large ones are left in their files."""
    paths = {name: folder / f"{name}.parquet" for name in (*SMALL, *LARGE)}
    unreadable = folder / "unreadable.parquet"
    with duckdb.connect() as connection:
        tables = {
            name: connection.read_parquet(str(paths[name])).to_arrow_table() for name in SMALL
        }
        tables["unreadable"] = UNREADABLE.empty_table()
        if unreadable.exists():
            tables["unreadable"] = connection.read_parquet(str(unreadable)).to_arrow_table()
        files = {
            name: ParquetFile(
                paths[name],
                connection.read_parquet(str(paths[name])).limit(0).to_arrow_table().schema,
            )
            for name in LARGE
        }
        large = [str(paths[name]) for name in LARGE]
        bounds = connection.execute(_BOUNDS, [large]).fetchall()
        [(rows,)] = connection.execute(_ROWS, [[str(paths["orders"])]]).fetchall()
        scales = {
            (name, column.name): _scale(
                [row[2:] for row in bounds if row[:2] == (str(file.path), column.name)], column.type
            )
            for name, file in files.items()
            for column in file.schema
            if pa.types.is_decimal(column.type)
        }
        return worked_out(Arranged(tables, scales, rows, files), connection)


def _scale(bounds: Sequence[tuple[str | None, ...]], type_: pa.Decimal128Type) -> Scale:
    """Return a column's scale, and its largest size as the file's statistics tell it."""
    most = 10**type_.precision
    told = [bound for group in bounds for bound in group]
    if all(bound is not None for bound in told):
        most = max((abs(int(Decimal(bound or 0).scaleb(type_.scale))) for bound in told), default=0)
    return Scale(type_.scale, most)
