"""Figures named with words: of other periods, of those below, of a population."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from premia_plan.language import read_expression
from premia_plan.language.references import AGGREGATES, WordsBefore
from premia_plan.language.syntax import Qualifier, Reference
from premia_plan.period import PeriodKind, enclosing, last_month, months_of, shifted, so_far, span
from premia_plan.reference.aggregate import Aggregated, Counted, Ranked
from premia_plan.reference.cell import CellFigure, CellKey
from premia_plan.reference.earned import EarnedFigures, ReleasedFigures
from premia_plan.reference.figure import Figure
from premia_plan.reference.in_group import InGroup
from premia_plan.reference.workings import Workings

RANK: Final = "rank of"
NUMBER: Final = "number of"
EARLIER: dict[str, int] = {
    "previous month of": 1,
    "previous quarter of": 3,
    "previous half of": 6,
    "previous year of": 12,
}
WITHIN: dict[str, PeriodKind] = {
    "to date": "year",
    "of the month": "month",
    "of the quarter": "quarter",
    "of the half": "half",
    "of the year": "year",
}


def referred(key: str, workings: Workings) -> CellFigure:
    """Return the figures that a reference means, such as `previous year of sold to date`.

    From the inside out: what of a component is meant, the words after the name in their order,
    then those before it. A word such as `sum of` goes with the last `among` or `below along`.
    """
    expression = read_expression(key)
    if not isinstance(expression, Reference):
        raise TypeError(f"{key} is no reference")
    before, after = list(expression.before), list(expression.after)
    figure, name = _innermost(expression.path, before, after, workings)
    aggregate = next((words for words in before if words in AGGREGATES or words == RANK), None)
    group = _taken_together(expression)
    for qualifier in after:
        if qualifier is not group:
            name = f"{name} {qualifier}"
            figure = _after(figure, qualifier, name, workings)
    figure = _moved(figure, expression)
    if aggregate is None or group is None:
        return figure
    named, members = group.named or "", _members(group, workings)
    if aggregate == RANK:
        return Ranked(figure, named, members, key, workings)
    found: CellFigure = Aggregated(aggregate, figure, members, key, workings)
    if aggregate == NUMBER:
        found = Counted(figure, members, key, workings)
    is_grouped = group.words == "among" and workings.plan.populations[named].is_grouped
    return InGroup(found, named, workings) if is_grouped else found


def cells_asked(
    reference: Reference, workings: Workings
) -> Callable[[str, str], Sequence[CellKey]]:
    """Return what gives the cells of the bare name that a reference is about in a cell.

    They are of the period that it means, and of everybody in the team or population it names.
    """
    figure, group = workings.figure(reference.path), _taken_together(reference)
    for item in reference.after:
        if item.words in WITHIN:
            figure = _within(figure, item, workings)
    figure = _moved(figure, reference)
    within = [item for item in reference.after if item is not group and item.named is not None]

    def cells(subject: str, period: str) -> Sequence[CellKey]:
        asked = figure.asked(period) if isinstance(figure, Derived) else period
        whose = [subject] if group is None else _members(group, workings)(subject, period)
        for item in reversed(within):
            members = _members(item, workings)
            whose = sorted({member for each in whose for member in members(each, asked)})
        return [(each, asked) for each in whose]

    return cells


def _taken_together(reference: Reference) -> Qualifier | None:
    """Return the words after a name that one such as `sum of` goes with, if there is one."""
    if not any(words in AGGREGATES or words == RANK for words in reference.before):
        return None
    groups = [item for item in reference.after if item.words in {"among", "below along"}]
    return groups[-1] if groups else None


def _members(group: Qualifier, workings: Workings) -> Callable[[str, str], Sequence[str]]:
    named = group.named or ""
    match group.words:
        case "among":
            return workings.members(named)
        case "of the team along":
            return workings.team(named)
        case _:
            return workings.below(named)


def _moved(figure: CellFigure, reference: Reference) -> CellFigure:
    for words in reversed(reference.before):
        if words in EARLIER:
            figure = Moved(figure, EARLIER[words])
    return figure


def _innermost(
    path: str, before: list[WordsBefore], after: list[Qualifier], workings: Workings
) -> tuple[CellFigure, str]:
    """Return the figures of the bare name, and take away the words that went into it."""
    if "rate of" in before:
        before.remove("rate of")
        return workings.component(path).effective_rate(), f"rate of {path}"
    taken = next((words for words in before if words in {"earned", "released"}), None)
    if taken is None:
        return workings.figure(path), path
    before.remove(taken)
    gross = next((item for item in after if item.words == "before reversals"), None)
    if gross is not None:
        after.remove(gross)
    name = f"{taken} {path}" if gross is None else f"{taken} {path} {gross}"
    if taken == "released":
        return ReleasedFigures(workings, path, name, is_gross=gross is not None), name
    if workings.is_cell_component(path):
        figure = workings.figure(path)
        return figure if gross is None else AtClose(figure), name
    return EarnedFigures(workings, path, name, is_gross=gross is not None), name


def _after(figure: CellFigure, qualifier: Qualifier, name: str, workings: Workings) -> CellFigure:
    if qualifier.words in WITHIN:
        return _within(figure, qualifier, workings)
    return Aggregated("sum of", figure, _members(qualifier, workings), name, workings)


def _within(figure: CellFigure, qualifier: Qualifier, workings: Workings) -> CellFigure:
    to_date = qualifier.words == "to date"
    return Within(figure, WITHIN[qualifier.words], workings.until, to_date=to_date)


class Derived:
    """A figure that is another's of a period worked out from the cell's own."""

    def __init__(self, inner: CellFigure, period_of: Callable[[str], str]) -> None:
        self.over = inner.over
        self.is_known_ahead = inner.is_known_ahead
        self.inner = inner
        self._period_of = period_of

    def asked(self, period: str) -> str:
        """Return the period for which a cell asks the figure within all that derive from it."""
        asked = self._period_of(period)
        return self.inner.asked(asked) if isinstance(self.inner, Derived) else asked

    def at(self, subject: str, period: str, as_of: str) -> Figure:
        """Return the other period's figure, as it stands at the cell's own month's end.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        asked, month = self._period_of(period), max(as_of, last_month(period))
        changes = [each for each in self.inner.changes(subject, asked) if each <= month]
        return self.inner.at(subject, asked, max(changes, default=last_month(asked)))

    def changes(self, subject: str, period: str) -> frozenset[str]:
        """Return the months after the cell's own period in which that figure changes."""
        close = last_month(period)
        found = self.inner.changes(subject, self._period_of(period))
        return frozenset(month for month in found if month > close)


