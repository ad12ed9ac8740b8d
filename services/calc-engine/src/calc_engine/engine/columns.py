"""Rows as columns: exact numbers brought to one scale."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa

from calc_engine.engine.layout import Scale
from calc_engine.engine.refusal import FigureTooLarge


@dataclass(slots=True)
class ExactColumn:
    """Exact numbers of one column, brought to one scale when all are known."""

    values: list[Fraction | None] = field(default_factory=list)

    def array(self, name: str) -> tuple[pa.Array, Scale]:
        """Return them as whole numbers, and over what.

        Raises:
            FigureTooLarge: if one needs more than 63 bits.
        """
        known = [value for value in self.values if value is not None]
        places = max((_places(value) for value in known), default=0)
        units = [None if v is None else int(v * 10**places) for v in self.values]
        most = max((abs(unit) for unit in units if unit is not None), default=0)
        if most >= 1 << 63:
            raise FigureTooLarge("the facts", f"{name} needs more than 63 bits")
        return pa.array(units, pa.int64()), Scale(places, most)


def table_of(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Return rows as a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array(list(values), item.type) for values, item in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _places(value: Fraction) -> int:
    """Return the decimals of a number that has finitely many."""
    places, denominator = 0, value.denominator
    while 10**places % denominator:
        places += 1
    return places
