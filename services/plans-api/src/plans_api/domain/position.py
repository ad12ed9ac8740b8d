"""Positions: dated roles in a named hierarchy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from plans_api.domain.dated_attribute import DatedAttribute, must_be_told_apart
from plans_api.domain.record import Key
from plans_api.domain.window import Window


class HierarchyHasCycle(Exception):
    """Raised when positions would report to each other on some day."""

    def __init__(self, hierarchy: str, path: tuple[str, ...], on: date) -> None:
        self.path = path
        self.on = on
        super().__init__(
            f"Hierarchy {hierarchy} would have a cycle: {' → '.join(path)} on {on}.  "
            "Correct one of these reporting lines."
        )


class SuperiorUnknown(Exception):
    """Raised when a position reports to one that its hierarchy does not have."""

    def __init__(self, hierarchy: str, code: str, superior: str) -> None:
        super().__init__(
            f"Position {code} reports to {superior}, which hierarchy {hierarchy} does not have.  "
            "Create it first, or put it into the same batch."
        )


class PositionNotUsable(ValueError):
    """Raised when a position is held, or reports, twice on the same day."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds the position, and when."""

    payee_id: UUID
    window: Window


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """To which position of the same hierarchy this one reports, and when."""

    reports_to: str
    window: Window


@dataclass(frozen=True, slots=True)
class Position:
    """A role in a hierarchy with all its holders and superiors by day."""

    hierarchy: str
    code: str
    holdings: tuple[Holding, ...]
    reporting_lines: tuple[ReportingLine, ...]
    dated_attributes: tuple[DatedAttribute, ...] = ()

    def __post_init__(self) -> None:
        must_be_told_apart(self.dated_attributes, undated=())
        _one_at_a_time("held by two payees", (item.window for item in self.holdings))
        _one_at_a_time("reporting to two positions", (item.window for item in self.reporting_lines))

    @property
    def key(self) -> Key:
        """Hierarchy and code."""
        return (self.hierarchy, self.code)


def _one_at_a_time(what: str, windows: Iterable[Window]) -> None:
    ordered = sorted(windows, key=lambda window: window.start)
    for earlier, later in pairwise(ordered):
        if earlier.meets(later):
            raise PositionNotUsable(f"on {later.start} the position would be {what}; end one first")


def must_be_acyclic(position: Position, others: Mapping[str, Position]) -> None:
    """Check that nobody above a position reports to it, on any day.

    `others` holds the hierarchy's positions by code.

    Raises:
        HierarchyHasCycle: naming the path and the first day of the cycle.
        SuperiorUnknown: if a position on the way up names one that does not exist.
    """
    # Each branch keeps the days on which all of its lines hold; a loop, since chains may be long.
    branches: list[tuple[Position, tuple[str, ...], Window | None]] = [
        (position, (position.code,), None)
    ]
    while branches:
        below, path, days = branches.pop()
        for line in below.reporting_lines:
            both = line.window if days is None else line.window.meets(days)
            if both is None:
                continue
            if line.reports_to in path:
                cycle = (*path[path.index(line.reports_to) :], line.reports_to)
                raise HierarchyHasCycle(position.hierarchy, cycle, both.start)
            if line.reports_to not in others:
                raise SuperiorUnknown(position.hierarchy, below.code, line.reports_to)
            branches.append((others[line.reports_to], (*path, line.reports_to), both))
