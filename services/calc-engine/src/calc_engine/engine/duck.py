"""DuckDB in the worker process: no extension, no file outside the tenant's folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import duckdb
import pyarrow as pa

from calc_engine.engine.ir import columns_of
from calc_engine.engine.layout import Arranged
from calc_engine.engine.program import Program
from calc_engine.engine.prune import last_reads
from calc_engine.engine.refusal import FigureTooLarge, MemoryTooSmall
from calc_engine.engine.statement import Statement
from calc_engine.engine.widths import width_of

SMALL = 100_000
"""Tables of so many rows are copied into the database, which then knows their bounds."""
_ARRIVING = "arriving_table"
_PACKED = "COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 10000"
"""How files are packed: ids and amounts gain nothing from a higher level or a long dictionary."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one calculation may take.

    What does not fit in memory is spilled to a folder of the calculation's own, which is removed
    with it, below `spill`; without one it lies where the system keeps temporary files.
    """

    threads: int = 2
    memory_mb: int = 2_048
    spill: Path | None = None


class Duck:
    """One connection, for one calculation."""

    def __init__(self, *folders: Path, room: Room | None = None) -> None:
        room = room or Room()
        self._spilled = TemporaryDirectory(prefix="calculation-", dir=room.spill)
        self._connection = duckdb.connect(":memory:")
        run = self._connection.execute
        run(f"SET threads = {room.threads}")
        run(f"SET memory_limit = '{room.memory_mb}MB'")
        run("SET preserve_insertion_order = false")
        run("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run(f"SET temp_directory = '{_quoted(Path(self._spilled.name))}'")
        if folders:
            allowed = ", ".join(f"'{_quoted(folder)}'" for folder in folders)
            run(f"SET allowed_directories = [{allowed}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def __enter__(self) -> "Duck":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._spilled.cleanup()

    def open(self, arranged: Arranged) -> None:
        """Make arranged relations readable under their names, in memory or in their files."""
        self.load(arranged.tables)
        for name, file in arranged.files.items():
            columns = ", ".join(_read_column(column) for column in file.schema)
            source = f"read_parquet('{_quoted(file.path)}')"
            query = f'CREATE TEMP VIEW "{name}" AS SELECT {columns} FROM {source}'  # noqa: S608 - names of ours
            self._connection.execute(query)

    def open_folder(self, name: str, folder: Path) -> None:
        """Make a folder of Parquet files readable as one relation, as they are."""
        source = f"read_parquet('{_quoted(folder)}/*.parquet')"
        self._connection.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM {source}')  # noqa: S608 - ours

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        """Make Arrow tables readable under their names.

        Raises:
            MemoryTooSmall: if they need more memory and disk than the calculation may take.
        """
        for name, table in tables.items():
            if table.num_rows > SMALL:
                self._connection.register(name, table)
                continue
            columns = ", ".join(_narrowed(column) for column in table.column_names)
            self._connection.register(_ARRIVING, table)
            query = f"SELECT {columns} FROM {_ARRIVING}"  # noqa: S608 - ours
            with _exact(name):
                self._connection.execute(f'CREATE TEMP TABLE "{name}" AS {query}')
            self._connection.unregister(_ARRIVING)

    def run(self, program: Program) -> None:
        """Work a program out; its results can be read afterwards.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
            MemoryTooSmall: if the calculation needs more memory and disk than it may take.
        """
        self.load(program.given)
        done_with = last_reads(program)
        for place, step in enumerate(program.steps):
            query = Statement().text(step.relation)
            kind = "VIEW"
            if step.is_kept:
                kind = "TABLE"
                columns = ", ".join(map(_narrowed, columns_of(step.relation)))
                query = f"SELECT {columns} FROM ({query}) AS kept"  # noqa: S608 - names of ours
            with _exact(step.name):
                self._connection.execute(f'CREATE TEMP {kind} "{step.name}" AS {query}')
            for name in done_with.get(place, ()):
                self._connection.execute(f'DROP TABLE "{name}"')

    def read(self, name: str) -> pa.Table:
        """Return a named relation.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
        """
        with _exact(name):
            return self._connection.table(name).to_arrow_table()

    def write(self, name: str, path: Path, order: tuple[str, ...]) -> None:
        """Write a named relation as Parquet, sorted; small numbers take little room.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
        """
        told = self._connection.table(name)
        pairs = zip(told.columns, map(str, told.types), strict=True)
        columns = ", ".join(_written(column, kind) for column, kind in pairs)
        by = ", ".join(f'"{column}"' for column in order)
        query = f'SELECT {columns} FROM "{name}"' + (f" ORDER BY {by}" if by else "")  # noqa: S608 - ours
        options = f"FORMAT parquet, ROW_GROUP_SIZE 122880, {_PACKED}"
        with _exact(name):
            self._connection.execute(f"COPY ({query}) TO '{_quoted(path)}' ({options})")


def _narrowed(name: str) -> str:
    """Return how a column is kept: months, places and codes in as many bits as they need."""
    width = width_of(name)
    return f'"{name}"' if width is None else f'CAST("{name}" AS {width}) AS "{name}"'


def _written(name: str, kind: str) -> str:
    """Return how a column is written; Parquet has no whole number of 128 bits but a decimal."""
    return f'CAST("{name}" AS DECIMAL(38, 0)) AS "{name}"' if kind == "HUGEINT" else _narrowed(name)


@contextmanager
def _exact(name: str) -> Iterator[None]:
    """Say what could not be worked out where a number, or the whole step, did not fit."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryTooSmall(name, str(error).splitlines()[0]) from error
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise FigureTooLarge(name, str(error).splitlines()[0]) from error


def _read_column(column: pa.Field) -> str:
    """Return how a column is read: a decimal as a whole number of its scale."""
    name = f'"{column.name}"'
    if not pa.types.is_decimal(column.type):
        return name
    # A decimal of 18 digits lies in 64 bits; with its point moved it is still one of 18.
    factor = f"CAST({10**column.type.scale} AS DECIMAL({column.type.scale + 1}, 0))"
    return f"CAST({name} * {factor} AS BIGINT) AS {name}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
