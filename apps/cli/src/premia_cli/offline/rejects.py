"""Rows that could not be used: each told with its place and what to do, beside the good ones."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Protocol, TextIO

SHOWN = 20
"""So many rejected rows are kept for people to read at once; the file has all of them."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row left out: its file, its line (1 is the header) or row, the cell, and what to do."""

    file: str
    row: int
    column: str
    value: str
    problem: str
    what_to_do: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row}" + (f", {self.column}" if self.column else "")
        value = f" {self.value!r}" if self.value else ""
        return f"{place}{value}: {self.problem}. {self.what_to_do}."


class Rejects(Protocol):
    """Takes rejected rows as they are met."""

    def add(self, rejected: RejectedRow) -> None:
        """Take a row that is left out."""


class RejectsFile:
    """Writes every rejected row to a CSV file and keeps the first few."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.writer(out, lineterminator="\n")
        self._writer.writerow([field.name for field in fields(RejectedRow)])
        self.counts: Counter[str] = Counter()
        self.first: list[RejectedRow] = []

    @property
    def total(self) -> int:
        """How many rows were left out."""
        return self.counts.total()

    def add(self, rejected: RejectedRow) -> None:
        """Write a row down."""
        self._writer.writerow(astuple(rejected))
        self.counts[rejected.file] += 1
        if len(self.first) < SHOWN:
            self.first.append(rejected)


@contextmanager
def rejects_in(path: Path) -> Iterator[RejectsFile]:
    """Open a file of rejected rows."""
    with path.open("w", encoding="utf-8", newline="") as out:
        yield RejectsFile(out)
