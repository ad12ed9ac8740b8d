"""Where a number that is turned meets the edges of a plan: itself, or through a measure."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil
from typing import NamedTuple, Protocol

from premia_plan.checked import CheckedPlan
from premia_plan.linting.dials import Dial
from premia_plan.linting.edges import Edge
from premia_plan.linting.outcome import Outcome
from premia_plan.results import Cell


class Around(NamedTuple):
    """An edge, and the first value of a dial that is at or above it.

    `measure` is the one that meets the edge there as the dial is turned, and `payee` whose it is;
    both are None for the dial itself.
    """

    edge: Edge
    at: Fraction
    measure: str | None = None
    payee: str | None = None


class Turned(Protocol):
    """A plan whose examples have one number turned."""

    @property
    def plan(self) -> CheckedPlan:
        """The plan that is tried."""

    @property
    def dial(self) -> Dial:
        """The number that is turned."""

    def outcome(self, value: Fraction) -> Outcome:
        """Return what the plan pays with the dial at a value."""


def on_grid(value: Fraction, step: Fraction) -> Fraction:
    """Return the first value at or above one that a dial can be turned to."""
    return ceil(value / step) * step


def places_around(curve: Turned, edges: Iterable[Edge]) -> Iterator[Around]:
    """Yield where a dial meets the edges: itself, or through a measure that follows it."""
    seen = set()
    lines = list(_lines(curve))
    for edge in edges:
        found = [line.meets(edge, curve.dial.step) for line in lines if line.names & edge.names]
        if curve.dial.names & edge.names:
            found.append(Around(edge, on_grid(edge.at, curve.dial.step)))
        for around in found:
            if 0 <= around.at <= curve.dial.most and around not in seen:
                seen.add(around)
                yield around


class _Line(NamedTuple):
    """How a measure, or its attainment, follows a dial: on a line, near where the dial stands."""

    measure: str
    payee: str
    names: frozenset[str]
    start: Fraction
    value: Fraction
    slope: Fraction

    def meets(self, edge: Edge, step: Fraction) -> Around:
        """Return where the dial must stand for the measure to be at an edge."""
        place = self.start + (edge.at - self.value) / self.slope
        return Around(edge, on_grid(place, step), self.measure, self.payee)


def _lines(curve: Turned) -> Iterator[_Line]:
    start, moved = curve.dial.value, curve.dial.value + _some_steps(curve.dial)
    rules = curve.plan.attainments.values()
    before = {_place(cell): Fraction(cell.value) for cell in curve.outcome(start).cells}
    for cell in curve.outcome(moved).cells:
        value = before.get(_place(cell))
        if value is None or value == Fraction(cell.value):
            continue
        slope = (Fraction(cell.value) - value) / (moved - start)
        named = frozenset({cell.measure})
        yield _Line(cell.measure, cell.payee_id, named, start, value, slope)
        if cell.target is not None and Fraction(cell.target):
            target = Fraction(cell.target)
            named = frozenset(rule.name for rule in rules if rule.of == cell.measure)
            reached = value / target
            yield _Line(cell.measure, cell.payee_id, named, start, reached, slope / target)


def _some_steps(dial: Dial) -> Fraction:
    return dial.step if dial.step >= 1 else 100 * dial.step


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.payee_id, cell.measure, cell.month