class Moved(Derived):
    """The figure of a period so many months earlier.

    Where the figure is of longer periods than the cell, it is that of the period in which the
    cell's ends, moved.
    """

    def __init__(self, inner: CellFigure, months: int) -> None:
        super().__init__(inner, self._earlier)
        self._months = months

    def _earlier(self, period: str) -> str:
        longer = enclosing(period, self.inner.over)
        asked = longer if len(months_of(longer)) > len(months_of(period)) else period
        return shifted(asked, -self._months)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells whose earlier period has something in it, in order."""
        return sorted(
            {(subject, shifted(period, self._months)) for subject, period in self.inner.cells()}
        )


class Within(Derived):
    """The figure of the enclosing month, quarter, half or year.

    Of what is counted it is what was counted so far, up to the end of the cell's own period. A
    target or loaded value of just that period is the whole of it, except `to date`.
    """

    def __init__(self, inner: CellFigure, kind: PeriodKind, until: str, *, to_date: bool) -> None:
        super().__init__(inner, self._asked)
        self._kind = kind
        self.is_known_ahead = self._is_whole = inner.is_known_ahead and not to_date
        self._until = until

    def _asked(self, period: str) -> str:
        return enclosing(period, self._kind) if self._is_whole else so_far(period, self._kind)

    def cells(self) -> Iterable[CellKey]:
        """Return the cells up to the end of each enclosing period, in order."""
        found: set[CellKey] = set()
        for subject, period in self.inner.cells():
            first, last = months_of(period)[0], months_of(enclosing(period, self._kind))[-1]
            if self._is_whole:
                first = months_of(enclosing(period, self._kind))[0]
            last = max(first, min(last, self._until))
            found.update((subject, month) for month in months_of(span(first, last)))
        return sorted(found)


class AtClose:
    """The figure of a period's close, whatever happened afterwards."""

    def __init__(self, inner: CellFigure) -> None:
        self.over = inner.over
        self.is_known_ahead = inner.is_known_ahead
        self._inner = inner

    def at(self, subject: str, period: str, as_of: str) -> Figure:  # noqa: ARG002 - as closed
        """Return the figure of the period's close.

        Raises:
            NotCalculated: if it cannot be worked out.
        """
        return self._inner.at(subject, period, last_month(period))

    def changes(self, subject: str, period: str) -> frozenset[str]:  # noqa: ARG002 - of any cell
        """Return none."""
        return frozenset()

    def cells(self) -> Iterable[CellKey]:
        """Return the cells of the figure, in order."""
        return self._inner.cells()
