"""The relations a calculation reads, as they lie in memory or in Parquet files.

Payees, orders and principals are numbered; texts stand beside the numbers once. Amounts are
whole numbers of a scale that the file or the arranging tells. Months are 202603.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from calc_engine.engine.ir import Kind

NOBODY = 0
"""The number of a payee who is named and not known."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a column of whole numbers is meant: over ten to `places`; none is larger than `most`."""

    places: int
    most: int

    @property
    def denominator(self) -> int:
        """What the whole numbers are over."""
        return int(10**self.places)


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A relation in a Parquet file; its decimals are read as whole numbers of their scale."""

    path: Path
    schema: pa.Schema


@dataclass(frozen=True, slots=True)
class Arranged:
    """The relations of one calculation.

    `rows` says how many orders there are at most; `scales` tells the numeric columns, by relation
    and column. Relations that are read once and may be large stay in their `files`.
    """

    tables: Mapping[str, pa.Table]
    scales: Mapping[tuple[str, str], Scale]
    rows: int
    files: Mapping[str, ParquetFile] = field(default_factory=dict)

    def scale(self, relation: str, column: str) -> Scale:
        """Return the scale of a numeric column."""
        return self.scales[relation, column]

    def columns(self, relation: str) -> dict[str, Kind]:
        """Return a relation's columns with their kinds."""
        found = self.files.get(relation)
        schema = self.tables[relation].schema if found is None else found.schema
        return {column.name: kind_of(column.type) for column in schema}


def kind_of(type_: pa.DataType) -> Kind:
    """Return the kind of an Arrow type; a decimal is read as a whole number of its scale."""
    if pa.types.is_boolean(type_):
        return Kind.BOOL
    if pa.types.is_date(type_):
        return Kind.DATE
    if pa.types.is_integer(type_) or pa.types.is_decimal(type_):
        return Kind.WHOLE
    return Kind.TEXT


PAYEES = pa.schema([("payee_no", pa.int64()), ("payee_id", pa.string())])
PRINCIPALS = pa.schema([("principal_no", pa.int32()), ("principal", pa.string())])
ORDERS = pa.schema(
    [
        ("plan_no", pa.int32()),
        ("order_no", pa.int64()),
        ("order_id", pa.string()),
        ("principal_no", pa.int32()),
        ("signed_on", pa.date32()),
        ("seller_no", pa.int64()),
        ("partner_no", pa.int64()),
        ("seller", pa.string()),
        ("partner", pa.string()),
        ("category", pa.string()),
        ("territory", pa.string()),
        ("amount", pa.int64()),
        ("currency", pa.string()),
        ("imputable_to", pa.string()),
        ("cause", pa.string()),
    ]
)
STATES = pa.schema([("order_no", pa.int64()), ("state", pa.string()), ("day", pa.date32())])
EDGES = pa.schema(
    [
        ("hierarchy", pa.string()),
        ("payee_no", pa.int64()),
        ("reports_to", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)
TREES = pa.schema([("tree", pa.string()), ("code", pa.string()), ("parent", pa.string())])
UNREADABLE = pa.schema([("order_no", pa.int64()), ("attribute_no", pa.int64())])
TARGETS = pa.schema(
    [("payee_no", pa.int64()), ("name", pa.string()), ("month", pa.int32()), ("amount", pa.int64())]
)
MEASUREMENTS = pa.schema(
    [("payee_no", pa.int64()), ("name", pa.string()), ("month", pa.int32()), ("value", pa.int64())]
)
ASSIGNMENTS = pa.schema(
    [
        ("plan_no", pa.int32()),
        ("payee_no", pa.int64()),
        ("principal_no", pa.int32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("accepted", pa.bool_()),
    ]
)


def attribute_column(name: str) -> str:
    """Return the column of a payee's or an order's own attribute.

    >>> attribute_column("kwp")
    'a_kwp'
    """
    return f"a_{name}"


def month_number(month: str) -> int:
    """Return a month as a whole number.

    >>> month_number("2026-03")
    202603
    """
    return int(month.replace("-", ""))
