"""Arranged relations at rest: a folder of Parquet files, one per relation."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from calc_engine.engine.dimensions import with_dimensions
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


def read_segments(folder: Path) -> Arranged:
    """Return the relations of a folder; the large ones are left in their files."""
    scales: dict[tuple[str, str], Scale] = {}
    tables: dict[str, pa.Table] = {}
    for name in SMALL:
        tables[name] = pq.read_table(folder / f"{name}.parquet")
    tables["unreadable"] = UNREADABLE.empty_table()
    if (folder / "unreadable.parquet").exists():
        tables["unreadable"] = pq.read_table(folder / "unreadable.parquet")
    files = {}
    for name in LARGE:
        path = folder / f"{name}.parquet"
        metadata = pq.read_metadata(path)
        files[name] = ParquetFile(path, pq.read_schema(path))
        for number, column in enumerate(files[name].schema):
            if pa.types.is_decimal(column.type):
                scales[name, column.name] = _scale(metadata, number, column.type)
    rows = pq.read_metadata(folder / "orders.parquet").num_rows
    return with_dimensions(Arranged(tables, scales, rows, files))


def write_segments(arranged: Arranged, folder: Path) -> None:
    """Write arranged relations as the files that `read_segments` reads.

    Payees and orders get the halves of their part of line ids, so that no run hashes them again.
    """
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


def _scale(metadata: pq.FileMetaData, number: int, type_: pa.Decimal128Type) -> Scale:
    """Return a column's scale, and its largest size as the file's statistics tell it."""
    most = 10**type_.precision
    groups = [metadata.row_group(group).column(number) for group in range(metadata.num_row_groups)]
    if all(group.statistics is not None and group.statistics.has_min_max for group in groups):
        bounds = [b for g in groups for b in (g.statistics.min, g.statistics.max)]
        most = max((abs(int(Decimal(bound).scaleb(type_.scale))) for bound in bounds), default=0)
    return Scale(type_.scale, most)
