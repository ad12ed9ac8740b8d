"""Arranged relations written as files, as whoever hands a run its facts in files writes them."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from calc_engine.engine.id_halves import split
from calc_engine.engine.layout import Arranged, Scale
from calc_engine.engine.refusal import FigureTooLarge
from calc_engine.engine.segments import LARGE, SMALL
from premia_common.identifiers import derive_id


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
