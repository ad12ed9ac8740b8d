"""A program worked out by the workers of a Spark Connect server: Spark itself, or Sail.

What is kept between two statements is written to a folder that all of them see, since such servers
would otherwise work it out anew for everyone who reads it. Numbers are read and kept in 64 bits
throughout, so that no server picks a narrower type of its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from types import TracebackType
from typing import Self

import grpc
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.connect.client import DefaultChannelBuilder

from calc_engine.engine.cluster import Cluster
from calc_engine.engine.duck import Duck
from calc_engine.engine.ir import Kind, columns_of
from calc_engine.engine.layout import Arranged, kind_of
from calc_engine.engine.program import Program
from calc_engine.engine.prune import last_reads
from calc_engine.engine.refusal import ClusterFailed, FigureTooLarge
from calc_engine.engine.sql import Printer

Columns = Mapping[str, Kind]

ANSWER_SECONDS = 10
"""How long a server may take to answer for the first time."""

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
_TOO_LARGE = ("overflow", "out of range", "out_of_range", "can't cast")
"""How servers say that a number does not fit, in whatever case."""


class Spark:
    """One session on a cluster, for one calculation."""

    def __init__(self, cluster: Cluster) -> None:
        self._printer = Printer("spark")
        self._columns: dict[str, Columns] = {}
        self._folders: dict[str, Path] = {}
        self._shared = TemporaryDirectory(prefix="calculation-", dir=cluster.exchange)
        self._folder = Path(self._shared.name)
        # The cluster's workers write beside this process, as members of its group.
        self._folder.chmod(0o770)
        try:
            with _told("the connection"):
                self._session = _connected(cluster.url)
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
                columns = columns_of(step.relation)
                if step.is_kept:
                    self._folders[step.name] = self._kept(step.name, frame)
                    self._name(step.name, self._folders[step.name], columns)
                else:
                    frame.createTempView(step.name)
                    self._columns[step.name] = columns
            for name in done_with.get(place, ()):
                rmtree(self._folders.pop(name))

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

        The cluster's workers each write what they have; here it becomes one sorted file.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
            ClusterFailed: if the cluster does not answer, or cannot do it.
        """
        parts = self._kept(name, self._session.table(name))
        if not any(parts.glob("*.parquet")):
            pq.write_table(_schema(self._columns[name]).empty_table(), parts / "empty.parquet")
        with Duck(parts, path.parent) as duck:
            duck.open_folder(name, parts)
            duck.write(name, path, order)
        rmtree(parts)

    def _kept(self, name: str, frame: DataFrame) -> Path:
        """Let the cluster write a relation, and return the folder that then holds it."""
        folder = Path(mkdtemp(prefix=f"{name}-", dir=self._folder))
        folder.chmod(0o770)
        with _told(name):
            # Of a relation without rows a server may write nothing: the folder is there before.
            frame.write.mode("append").parquet(str(folder))
        return folder

    def _name(self, name: str, path: Path, columns: Columns) -> None:
        """Make files readable; the columns are told, as a relation without rows has no file."""
        told = ", ".join(f"`{column}` {_TYPES[kind]}" for column, kind in columns.items())
        with _told(name):
            self._session.read.schema(told).parquet(str(path)).createTempView(name)
        self._columns[name] = columns


def _connected(url: str) -> SparkSession:
    """Return a session of a server that answers; the client alone would try for ten minutes."""
    channel = DefaultChannelBuilder(url).toChannel()
    try:
        grpc.channel_ready_future(channel).result(timeout=ANSWER_SECONDS)
    finally:
        channel.close()
    return SparkSession.builder.remote(url).create()


def _schema(columns: Columns) -> pa.Schema:
    return pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say what could not be worked out where a number did not fit or the cluster failed."""
    try:
        yield
    except grpc.FutureTimeoutError as error:
        raise ClusterFailed(name, f"no answer within {ANSWER_SECONDS} s") from error
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
