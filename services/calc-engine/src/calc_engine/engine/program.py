"""A calculation as named relations, each built on those before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from calc_engine.engine.ir import Kind, Relation, Scan, columns_of
from calc_engine.engine.layout import kind_of


@dataclass(frozen=True, slots=True)
class Step:
    """A named relation; a kept one is worked out once, another wherever it is read."""

    name: str
    relation: Relation
    is_kept: bool


@dataclass(slots=True)
class Program:
    """A calculation's steps in order, the plan's own small relations, and what is asked for."""

    steps: list[Step] = field(default_factory=list)
    given: dict[str, pa.Table] = field(default_factory=dict)
    results: dict[str, Scan] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    """What the whole numbers of measures are over, and those of targets under that word."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What the places of missing inputs are called, by the relation that tells the places."""
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    """In which columns of a component's stages its figures are, by component and figure."""

    def name(self, name: str, relation: Relation, *, kept: bool = False) -> Scan:
        """Give a relation a name and return it by that name."""
        self.steps.append(Step(name, relation, kept))
        return Scan(name, dict(columns_of(relation)))

    def give(self, name: str, schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> Scan:
        """Add a small relation that the plan itself says, such as a table's rows."""
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        arrays = [
            pa.array(list(values), item.type) for values, item in zip(columns, schema, strict=True)
        ]
        self.given[name] = pa.Table.from_arrays(arrays, schema=schema)
        return Scan(name, given_columns(schema))

    def result(self, name: str, relation: Relation, *, kept: bool = False) -> None:
        """Ask for a relation as a result, under a name of its own."""
        self.results[name] = self.name(f"result_{name}", relation, kept=kept)


def given_columns(schema: pa.Schema) -> dict[str, Kind]:
    """Return the columns of a schema with their kinds."""
    return {item.name: kind_of(item.type) for item in schema}
