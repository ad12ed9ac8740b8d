"""The rows of a rate table that fitted too, and why each of them lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pyarrow as pa

from calc_engine.engine.dimensions import tree_paths
from premia_plan.checked import ANY, RateRow, RateTable
from premia_plan.language import Value
from premia_plan.quantities import exact_text
from premia_plan.results import Detail

_ANY_DISTANCE = 1_000_000
"""How far a row is that fits whatever the value is."""


class Rivals:
    """Finds the rows that fit what a credit asks for, the nearest first."""

    def __init__(self, trees: pa.Table) -> None:
        self._above = {
            (row["tree"], row["code"], row["above"]): row["distance"]
            for row in tree_paths(trees).to_pylist()
        }
        self._fitting: dict[tuple[str, tuple[Value | None, ...]], list[RateRow]] = {}

    def of(
        self, table: RateTable, winner: RateRow, keys: tuple[Value | None, ...], day: date | None
    ) -> Sequence[Mapping[str, Detail]]:
        """Return the other rows that fit the keys on some day, each with why it lost."""
        asked = (table.name, keys)
        if asked not in self._fitting:
            ranked = [
                (distances, row.index, row)
                for row in table.rows
                if (distances := self._distances(table, row, keys)) is not None
            ]
            self._fitting[asked] = [row for _, _, row in sorted(ranked, key=lambda each: each[:2])]
        rows = self._fitting[asked]
        return tuple(self._lost(table, row, winner, keys, day) for row in rows if row is not winner)

    def _distances(
        self, table: RateTable, row: RateRow, keys: tuple[Value | None, ...]
    ) -> list[Fraction] | None:
        found = [
            self._distance(table, place, row.keys[place], keys[place]) for place in range(len(keys))
        ]
        known = [each for each in found if each is not None]
        return known if len(known) == len(found) else None

    def _distance(
        self, table: RateTable, place: int, wanted: str | Fraction, value: Value | None
    ) -> Fraction | None:
        key = table.keys[place]
        if key.match == "band":
            if not isinstance(value, Fraction) or not isinstance(wanted, Fraction):
                return None
            return value - wanted if wanted <= value else None
        if value == wanted:
            return Fraction(0)
        if wanted == ANY:
            return Fraction(_ANY_DISTANCE)
        found = None if key.tree is None else self._above.get((key.tree, value, wanted))
        return None if found is None else Fraction(found)

    def _lost(
        self,
        table: RateTable,
        row: RateRow,
        winner: RateRow,
        keys: tuple[Value | None, ...],
        day: date | None,
    ) -> Mapping[str, Detail]:
        why = "days"
        if row.is_valid_on(day):
            own, best = self._distances(table, row, keys), self._distances(table, winner, keys)
            if own is None or best is None:
                raise LookupError(f"row {row.index} of {table.name} does not fit")
            apart = [mine != first for mine, first in zip(own, best, strict=True)]
            why = table.keys[apart.index(True)].name
        return {
            "row": row.index,
            "gives": exact_text(row.gives),
            "keys": keys_of(table, row),
            "from": None if row.valid_from is None else row.valid_from.isoformat(),
            "to": None if row.valid_to is None else row.valid_to.isoformat(),
            "why": why,
        }


def keys_of(table: RateTable, row: RateRow) -> dict[str, Detail]:
    """Return what a row fits, by key."""
    return {
        key.name: value if isinstance(value, str) else exact_text(value)
        for key, value in zip(table.keys, row.keys, strict=True)
    }
