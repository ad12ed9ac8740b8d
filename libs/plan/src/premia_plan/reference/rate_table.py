"""Rates looked up: nearest on the first key, then on the second, valid on the day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import ANY, Range, RateRow, RateTable
from premia_plan.language import Value
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.reference.tree import Trees
from premia_plan.results import Detail

Keys = tuple[Value | None, ...]
FARTHEST = 1_000_000
"""Distance of a row that fits whatever the value is; any real one is nearer."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a table gives; `shortfall` says why it is zero where no row fits."""

    value: Value
    node_id: UUID
    shortfall: Reason | None = None


def first_shortfall(find: Callable[[str], Rate], names: Iterable[str]) -> Reason | None:
    """Return why the first of some tables' rates that counts as zero does; others are left out."""
    for name in names:
        with suppress(NotCalculated):
            rate = find(name)
            if rate.shortfall is not None:
                return rate.shortfall
    return None


class Rates:
    """The rate tables of a plan, by name."""

    def __init__(self, tables: Mapping[str, RateTable], trees: Trees, book: Book) -> None:
        self._lookups = {name: RateLookup(table, trees, book) for name, table in tables.items()}

    def __contains__(self, name: object) -> bool:
        return name in self._lookups

    def find(self, name: str, scope: FigureScope) -> Rate:
        """Return what a table gives in a scope.

        Raises:
            NotCalculated: if no row fits and the table says that is an exception.
        """
        lookup = self._lookups[name]
        rate = lookup.find(scope)
        times = lookup.table.multiplies
        if times is not None and rate.shortfall is None:
            rate = lookup.multiplied(rate, self.find(times, scope))
        return lookup.limited(rate)


