"""What the engine asks of a database that works a program out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

import pyarrow as pa

from calc_engine.engine.layout import Arranged
from calc_engine.engine.program import Program


class Database(Protocol):
    """One connection, for one calculation; leaving it leaves nothing behind."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def open(self, arranged: Arranged) -> None:
        """Make arranged relations readable under their names, in memory or in their files."""

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        """Make Arrow tables readable under their names."""

    def run(self, program: Program) -> None:
        """Work a program out; its results can be read afterwards.

        Raises:
            FigureTooLarge: if a figure leaves the room that exact numbers have.
        """

    def read(self, name: str) -> pa.Table:
        """Return a named relation."""

    def write(self, name: str, path: Path, order: tuple[str, ...]) -> None:
        """Write a named relation as Parquet, sorted; small numbers take little room."""


OpenDatabase: TypeAlias = Callable[[], Database]
