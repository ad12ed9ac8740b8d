"""Named relations: what a plan becomes before it is printed as SQL.

A small language of our own. Values have a kind; there are no floats and no division but the whole
one, so nothing in it can round by accident. Every tree is a frozen value: two plans of one shape
give equal trees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias


class Kind(StrEnum):
    """What a column holds; `WIDE` is a whole number of up to 127 bits."""

    WHOLE = "whole"
    WIDE = "wide"
    TEXT = "text"
    DATE = "date"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the relation that an expression is evaluated over."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Constant:
    """A written value; None is the unknown of its kind."""

    value: int | str | date | bool | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the portable subset over some values."""

    name: str
    arguments: tuple["Expression", ...]
    kind: Kind


Expression: TypeAlias = Column | Constant | Operation
Direction: TypeAlias = Literal["rising", "falling"]
Order: TypeAlias = tuple[tuple[str, Direction], ...]
Total: TypeAlias = tuple[Literal["sum", "min", "max", "count"], Expression]


@dataclass(frozen=True, slots=True)
class Scan:
    """A relation that is given or was named before."""

    name: str
    columns: Mapping[str, Kind] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Project:
    """The same rows with other columns."""

    source: "Relation"
    outputs: Mapping[str, Expression] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """The rows for which a condition holds."""

    source: "Relation"
    condition: Expression


@dataclass(frozen=True, slots=True)
class Join:
    """Rows of two relations that agree on some columns, and pass a test such as a validity.

    `take` names the columns that the right relation adds; the test sees both sides' columns.
    Unknown values agree with each other where `unknown_fits`. A left row without a partner is
    kept where `keeps_left`.
    """

    left: "Relation"
    right: "Relation"
    on: tuple[tuple[str, str], ...]
    take: Mapping[str, str] = field(hash=False)
    test: Expression | None = None
    keeps_left: bool = False
    unknown_fits: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One row per key, with sums, least or greatest values of the others."""

    source: "Relation"
    keys: tuple[str, ...]
    totals: Mapping[str, "Total"] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Window:
    """The same rows with a number worked out over the rows of their partition.

    `place` counts from 1 in the given order, which must be total; `running` sums up to and with
    the row in that order; `total` sums the partition; `before` is the row before's value.
    """

    source: "Relation"
    output: str
    function: Literal["place", "running", "total", "before"]
    value: Expression | None
    partition: tuple[str, ...]
    order: Order = ()


@dataclass(frozen=True, slots=True)
class Union:
    """The rows of several relations with the same columns."""

    parts: tuple["Relation", ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """Each row once."""

    source: "Relation"


Relation: TypeAlias = Scan | Project | Filter | Join | Aggregate | Window | Union | Distinct


class ColumnUnknown(KeyError):
    """Raised when a relation is asked for a column that it does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no column {name} among {', '.join(known)}")


def columns_of(relation: Relation) -> Mapping[str, Kind]:  # noqa: PLR0911 - one per kind
    """Return the columns of a relation with their kinds."""
    match relation:
        case Scan():
            return relation.columns
        case Project():
            return {name: value.kind for name, value in relation.outputs.items()}
        case Filter() | Distinct():
            return columns_of(relation.source)
        case Join():
            right = columns_of(relation.right)
            taken = {name: right[column] for name, column in relation.take.items()}
            return {**columns_of(relation.left), **taken}
        case Aggregate():
            source = columns_of(relation.source)
            totals = {
                name: Kind.WHOLE if function == "count" else value.kind
                for name, (function, value) in relation.totals.items()
            }
            return {**{key: source[key] for key in relation.keys}, **totals}
        case Window():
            kind = Kind.WHOLE if relation.value is None else relation.value.kind
            return {**columns_of(relation.source), relation.output: kind}
        case Union():
            return columns_of(relation.parts[0])


def column(relation: Relation, name: str) -> Column:
    """Return a column of a relation.

    Raises:
        ColumnUnknown: if the relation does not have it.
    """
    columns = columns_of(relation)
    if name not in columns:
        raise ColumnUnknown(name, tuple(columns))
    return Column(name, columns[name])


def extended(relation: Relation, **outputs: Expression) -> Project:
    """Return the relation with further columns, or some of its columns replaced."""
    kept = {name: Column(name, kind) for name, kind in columns_of(relation).items()}
    return Project(relation, {**kept, **outputs})


def only(relation: Relation, *names: str, **renamed: str) -> Project:
    """Return some columns of a relation; `new=old` renames."""
    columns = columns_of(relation)
    kept = {name: Column(name, columns[name]) for name in names}
    changed = {new: Column(old, columns[old]) for new, old in renamed.items()}
    return Project(relation, {**kept, **changed})
