"""The lines that the Decimal loop writes, in the columns of the hand-written SQL."""

from collections.abc import Mapping
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from bench.decimal_loop.data import Order
from premia_common.identifiers import derive_id

PLAN = "agency-energy-bench"
COMPONENTS = ("base", "override", "accelerator")
WHATS = ("release", "reversal", "void_release", "held", "not_paid")
RELEASE, REVERSAL, VOID_RELEASE, HELD, NOT_PAID = range(5)

Place: TypeAlias = tuple[int, str, int, str, str]
"""Component, path of the credit, what, share and event: what the plan makes a line's id of."""

_HALF = 1 << 64
_SCHEMA = pa.schema(
    [
        ("component", pa.int8()),
        ("payee_no", pa.int32()),
        ("principal_no", pa.int32()),
        ("what", pa.int8()),
        ("month", pa.int32()),
        ("competence", pa.int32()),
        ("units", pa.int64()),
        ("order_no", pa.int64()),
        ("place", pa.int8()),
        ("level", pa.int8()),
        ("share", pa.int8()),
        ("event", pa.int32()),
        ("reason", pa.int8()),
        ("rate_row", pa.int32()),
        ("id_high", pa.int64()),
        ("id_low", pa.int64()),
    ]
)


class Line(NamedTuple):
    """A line as its file has it."""

    component: int
    payee_no: int
    principal_no: int
    what: int
    month: int | None
    competence: int
    units: int
    order_no: int | None
    place: int | None
    level: int | None
    share: int | None
    event: int
    reason: int
    rate_row: int | None
    id_high: int
    id_low: int


class LineIds:
    """The ids of lines: of the order, the payee and the place in the plan, combined."""

    def __init__(self, payees: Mapping[int, tuple[int, int]]) -> None:
        self._payees = {0: halves(derive_id("payee", "").int), **payees}
        self._places: dict[Place, tuple[int, int]] = {}
        self._no_order = halves(derive_id("order", "").int)

    def of(self, order: Order | None, payee_no: int, place: Place) -> tuple[int, int]:
        """Return the halves of a line's id."""
        high, low = self._no_order if order is None else (order.id_high, order.id_low)
        found = self._places.get(place)
        if found is None:
            component, path, what, share, event = place
            parts = ("line", PLAN, COMPONENTS[component], path, WHATS[what], share, event)
            found = self._places[place] = halves(derive_id(*parts).int)
        payee_high, payee_low = self._payees[payee_no]
        return high ^ payee_high ^ found[0], low ^ payee_low ^ found[1]


def halves(value: int) -> tuple[int, int]:
    """Return 128 bits as two signed numbers.

    >>> halves((1 << 127) + 5)
    (-9223372036854775808, 5)
    """
    high, low = divmod(value, _HALF)
    return high - _HALF * (high >> 63), low - _HALF * (low >> 63)


def cents(amount: Decimal) -> int:
    """Return an amount in cents.

    >>> cents(Decimal("12.30"))
    1230
    """
    return int(amount.scaleb(2))


def write_lines(lines: list[Line], folder: Path) -> None:
    """Write the lines, sorted by payee."""
    folder.mkdir(parents=True, exist_ok=True)
    lines.sort(key=itemgetter(1))
    with pq.ParquetWriter(folder / "lines.parquet", _SCHEMA, compression="zstd") as writer:
        for start in range(0, len(lines), 122_880):
            columns = zip(*lines[start : start + 122_880], strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA))
