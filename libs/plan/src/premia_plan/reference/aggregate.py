"""Figures over several payees: sums, averages, extremes and places."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from premia_plan.apportion import add_up
from premia_plan.period import last_month
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.cell import CellFigure, CellKey, Remembered, restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.in_group import not_placed
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.subject import payee_of
from premia_plan.reference.unplaced import is_nothing_to_rank, months_known, unplaced
from premia_plan.reference.workings import Workings

Members: TypeAlias = Callable[[str, str], Sequence[str]]
"""Gives the payees of a group, of a subject in a period, in order."""
OPERATIONS = {
    "sum of": "sum",
    "average of": "average",
    "highest of": "highest",
    "lowest of": "lowest",
}


def of_group(words: str, values: Sequence[Fraction]) -> Fraction:
    """Return what words such as `average of` make of the values of a group.

    >>> of_group("average of", [Fraction(1), Fraction(4)])
    Fraction(5, 2)
    """
    match words:
        case "average of":
            return add_up(values) / len(values)
        case "highest of":
            return max(values)
        case "lowest of":
            return min(values)
        case _:
            return add_up(values)


class Grouped(Remembered, ABC):
    """A figure over the figures of a group of payees."""

    def __init__(self, inner: CellFigure, members: Members, key: str, workings: Workings) -> None:
        super().__init__(self._of_members)
        self.over = inner.over
        self.is_known_ahead = inner.is_known_ahead
        self._inner = inner
        self._members = members
        self._key = key
        self._book = workings.book
        self._workings = workings

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of everybody in the plan, in the periods that any payee has."""
        periods = sorted({period for _, period in self._inner.cells()}, key=last_month)
        return [(payee, period) for period in periods for payee in self._asking(period)]

    def _asking(self, period: str) -> Iterable[str]:
        """Return of whom in the plan the figure is asked, in order."""
        everybody = self._workings.payees.in_plan(period)
        return [payee for payee in everybody if self._members(payee, period)]

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months in which the figure of some member changes."""
        members = self._members(subject, period)
        return frozenset().union(*(self._inner.changes(member, period) for member in members))

    @abstractmethod
    def _of_members(self, subject: str, period: str, as_of: str) -> Figure:
        """Work the figure out."""

    def _write(
        self,
        value: Fraction,
        operation: str,
        figures: Sequence[Figure],
        cell: tuple[str, str, str],
        unit: str,
        **more: str | int,
    ) -> Figure:
        subject, period, as_of = cell
        node_id = self._book.node(
            "group",
            self._key,
            subject,
            period,
            restated(period, as_of),
            kind="rank" if operation == "rank" else "group_figure",
            value=exact_text(value),
            unit=unit,
            operation=operation,
            payee_id=payee_of(subject),
            detail={"figure": self._key, "month": period, **more},
            children=tuple([figure.node_id for figure in figures]),
        )
        return Figure(value, node_id)


class Aggregated(Grouped):
    """The sum, average, highest or lowest figure of a group."""

    def __init__(
        self, words: str, inner: CellFigure, members: Members, key: str, workings: Workings
    ) -> None:
        super().__init__(inner, members, key, workings)
        self._words = words

    def _of_members(self, subject: str, period: str, as_of: str) -> Figure:
        members = self._members(subject, period)
        if not members and self._words != "sum of":
            reason = because("population_empty", figure=self._key, month=period)
            raise NotCalculated(reason, "Ask only where the population has members")
        figures = [self._inner.at(member, period, as_of) for member in members]
        value = of_group(self._words, [figure.value for figure in figures])
        unit = self._book.nodes[figures[0].node_id].unit if figures else Unit.COUNT.value
        return self._write(value, OPERATIONS[self._words], figures, (subject, period, as_of), unit)


class Counted(Grouped):
    """How many of a group have a figure; whose figure is refused has none."""

    def _of_members(self, subject: str, period: str, as_of: str) -> Figure:
        figures = list(self._known_of(self._members(subject, period), period, as_of))
        cell = (subject, period, as_of)
        return self._write(Fraction(len(figures)), "count", figures, cell, Unit.COUNT.value)

    def _known_of(self, members: Iterable[str], period: str, as_of: str) -> Iterator[Figure]:
        for member in members:
            with suppress(NotCalculated):
                yield self._inner.at(member, period, as_of)


class Ranked(Grouped):
    """The place of a payee's figure in a group: 1 is the highest, ties share the best place.

    In a period of which nothing is known that is ranked, everybody comes after the last.
    """

    def __init__(
        self, inner: CellFigure, population: str, members: Members, key: str, workings: Workings
    ) -> None:
        super().__init__(inner, members, key, workings)
        self._population = population

    @cached_property
    def _known(self) -> frozenset[str]:
        return months_known(self._inner.cells())

    def _asking(self, period: str) -> Iterable[str]:
        members = frozenset(self._members("", period))
        return [payee for payee in self._workings.payees.in_plan(period) if payee in members]

    def _of_members(self, subject: str, period: str, as_of: str) -> Figure:
        members = self._members(subject, period)
        if subject not in members:
            raise not_placed(subject, self._population, self._members, self._key, period)
        figures = [self._inner.at(member, period, as_of) for member in members]
        if is_nothing_to_rank(period, self._known, figures):
            key = (self._key, subject, period, restated(period, as_of))
            return unplaced(key, self._key, period, figures, self._book)
        index = members.index(subject)
        place = 1 + sum(figure.value > figures[index].value for figure in figures)
        cell = (subject, period, as_of)
        return self._write(Fraction(place), "rank", figures, cell, Unit.COUNT.value, index=index)
