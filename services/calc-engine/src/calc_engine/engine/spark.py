"""A program worked out by the workers of a Spark Connect server: Spark itself, or Sail.

What is kept between two statements is written to a folder that all of them see, since such servers
would otherwise work it out anew for everyone who reads it. Numbers are read and kept in 64 bits
throughout, so that no server picks a narrower type of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql

from calc_engine.engine.cluster import Cluster
from calc_engine.engine.ir import Kind, columns_of
from calc_engine.engine.layout import Arranged, kind_of
from calc_engine.engine.program import Program
from calc_engine.engine.prune import last_reads
from calc_engine.engine.refusal import ClusterFailed, FigureTooLarge
from calc_engine.engine.sql import Printer
from calc_engine.engine.widths import width_of

Columns = Mapping[str, Kind]

_TYPES = {
    Kind.WHOLE: "BIGINT",
    Kind.WIDE: "DECIMAL(38, 0)",
    Kind.TEXT: "STRING",
    Kind.DATE: "DATE",
    Kind.BOOL: "BOOLEAN",
}
_ARROW = {
    Kind.WHOLE: pa.int64(),
    Kind.WIDE: pa.decimal128(38, 0),
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.BOOL: pa.bool_(),
}
_WIDTHS = {"INTEGER": pa.int32(), "SMALLINT": pa.int16(), "TINYINT": pa.int8()}
_TOO_LARGE = ("overflow", "out of range", "out_of_range", "can't cast")
"""How servers say that a number does not fit, in whatever case."""


class Spark:
    """One session on a cluster, for one calculation."""

    def __init__(self, cluster: Cluster) -> None:
        self._printer = Printer("spark")
        self._columns: dict[str, Columns] = {}
        self._shared = TemporaryDirectory(prefix="calculation-", dir=cluster.exchange)
        self._folder = Path(self._shared.name)
        # The cluster's workers write beside this process, as members of its group.
        self._folder.chmod(0o770)
        try:
            with _told("the connection"):
                self._session = SparkSession.builder.remote(cluster.url).create()
        except BaseException:
            self._shared.cleanup()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._session.stop()
        finally:
            self._shared.cleanup()

    def open(self, arranged: Arranged) -> None:
        """Make arranged relations readable under their names.

        Those in files are read by the cluster where they lie, so their folder must be shared too.
        """
        self.load(arranged.tables)
        for name, file in arranged.files.items():
            with _told(name):
                frame = self._session.read.parquet(str(file.path))
                frame.selectExpr(*map(_read_column, file.schema)).createTempView(name)
            self._columns[name] = {column.name: kind_of(column.type) for column in file.schema}

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        """Make Arrow tables readable under their names."""
        for name, table in tables.items():
            columns = {column.name: kind_of(column.type) for column in table.schema}
            path = self._folder / f"{name}.parquet"
            pq.write_table(table.cast(_schema(columns)), path)
            self._name(name, path, columns)

    def run(self, program: Program) -> None:
        """Work a program out; its results can be read afterwards.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
            ClusterFailed: if the cluster does not answer, or cannot do it.
        """
        self.load(program.given)
        done_with = last_reads(program)
        for place, step in enumerate(program.steps):
            with _told(step.name):
                frame = self._session.sql(self._printer.text(step.relation))
                self._columns[step.name] = columns_of(step.relation)
                if step.is_kept:
                    path = self._folder / step.name
                    frame.write.parquet(str(path))
                    self._name(step.name, path, self._columns[step.name])
                else:
                    frame.createTempView(step.name)
            for name in done_with.get(place, ()):
                rmtree(self._folder / name)

    def read(self, name: str) -> pa.Table:
        """Return a named relation.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
            ClusterFailed: if the cluster does not answer, or cannot do it.
        """
        with _told(name):
            found = self._session.table(name).toArrow()
        return found.cast(_schema(self._columns[name]))

    def write(self, name: str, path: Path, order: tuple[str, ...]) -> None:
        """Write a named relation as Parquet, sorted; small numbers take little room.

        The cluster sorts; this process only puts the parts that it wrote one after another.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
            ClusterFailed: if the cluster does not answer, or cannot do it.
        """
        written = self._folder / f"written-{name}"
        with _told(name):
            frame = self._session.table(name)
            if order:
                frame = frame.orderBy(*(sql.col(column).asc_nulls_last() for column in order))
            frame.write.parquet(str(written))
            _join(written, path, _schema(self._columns[name], narrow=True), order)
        rmtree(written)

    def _name(self, name: str, path: Path, columns: Columns) -> None:
        """Make files readable; the columns are told, as a relation without rows has no file."""
        told = ", ".join(f"`{column}` {_TYPES[kind]}" for column, kind in columns.items())
        with _told(name):
            self._session.read.schema(told).parquet(str(path)).createTempView(name)
        self._columns[name] = columns


def _schema(columns: Columns, *, narrow: bool = False) -> pa.Schema:
    """Return the Arrow types of columns, small numbers in few bits where they are to be narrow."""
    widths = {name: width_of(name) if narrow else None for name in columns}
    return pa.schema(
        [
            (name, _ARROW[kind] if (width := widths[name]) is None else _WIDTHS[width])
            for name, kind in columns.items()
        ]
    )


def _join(source: Path, target: Path, schema: pa.Schema, order: Sequence[str]) -> None:
    """Write the parts of a sorted relation as one file, in the order of their first rows."""
    parts = [pq.ParquetFile(part) for part in source.glob("*.parquet")]
    found = [part for part in parts if part.metadata.num_rows]
    found.sort(key=lambda part: _first(part, order))
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for part in found:
            for batch in part.iter_batches(122_880):
                table = pa.Table.from_batches([batch]).select(schema.names)
                writer.write_table(table.cast(schema))


def _first(part: pq.ParquetFile, order: Sequence[str]) -> tuple[tuple[bool, int], ...]:
    """Return by what the first row of a part is sorted; what is unknown comes last."""
    [batch] = [next(part.iter_batches(1, columns=list(order)))] if order else [None]
    row = batch.to_pylist()[0] if batch is not None else {}
    return tuple((row[column] is None, row[column] or 0) for column in order)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say what could not be worked out where a number did not fit or the cluster failed."""
    try:
        yield
    except (PySparkException, pa.ArrowInvalid) as error:
        problem = str(error).strip().splitlines()[0]
        if any(words in str(error).lower() for words in _TOO_LARGE):
            raise FigureTooLarge(name, problem) from error
        raise ClusterFailed(name, problem) from error


def _read_column(column: pa.Field) -> str:
    """Return how a column of a file is read: a decimal as a whole number of its scale."""
    name, kind = f"`{column.name}`", kind_of(column.type)
    value = name
    if pa.types.is_decimal(column.type):
        value = f"{name} * CAST({10**column.type.scale} AS DECIMAL(5, 0))"
    return f"CAST({value} AS {_TYPES[kind]}) AS {name}"