class RateLookup:
    """Looks one table's rates up; each combination of keys is matched once."""

    def __init__(self, table: RateTable, trees: Trees, book: Book) -> None:
        self.table = table
        self._trees = trees
        self._book = book
        self._ordered: dict[Keys, list[RateRow]] = {}
        self._rates: dict[tuple[Keys, date | None], Rate] = {}
        self._nodes: dict[int, UUID] = {}
        self._by_first: dict[str | Fraction, list[RateRow]] = defaultdict(list)
        for row in table.rows:
            self._by_first[row.keys[0]].append(row)

    def find(self, scope: FigureScope) -> Rate:
        """Return what the row gives that fits best.

        Raises:
            NotCalculated: if none fits and the table says that is an exception.
        """
        keys = tuple([key.value.evaluate(scope) for key in self.table.keys])
        dated_by = self.table.dated_by
        day = dated_by.evaluate(scope) if dated_by is not None else None
        asked = (keys, day if isinstance(day, date) else None)
        found = self._rates.get(asked)
        if found is None:
            found = self._rates[asked] = self._look_up(*asked)
        return found

    def multiplied(self, times: Rate, rate: Rate) -> Rate:
        """Return so many times another table's rate."""
        if not isinstance(times.value, Fraction) or not isinstance(rate.value, Fraction):
            raise TypeError(f"{self.table.name} multiplies no rate")
        value = times.value * rate.value
        node_id = self._book.node(
            "multiplied rate",
            self.table.name,
            str(times.node_id),
            str(rate.node_id),
            kind="multiplied_rate",
            value=exact_text(value),
            unit=self.table.gives.value,
            operation="formula",
            detail={
                "clause": f"{self.table.path}/gives",
                "table": self.table.multiplies,
                "formula": "times * rate",
                "inputs": ("times", "rate"),
            },
            children=(times.node_id, rate.node_id),
        )
        return Rate(value, node_id, rate.shortfall)

    def limited(self, rate: Rate) -> Rate:
        """Return a rate within the table's limits."""
        least, most = self.table.least, self.table.most
        if not isinstance(rate.value, Fraction) or rate.shortfall is not None:
            return rate
        value, formula = rate.value, "rate"
        if most is not None:
            value, formula = min(value, most), f"min({formula}, {exact_text(most)})"
        if least is not None:
            value, formula = max(value, least), f"max({formula}, {exact_text(least)})"
        if value == rate.value:
            return rate
        node_id = self._book.node(
            "limited rate",
            self.table.name,
            str(rate.node_id),
            kind="limited_rate",
            value=exact_text(value),
            unit=self.table.gives.value,
            operation="formula",
            detail={
                "clause": f"{self.table.path}/limits",
                "table": self.table.name,
                "formula": formula,
                "inputs": ("rate",),
            },
            children=(rate.node_id,),
        )
        return Rate(value, node_id)

    def _look_up(self, keys: Keys, day: date | None) -> Rate:
        if keys not in self._ordered:
            self._ordered[keys] = self._match(keys)
        for row in self._ordered[keys]:
            if row.is_valid_on(day):
                if self.table.gives is Unit.TEXT:
                    return Rate(row.text, self._class_node(row, keys, day))
                return Rate(row.gives, self._row_node(row, keys, day))
        name = self.table.name
        shortfall = because("rate_missing", table=name, keys=self._describe(keys))
        if self.table.instead is not None:
            return Rate(self.table.instead, self._missing_node(keys))
        if self.table.missing == "exception":
            to_do = f"Add a row to {name} that fits, in a new version of the plan"
            raise NotCalculated(shortfall, to_do)
        return Rate(Fraction(0), self._missing_node(keys), shortfall)

    def _match(self, keys: Keys) -> list[RateRow]:
        """Return the rows that fit the keys on some day, best first."""
        first = self.table.keys[0]
        if first.tree is not None and isinstance(keys[0], str):
            codes = [*self._trees.distances(first.tree, keys[0]), ANY]
            candidates = [row for code in codes for row in self._by_first.get(code, ())]
        else:
            candidates = list(self.table.rows)
        ranked = []
        for row in candidates:
            distances = [self._distance(place, value, row) for place, value in enumerate(keys)]
            known = [distance for distance in distances if distance is not None]
            if len(known) == len(distances):
                ranked.append((known, row.index, row))
        return [row for _, _, row in sorted(ranked, key=lambda item: item[:2])]

    def _distance(self, place: int, value: Value | None, row: RateRow) -> Fraction | int | None:
        """Return how far a row's key is from the value; None if it does not fit."""
        key, wanted = self.table.keys[place], row.keys[place]
        if key.match == "range" and wanted != ANY:
            return self._distance_of_range(row.range_of(place), value)
        if key.match == "band":
            fits = isinstance(value, Fraction) and isinstance(wanted, Fraction) and wanted <= value
            return value - wanted if fits else None  # type: ignore[operator]  # both are numbers
        if value == wanted:
            return 0
        if wanted == ANY:
            return FARTHEST
        if key.tree is not None and isinstance(value, str) and isinstance(wanted, str):
            return self._trees.distances(key.tree, value).get(wanted)
        return None

    @staticmethod
    def _distance_of_range(found: Range | None, value: Value | None) -> Fraction | int | None:
        """Return how wide a range is that holds the value: the narrower is the nearer."""
        if found is None or value not in found:
            return None
        return FARTHEST - 1 if found.width is None else min(found.width, Fraction(FARTHEST - 2))

    def _row_node(self, row: RateRow, keys: Keys, day: date | None) -> UUID:
        """Return the leaf of a rate row; where others fit too, why each of them lost."""
        others = [other for other in self._ordered[keys] if other is not row]
        if not others:
            return self._node(row)
        return self._book.node(
            "rate",
            self.table.name,
            row.path,
            self._describe(keys),
            "" if day is None else day.isoformat(),
            kind="rate_row",
            value=row.text or exact_text(row.gives),
            unit=self.table.gives.value,
            detail={
                **self._detail(row),
                "asked": self._describe(keys),
                "day": None if day is None else day.isoformat(),
                "lost": tuple(self._lost(other, row, keys, day) for other in others),
            },
        )

    def _lost(
        self, row: RateRow, winner: RateRow, keys: Keys, day: date | None
    ) -> Mapping[str, Detail]:
        """Return a row that fits and why it lost: its days, or the key on which it is farther."""
        why = "days"
        if row.is_valid_on(day):
            places = range(len(keys))
            why = next(
                self.table.keys[place].name
                for place in places
                if self._distance(place, keys[place], row)
                != self._distance(place, keys[place], winner)
            )
        return {
            "row": row.index,
            "gives": exact_text(row.gives),
            "keys": self._keys_of(row),
            "from": None if row.valid_from is None else row.valid_from.isoformat(),
            "to": None if row.valid_to is None else row.valid_to.isoformat(),
            "why": why,
        }

    def _keys_of(self, row: RateRow) -> Mapping[str, Detail]:
        return {
            key.name: value if isinstance(value, str) else exact_text(value)
            for key, value in zip(self.table.keys, row.keys, strict=True)
        }

    def _detail(self, row: RateRow) -> Mapping[str, Detail]:
        return {
            "clause": row.path,
            "table": self.table.name,
            "row": row.index,
            "keys": self._keys_of(row),
            "from": None if row.valid_from is None else row.valid_from.isoformat(),
            "to": None if row.valid_to is None else row.valid_to.isoformat(),
        }

    def _node(self, row: RateRow) -> UUID:
        """Return the leaf of a rate row that has no rival."""
        found = self._nodes.get(row.index)
        if found is None:
            found = self._nodes[row.index] = self._book.node(
                "rate",
                self.table.name,
                row.path,
                kind="rate_row",
                value=row.text or exact_text(row.gives),
                unit=self.table.gives.value,
                detail=self._detail(row),
            )
        return found

    def _class_node(self, row: RateRow, keys: Keys, day: date | None) -> UUID:
        """Return the leaf of a class: what was asked, the row that fits, and why no other."""
        others = [other for other in self._ordered[keys] if other is not row]
        valid = [other for other in others if other.is_valid_on(day)]
        return self._book.node(
            "class",
            self.table.name,
            row.path,
            self._describe(keys),
            "" if day is None else day.isoformat(),
            kind="classified",
            value=row.text,
            unit=Unit.TEXT.value,
            detail={
                "clause": row.path,
                "table": self.table.name,
                "row": row.index,
                "asked": self._describe(keys),
                "day": None if day is None else day.isoformat(),
                "farther": ", ".join(each.text for each in valid) or "-",
                "not_valid": ", ".join(each.text for each in others if each not in valid) or "-",
            },
        )

    def _missing_node(self, keys: Keys) -> UUID:
        """Return the leaf of the clause that lets a rate count as zero where no row fits."""
        return self._book.node(
            "rate",
            self.table.name,
            "missing",
            self._describe(keys),
            kind="rate_missing",
            value=exact_text(self.table.instead or Fraction(0)),
            unit=self.table.gives.value,
            detail={
                "clause": f"{self.table.path}/missing",
                "table": self.table.name,
                "reason": "rate_missing",
                "keys": {
                    key.name: _key_text(value)
                    for key, value in zip(self.table.keys, keys, strict=True)
                },
            },
        )

    def _describe(self, keys: Keys) -> str:
        """Return the keys that were asked for, in words."""
        return ", ".join(
            f"{key.name} {_key_text(value)}"
            for key, value in zip(self.table.keys, keys, strict=True)
        )


def _key_text(value: Value | None) -> str:
    return exact_text(value) if isinstance(value, Fraction) else str(value)
