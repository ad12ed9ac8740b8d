"""What tables are made of: columns, and those that many tables have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from premia_cli.offline.cells import DAY, TEXT, CellKind

Further: TypeAlias = Literal["none", "text", "of the plan", "of the plan or text"]
"""Columns beyond the declared ones: refused, kept as text, or as the plan declares them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; an empty cell means that nothing is known, unless the column is required."""

    name: str
    kind: CellKind
    about: str
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` says what a row is about, and is what its source is called."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    further: Further = "none"

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The declared columns by name."""
        return {column.name: column for column in self.columns}


def perhaps(name: str, kind: CellKind, about: str, choices: tuple[str, ...] = ()) -> Column:
    """Return a column whose cells may be empty."""
    return Column(name, kind, about, required=False, choices=choices)


def valid(what: str) -> tuple[Column, Column]:
    """Return the columns that say on which days something holds."""
    return (
        perhaps("valid_from", DAY, f"first day on which {what}; empty: always"),
        perhaps("valid_to", DAY, "the day after the last one; empty: without end"),
    )


def payee(about: str = "who") -> Column:
    """Return the column that names a payee."""
    return Column("payee_id", TEXT, about)
