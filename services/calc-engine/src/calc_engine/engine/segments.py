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
from calc_engine.engine.id_halves import split
from calc_engine.engine.layout import UNREADABLE, Arranged, ParquetFile, Scale
from calc_engine.engine.refusal import FigureTooLarge
from premia_common.identifiers import derive_id

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


def write_segments(arranged: Arranged, folder: Path) -> None:
    """Write arranged relations as the files that `read_segments` reads.

    Payees and orders get the halves of their part of line ids, so that no run hashes them again.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes long to load, and no run writes them

    for name in (*LARGE, *SMALL, "unreadable"):
        table = arranged.tables[name]
        for (relation, column), scale in arranged.scales.items():
            if relation == name:
                number = table.schema.get_field_index(column)
                table = table.set_column(number, column, _decimals(table.column(column), scale))
        for kind, key in (("payee", "payee_id"), ("order", "order_id")):
            if name == f"{kind}s":
                halves = [split(derive_id(kind, each)) for each in table.column(key).to_pylist()]
                for half, column in enumerate(("id_high", "id_low")):
                    values = pa.array([pair[half] for pair in halves], pa.int64())
                    table = table.append_column(column, values)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def _decimals(units: pa.ChunkedArray, scale: Scale) -> pa.Array:
    """Return whole numbers of a scale as decimals of 18 digits.

    Raises:
        FigureTooLarge: if a number has more digits.
    """
    if scale.most >= 10**18:
        raise FigureTooLarge("the facts", f"{scale.most} has more than 18 digits")
    values = [
        None if each is None else Decimal(each).scaleb(-scale.places) for each in units.to_pylist()
    ]
    return pa.array(values, pa.decimal128(18, scale.places))


def _scale(bounds: Sequence[tuple[str | None, ...]], type_: pa.Decimal128Type) -> Scale:
    """Return a column's scale, and its largest size as the file's statistics tell it."""
    most = 10**type_.precision
    told = [bound for group in bounds for bound in group]
    if all(bound is not None for bound in told):
        most = max((abs(int(Decimal(bound or 0).scaleb(type_.scale))) for bound in told), default=0)
    return Scale(type_.scale, most)
